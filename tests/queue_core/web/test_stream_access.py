"""Who may follow a stream, and when that ends."""

import pytest

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role, fingerprint
from queue_core.domain.views.view import View
from queue_core.live.access import Access, Denial, Denied, Handshake
from queue_core.web.stream_access import StreamAccess
from tests.support.web_office import WebOffice

FAR = "192.0.2.7"


def shaken(view: View, token: str | None = None, zone: str = "hall", **cookies: str) -> Handshake:
    return Handshake(ZoneId(zone), view, {}, cookies, token, FAR)


@pytest.mark.parametrize(
    ("view", "role", "may"),
    [
        (View.LOBBY, Role.DEVICE, True),
        (View.LOBBY, Role.COUNTER, True),
        (View.DESK, Role.DEVICE, False),
        (View.DESK, Role.VIEWER, True),
        (View.DESK, Role.COUNTER, True),
    ],
)
async def test_a_token_sees_what_its_role_may(office: WebOffice, view: View, role: Role, may: bool) -> None:
    access = StreamAccess(office.frame.identity)
    answer = await access.authorise(shaken(view, await office.token(role)))
    assert isinstance(answer, Access) if may else answer == Denied(Denial.FORBIDDEN)


async def test_a_token_of_another_zone_sees_nothing(office: WebOffice) -> None:
    access = StreamAccess(office.frame.identity)
    answer = await access.authorise(shaken(View.LOBBY, await office.token(Role.DEVICE, ["other"])))
    assert answer == Denied(Denial.FORBIDDEN)


async def test_who_shows_nothing_or_nonsense_is_told_apart(office: WebOffice) -> None:
    access = StreamAccess(office.frame.identity)
    assert await access.authorise(shaken(View.DESK)) == Denied(Denial.MISSING)
    assert await access.authorise(shaken(View.DESK, "nonsense")) == Denied(Denial.INVALID)


async def test_the_staff_cookie_opens_the_desk_and_ends_with_the_logout(office: WebOffice) -> None:
    await office.account()
    await office.log_in()
    cookie = office.http.cookies["wartezone"]
    access = StreamAccess(office.frame.identity)
    answer = await access.authorise(shaken(View.DESK, None, wartezone=cookie))
    assert isinstance(answer, Access)
    assert cookie not in answer.credential
    assert await access.revoked(frozenset({answer.credential})) == frozenset()
    await office.frame.identity.log_out(cookie)
    assert await access.revoked(frozenset({answer.credential})) == {answer.credential}


async def test_a_revoked_token_ends_its_streams(office: WebOffice) -> None:
    access = StreamAccess(office.frame.identity)
    token = await office.token(Role.DEVICE)
    answer = await access.authorise(shaken(View.LOBBY, token))
    assert answer == Access(f"token:{fingerprint(token)}")
    (listed,) = await office.credentials.tokens()
    await office.credentials.revoke_token(listed.id, "test")
    assert await access.revoked(frozenset({answer.credential})) == {answer.credential}
