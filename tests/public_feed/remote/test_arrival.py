"""Saying that one has come: by link or number, with the poster's word or the code; for nobody else."""

from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from public_feed.remote.face import face as remote
from queue_core.domain.model import TicketId, TicketState
from queue_core.domain.office import Proof, Remote
from queue_core.domain.on_site_code import CODE_LASTS_MS, DIGITS, OnSiteCodes
from queue_core.domain.principal import Grant, Role
from queue_core.domain.views.view import View
from queue_core.web.secret import load_secret
from tests.public_feed.remote.conftest import HOME
from tests.public_feed.remote.test_draw import draw, ticket_of
from tests.public_feed.street import FACES
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office

HERE = "/z/hall/here"
ENTRANCE = "/z/hall/entrance"
#: Shown, not lying ready for scripts.
CONFIRMED = "data-confirmed>We know that you are here."


def codes(office: WebOffice) -> OnSiteCodes:
    return OnSiteCodes(load_secret(office.frame.settings))


def code(office: WebOffice, ago_ms: int = 0) -> str:
    return codes(office).code(office.zone.id, office.hub.now_ms(office.zone.id) - ago_ms)


def poster(office: WebOffice) -> str:
    return codes(office).poster(office.zone.id)


async def drawn(office: WebOffice) -> TicketId:
    ticket = ticket_of(office, await draw(office))
    await eventually(lambda: ticket in office.hub.snapshot(office.zone.id).tickets)
    return ticket


async def arrive(office: WebOffice, **form: str) -> httpx.Response:
    return await office.http.post(HERE, data=form, headers={"Origin": ORIGIN})


async def is_confirmed(office: WebOffice, ticket: TicketId) -> bool:
    return not (await office.engine.ticket(office.zone.id, ticket)).confirm_by_ms


def waiting(office: WebOffice) -> int:
    services = orjson.loads(office.hub.state(office.zone.id, View.PUBLIC))["services"]
    return sum(service["waiting"] for service in services)


async def test_by_the_link_and_the_code(office: WebOffice) -> None:
    ticket = await drawn(office)
    link = office.frame.links.link(office.zone.id, ticket)
    page = await office.http.get(f"{HERE}?ticket={link}&lang=en")
    assert "A001" in page.text
    answer = await arrive(office, ticket=link, code=code(office))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/t/{link}?arrived")
    assert await is_confirmed(office, ticket)
    assert CONFIRMED in (await office.http.get(f"/t/{link}?arrived&lang=en")).text


async def test_nobody_is_thanked_who_has_only_typed_the_address(office: WebOffice) -> None:
    link = office.frame.links.link(office.zone.id, await drawn(office))
    page = (await office.http.get(f"/t/{link}?arrived&lang=en")).text
    assert "Please say that you are here by" in page
    assert CONFIRMED not in page


async def test_by_the_number_and_the_posters_word(office: WebOffice) -> None:
    ticket = await drawn(office)
    answer = await arrive(office, ticket=" a 001 ", at=poster(office))
    assert answer.status_code == 200
    assert await is_confirmed(office, ticket)


async def test_a_typed_number_never_opens_its_page(office: WebOffice) -> None:
    await drawn(office)
    answer = await arrive(office, ticket="A001", code=code(office))
    assert "/t/" not in answer.text
    assert "location" not in answer.headers


async def test_twice_is_as_good_as_once(office: WebOffice) -> None:
    await drawn(office)
    for _ in range(2):
        assert (await arrive(office, ticket="A001", code=code(office))).status_code == 200


@pytest.mark.parametrize("proof", [{"code": "000"}, {"code": ""}, {"at": "guessed"}, {}])
async def test_from_elsewhere_nobody_confirms(office: WebOffice, proof: dict[str, str]) -> None:
    ticket = await drawn(office)
    assert (await arrive(office, ticket="A001", **proof)).status_code == 422
    assert not await is_confirmed(office, ticket)


async def test_who_proves_nothing_learns_no_numbers(office: WebOffice) -> None:
    await drawn(office)
    known, unknown = [await arrive(office, ticket=number, code="1") for number in ("A001", "A999")]
    assert (known.status_code, known.text.replace("A001", "A999")) == (unknown.status_code, unknown.text)


async def test_a_code_is_good_a_little_longer_than_it_is_shown(office: WebOffice) -> None:
    await drawn(office)
    spaced = code(office, CODE_LASTS_MS)
    assert (await arrive(office, ticket="A001", code=f"{spaced[:3]} {spaced[3:]}")).status_code == 200


