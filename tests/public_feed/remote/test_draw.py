"""A number from home: offered where the zone says so, within its limits, and real."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from public_feed.remote.face import face as remote
from queue_core.domain.model import TicketId
from queue_core.domain.office import Hours, Remote
from queue_core.domain.principal import Role
from tests.public_feed.remote.conftest import HOME
from tests.public_feed.street import FACES
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import NEW, zone

DRAW = "/z/hall/draw"


async def draw(office: WebOffice, service: str = "new", key: str = "", origin: str = ORIGIN) -> httpx.Response:
    return await office.http.post(DRAW, data={"service": service, "key": key}, headers={"Origin": origin})


def ticket_of(office: WebOffice, answer: httpx.Response) -> TicketId:
    assert answer.status_code == 303, answer.text
    return office.frame.links.read(answer.headers["location"].removeprefix("/t/").partition("?")[0]).ticket


async def test_the_page_names_the_services_and_their_waits(office: WebOffice) -> None:
    page = await office.http.get(f"{DRAW}?lang=en")
    assert page.status_code == 200
    assert page.text.count("Draw a number<span") == 2
    assert "set-cookie" not in page.headers


async def test_a_draw_leads_to_ones_own_ticket(office: WebOffice) -> None:
    ticket = ticket_of(office, await draw(office))
    known = await office.engine.ticket(office.zone.id, ticket)
    assert known.confirm_by_ms > known.issued_ms
    assert known.number == "A001"


async def test_nobody_is_next_who_has_not_said_that_they_have_come(office: WebOffice) -> None:
    answer = await draw(office)
    page = await office.http.get(f"{answer.headers['location'].partition('?')[0]}?lang=en")
    assert "you are next as soon as you have said that you are here" in page.text
    assert 'data-field="position">you are next<' not in page.text


async def test_the_language_goes_with_it(office: WebOffice) -> None:
    form = {"service": "new"}
    answer = await office.http.post(f"{DRAW}?lang=tr", data=form, headers={"Origin": ORIGIN})
    assert answer.headers["location"].endswith("?lang=tr")


async def test_pressed_twice_it_is_one_number(office: WebOffice) -> None:
    first, again = [ticket_of(office, await draw(office, key="one page")) for _ in range(2)]
    assert first == again


async def test_a_zone_that_does_not_offer_it_has_no_such_page(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[*FACES, remote]) as office:
        assert (await office.http.get(DRAW)).status_code == 404
        assert (await draw(office)).status_code == 404
        assert (await office.http.get("/z/hall/here")).status_code == 404


async def test_an_unknown_service_is_told_so(office: WebOffice) -> None:
    assert (await draw(office, service="nothing")).status_code == 409


async def test_only_some_services(valkey_url: str, tmp_path: Path) -> None:
    some = replace(HOME, remote=Remote(services=(NEW,)))
    async with open_web_office(valkey_url, tmp_path, some, faces=[*FACES, remote]) as office:
        assert (await office.http.get(f"{DRAW}?lang=en")).text.count("Draw a number<span") == 1
        assert (await draw(office, service="short")).status_code == 409


async def test_only_within_its_hours(valkey_url: str, tmp_path: Path) -> None:
    closed = replace(HOME, remote=Remote(hours=Hours()))
    async with open_web_office(valkey_url, tmp_path, closed, faces=[*FACES, remote]) as office:
        page = await office.http.get(f"{DRAW}?lang=en")
        assert "not given at this time" in page.text
        assert (await draw(office)).status_code == 409


async def test_one_address_draws_only_so_many_an_hour(office: WebOffice) -> None:
    for n in range(5):
        ticket = ticket_of(office, await draw(office))
        answer = await office.command(f"tickets/{ticket}/confirm", role=Role.DEVICE)
        assert answer.status_code == 200, n
    limited = await draw(office)
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) > 60
    assert 'role="alert"' in limited.text


async def test_a_kiosk_goes_on_drawing_after_a_flood(office: WebOffice) -> None:
    for _ in range(60):
        await draw(office)
    assert [(await office.draw())["state"] for _ in range(10)] == ["waiting"] * 10


async def test_only_so_many_unconfirmed_at_a_time(office: WebOffice) -> None:
    for _ in range(3):
        ticket_of(office, await draw(office))
    assert (await draw(office)).status_code == 409


async def test_another_sites_form_draws_nothing(office: WebOffice) -> None:
    assert (await draw(office, origin="https://elsewhere.example")).status_code == 403


@pytest.mark.parametrize("path", ["/z/nowhere/draw", "/z/nowhere/here"])
async def test_an_unknown_zone_is_404(office: WebOffice, path: str) -> None:
    assert (await office.http.get(path)).status_code == 404


def test_without_a_table_a_zone_gives_no_numbers_from_home() -> None:
    assert zone().remote is None
