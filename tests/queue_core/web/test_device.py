"""What passes for this very machine, and which walls may follow the stream without showing a token."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Role
from queue_core.domain.views.view import View
from queue_core.live.access import Access, Denial, Denied, Handshake
from queue_core.web.device import COOKIE, is_local
from queue_core.web.stream_access import LOCAL, StreamAccess
from tests.support.web_office import WebOffice, open_web_office

HERE = "127.0.0.1"
OWN_PAGE = {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"}
PROXIED = {**OWN_PAGE, "x-forwarded-for": "192.0.2.7"}


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "[::1]:8080"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_browser_on_this_machine_is_local(host: str, address: str) -> None:
    assert is_local({"host": host}, address)


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"host": "localhost"}, "192.0.2.7"),
        ({"host": "wartezone.example"}, HERE),
        ({"host": "localhost.example"}, HERE),
        ({}, HERE),
        ({"host": "[::1"}, HERE),
        ({"host": "localhost"}, "unknown"),
        *(({"host": "localhost", trace: "x"}, HERE) for trace in ("x-forwarded-for", "forwarded", "via", "x-real-ip")),
    ],
)
def test_whatever_came_another_way_is_not(headers: Mapping[str, str], address: str) -> None:
    assert not is_local(headers, address)


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path) as opened:
        yield opened


async def ask(
    office: WebOffice, headers: Mapping[str, str], view: View = View.LOBBY, cookie: str = ""
) -> Access | Denied:
    cookies = {COOKIE: cookie} if cookie else {}
    handshake = Handshake(ZoneId("hall"), view, headers, cookies, None, HERE)
    return await StreamAccess(office.frame.identity).authorise(handshake)


async def test_a_wall_page_on_this_machine_follows_the_stream(office: WebOffice) -> None:
    assert await ask(office, OWN_PAGE) == LOCAL


async def test_a_program_on_this_machine_must_show_a_token(office: WebOffice) -> None:
    assert await ask(office, {"host": "127.0.0.1:8080"}) == Denied(Denial.MISSING)


async def test_a_page_on_this_machine_may_not_follow_the_desk(office: WebOffice) -> None:
    assert await ask(office, OWN_PAGE, View.DESK) == Denied(Denial.MISSING)


async def test_a_wall_elsewhere_needs_its_device_cookie(office: WebOffice) -> None:
    assert await ask(office, PROXIED) == Denied(Denial.MISSING)
    answer = await ask(office, PROXIED, cookie=await office.token(Role.DEVICE))
    assert isinstance(answer, Access)
    assert answer != LOCAL


@pytest.mark.parametrize("zones", [["elsewhere"], ["hall"]])
async def test_a_device_cookie_counts_only_in_its_zone_and_for_devices(office: WebOffice, zones: list[str]) -> None:
    role = Role.DEVICE if zones == ["elsewhere"] else Role.COUNTER
    assert await ask(office, PROXIED, cookie=await office.token(role, zones)) == Denied(Denial.MISSING)


async def test_a_wall_on_this_machine_is_never_revoked(office: WebOffice) -> None:
    access = StreamAccess(office.frame.identity)
    assert await access.revoked(frozenset({LOCAL.credential, "token:unknown"})) == {"token:unknown"}