async def test_an_old_code_is_not(office: WebOffice) -> None:
    await drawn(office)
    assert (await arrive(office, ticket="A001", code=code(office, 2 * CODE_LASTS_MS))).status_code == 422


async def test_a_number_that_nobody_has(office: WebOffice) -> None:
    assert (await arrive(office, ticket="A777", code=code(office))).status_code == 422


async def test_too_late_is_told(office: WebOffice) -> None:
    ticket = await drawn(office)
    until_ms = (await office.engine.ticket(office.zone.id, ticket)).confirm_by_ms
    await office.engine.set_clock(office.zone.id, until_ms, 0)
    answer = await arrive(office, ticket="A001", at=poster(office))
    assert answer.status_code == 409


async def test_nobody_counts_it_as_waiting_when_its_time_is_over(office: WebOffice) -> None:
    zone, ticket = office.zone.id, await drawn(office)
    assert waiting(office) == 1
    await office.engine.set_clock(zone, (await office.engine.ticket(zone, ticket)).confirm_by_ms, 0)
    await eventually(lambda: waiting(office) == 0)
    assert (await office.engine.ticket(zone, ticket)).state is TicketState.WAITING, "nobody has called since"


async def test_looking_tells_nobody_whether_a_guessed_code_is_right(office: WebOffice) -> None:
    """Also not where the tries are spent."""
    right = code(office)
    wrong = str((int(right) + 1) % 10**DIGITS).zfill(DIGITS)
    pages = [(await office.http.get(f"{HERE}?code={guess}")).text.replace(guess, "") for guess in (right, wrong)]
    assert pages[0] == pages[1]
    for n in range(30):
        await arrive(office, code=str(n))
    spent = [(await arrive(office, code=guess)).text.replace(guess, "") for guess in (right, wrong)]
    assert spent[0] == spent[1]


async def test_tries_are_counted(office: WebOffice) -> None:
    answers = [await arrive(office, ticket="A001", code=str(n)) for n in range(31)]
    assert answers[-1].status_code == 429
    assert "retry-after" in answers[-1].headers


async def test_where_only_the_code_counts_the_poster_does_not(valkey_url: str, tmp_path: Path) -> None:
    strict = replace(HOME, remote=Remote(proof=Proof.CODE))
    async with open_web_office(valkey_url, tmp_path, strict, faces=[*FACES, remote]) as office:
        await drawn(office)
        assert (await arrive(office, ticket="A001", at=poster(office))).status_code == 422
        assert (await arrive(office, ticket="A001", code=code(office))).status_code == 200


@pytest.mark.parametrize("role", [Role.COUNTER, Role.DEVICE])
async def test_staff_and_kiosks_show_the_entrance_page(office: WebOffice, role: Role) -> None:
    page = await office.get(ENTRANCE, role)
    assert page.status_code == 200
    digits = code(office)
    assert f"{digits[:3]} {digits[3:]}" in page.text
    assert "data:image/svg+xml" in page.text


@pytest.mark.parametrize("device", ["display:lobby", "kiosk:entrance"])
async def test_a_screen_that_was_set_up_in_the_zone_shows_it_by_its_cookie(office: WebOffice, device: str) -> None:
    token = await office.credentials.create_token(Grant(Role.DEVICE, frozenset({office.zone.id}), device), by="test")
    office.http.cookies.set("wartezone_device", token, domain="127.0.0.1")
    page = await office.http.get(ENTRANCE)
    assert (page.status_code, code(office)[:3] in page.text) == (200, True)
    office.http.cookies.clear()
    assert (await office.http.get(ENTRANCE, headers={"Authorization": f"Bearer {token}"})).status_code == 200


async def test_nobody_else_sees_the_code(office: WebOffice) -> None:
    assert (await office.http.get(ENTRANCE)).status_code == 401


async def test_neither_does_a_screen_of_another_zone(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE, zones=["yard"])
    assert (await office.http.get(ENTRANCE, headers={"Authorization": f"Bearer {token}"})).status_code == 403
    office.http.cookies.set("wartezone_device", token, domain="127.0.0.1")
    assert (await office.http.get(ENTRANCE)).status_code == 401


@pytest.mark.parametrize("role", [Role.DEVICE, Role.COUNTER])
async def test_a_kiosk_or_a_desk_confirms_by_the_api(office: WebOffice, role: Role) -> None:
    ticket = await drawn(office)
    answer = await office.command(f"tickets/{ticket}/confirm", role=role)
    assert (answer.status_code, answer.json()["ticket"]["state"]) == (200, TicketState.WAITING)
    assert await is_confirmed(office, ticket)
    again = await office.command(f"tickets/{ticket}/confirm", role=role)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_confirm")
