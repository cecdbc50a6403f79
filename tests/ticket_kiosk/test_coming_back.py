"""Whoever drew at home is there when the kiosk is shown their page, or told their number."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_core.domain.booking_code import as_typed
from queue_core.domain.commands import Issue
from queue_core.domain.model import Ticket, TicketId
from queue_core.domain.office import Remote
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import NEW, zone
from tests.ticket_kiosk.terminal import half_a_day_from_now
from tests.ticket_kiosk.test_codes import link, show
from ticket_kiosk.face import face

BY_CALL = ("open", "call-next")


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    hall = zone(day_starts=half_a_day_from_now(), remote=Remote(confirm_s=600))
    async with open_web_office(valkey_url, tmp_path, hall, faces=[face]) as opened:
        yield opened


async def drawn_at_home(office: WebOffice) -> Ticket:
    outcome = await office.engine.do(office.zone.id, Issue(NEW, office.zone.default_class, remote=True))
    issued = outcome.ticket()
    assert issued is not None
    return await office.engine.ticket(office.zone.id, TicketId(issued["id"]))


async def is_here(office: WebOffice, ticket: Ticket) -> bool:
    return not (await office.engine.ticket(office.zone.id, ticket.id)).confirm_by_ms


async def test_the_page_on_the_phone_confirms_and_its_visitor_can_be_called(office: WebOffice) -> None:
    ticket = await drawn_at_home(office)
    answer = await show(office, link(office, {"id": ticket.id}))
    told = answer.json()
    assert (answer.status_code, told["kind"], told["number"], told["ahead"]) == (200, "confirmed", ticket.number, 0)
    assert await is_here(office, ticket)
    assert [(await office.command(f"counters/1/{step}")).status_code for step in BY_CALL] == [200, 200]


async def test_no_number_is_drawn_and_no_paper_printed(office: WebOffice) -> None:
    ticket = await drawn_at_home(office)
    told = (await show(office, link(office, {"id": ticket.id}))).json()
    snapshot, _ = await office.engine.read(office.zone.id)
    assert ("receipt" in told, snapshot.issued_today()) == (False, 1)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.1} {:.3}", "{:.1}-{:.3}", "lower"])
async def test_the_number_is_enough_however_it_is_typed(office: WebOffice, typed: str) -> None:
    ticket = await drawn_at_home(office)
    said = ticket.number.lower() if typed == "lower" else typed.format(ticket.number, ticket.number[1:])
    told = (await show(office, said)).json()
    assert (told["kind"], told["number"], "url" in told) == ("confirmed", ticket.number, False)
    assert await is_here(office, ticket)


async def test_shown_again_it_waits(office: WebOffice) -> None:
    ticket = await drawn_at_home(office)
    by_link = link(office, {"id": ticket.id})
    kinds = [(await show(office, code)).json()["kind"] for code in (by_link, by_link, ticket.number)]
    assert kinds == ["confirmed", "waiting", "waiting"]


async def test_of_a_number_drawn_in_the_house_nobody_learns_its_place(office: WebOffice) -> None:
    ticket = await office.draw()
    assert (await show(office, ticket["number"])).json() == {
        "kind": "waiting",
        "zone": "hall",
        "number": ticket["number"],
    }


async def test_too_late_it_has_lapsed(office: WebOffice) -> None:
    ticket = await drawn_at_home(office)
    await office.engine.set_clock(office.zone.id, ticket.confirm_by_ms, 0)
    kinds = [(await show(office, code)).json()["kind"] for code in (link(office, {"id": ticket.id}), ticket.number)]
    assert kinds == ["lapsed", "lapsed"]
    assert not await is_here(office, ticket)


async def test_a_number_that_nobody_has_is_unknown(office: WebOffice) -> None:
    await drawn_at_home(office)
    assert (await show(office, "A999")).json() == {"kind": "unknown"}


async def test_where_nobody_draws_at_home_a_number_is_no_code(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, zone(day_starts=half_a_day_from_now()), faces=[face]) as office:
        ticket = await office.draw()
        assert (await show(office, ticket["number"])).json() == {"kind": "unknown"}


@pytest.mark.parametrize(("typed", "read"), [("a 047", "A047"), ("O–12", "012"), (" i-1 ", "11")])
def test_what_fingers_make_of_a_number_is_one_form(typed: str, read: str) -> None:
    assert as_typed(typed) == read
