"""What visitors hold under the scanner: appointments, and the ticket drawn before."""

import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.booking_commands import HoldSlot
from queue_core.domain.calendar import iso
from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.office import Appointments, MissedReturn, Rules
from queue_core.domain.principal import Role
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, zone
from ticket_kiosk.codes import CODES_PER_MINUTE
from ticket_kiosk.face import face

CODES = "/kiosk/entrance/codes"
MINUTE_MS = 60_000
CODE = "K7M2PRTX"
_keys = itertools.count()


async def show(office: WebOffice, code: str, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or f"code-{next(_keys)}"}
    return await office.http.post(CODES, json={"code": code}, headers=headers)


async def book(office: WebOffice, in_minutes: int, code: str = CODE) -> None:
    slot = iso(office.zone, office.hub.now_ms(office.zone.id) + in_minutes * MINUTE_MS)
    body = {"booking": code, "service": NEW, "visitor_class": "appointment", "slot_at": slot}
    answer = await office.command("bookings", body)
    assert answer.status_code == 201, answer.text


async def missed(office: WebOffice) -> str:
    """The link of a ticket whose call was missed."""
    ticket = await office.draw()
    for step in ("open", "call-next", "miss"):
        assert (await office.command(f"counters/1/{step}")).status_code == 200
    return link(office, ticket)


def link(office: WebOffice, ticket: dict[str, Any]) -> str:
    return office.frame.absolute(office.frame.links.path(office.zone.id, TicketId(ticket["id"])))


@pytest.mark.parametrize("typed", [CODE, f" {CODE.lower()} ", f"{CODE[:4]}-{CODE[4:]}", f"{CODE[:4]} {CODE[4:]}"])
async def test_an_appointment_is_checked_in_however_its_code_is_typed(office: WebOffice, typed: str) -> None:
    await book(office, 10)
    answer = await show(office, typed)
    told = answer.json()
    assert (answer.status_code, told["kind"], told["late"]) == (201, "checked_in", False)
    assert told["number"].startswith("A")
    assert told["slot_ms"] > 0


@pytest.mark.parametrize("code", [CODE, "bk/2026 é"], ids=["ours", "of another system"])
async def test_the_qr_code_of_page_and_slip_checks_in_as_the_bare_code_does(office: WebOffice, code: str) -> None:
    await book(office, 10, code)
    booking = await office.engine.booking(office.zone.id, BookingId(code))
    links = office.frame.booking_links
    address = office.frame.absolute(links.path_with_code(office.zone.id, booking.id, booking.made_ms))
    scanned = (await show(office, address)).json()
    assert scanned["kind"] == "checked_in"
    assert (await show(office, code)).json()["number"] == scanned["number"]


async def test_an_appointment_is_told_its_own_place_and_no_newcomers_wait(office: WebOffice) -> None:
    for _ in range(2):
        await office.draw()
    await book(office, 10)
    told = (await show(office, CODE)).json()
    assert (told["wait"], told["ahead"]) == (None, 0)
    assert told["not_before_ms"] == 0 or told["not_before_ms"] < told["slot_ms"]
    assert any(line["text"].startswith("Ihr Termin: ") for line in told["receipt"])


async def test_whoever_is_early_is_told_from_when_on(office: WebOffice) -> None:
    await book(office, 180)
    told = (await show(office, CODE)).json()
    assert told["kind"] == "early"
    assert told["from_ms"] < told["slot_ms"]


async def test_whoever_has_not_confirmed_an_appointment_is_told_so(valkey_url: str, tmp_path: Path) -> None:
    given = Appointments((NEW,), APPOINTMENT, share=1.0, notice_s=0)
    async with open_web_office(valkey_url, tmp_path, zone(appointments=given), faces=[face]) as office:
        slot_ms = office.hub.now_ms(office.zone.id) + 10 * MINUTE_MS
        await office.engine.do(office.zone.id, HoldSlot(NEW, APPOINTMENT, slot_ms, BookingId(CODE)))
        answer = await show(office, CODE)
        told = {"kind": "unconfirmed", "zone": office.zone.id, "slot_ms": slot_ms}
        assert (answer.status_code, answer.json()) == (200, told)


async def test_whoever_is_late_is_told_so_and_gets_a_number(office: WebOffice) -> None:
    await book(office, -60)
    told = (await show(office, CODE)).json()
    assert (told["kind"], told["late"]) == ("checked_in", True)


async def test_a_code_shown_twice_shows_the_number_again_and_draws_no_second(office: WebOffice) -> None:
    await book(office, 10)
    first = (await show(office, CODE)).json()
    again = (await show(office, CODE)).json()
    assert (again["kind"], again["used"], again["number"]) == ("waiting", True, first["number"])
    snapshot, _ = await office.engine.read(office.zone.id)
    assert snapshot.issued_today() == 1


async def test_a_repeated_request_gets_the_same_answer(office: WebOffice) -> None:
    await book(office, 10)
    first, again = await show(office, CODE, "k1"), await show(office, CODE, "k1")
    assert (first.status_code, first.json()["number"]) == (again.status_code, again.json()["number"])


async def test_whatever_is_unknown_gets_one_and_the_same_answer(office: WebOffice) -> None:
    await book(office, 10)
    await office.command(f"bookings/{CODE}/cancel")
    signed = link(office, await office.draw())
    for code in ("NOSUCHCD", CODE, signed[:-2] + "AA", "https://elsewhere.example/t/a.b.c", "🂡", "hall..", "a" * 400):
        answer = await show(office, code)
        assert (answer.status_code, answer.json()) == (200, {"kind": "unknown"}), code


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "a" * 401}, {"code": 7}, {"code": "A", "x": 1}])
async def test_what_is_no_code_is_refused(office: WebOffice, body: dict[str, Any]) -> None:
    answer = await office.http.post(CODES, json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 422


async def test_who_waits_sees_place_and_number(office: WebOffice) -> None:
    await office.draw()
    told = (await show(office, link(office, await office.draw()) + "?lang=en")).json()
    assert (told["kind"], told["number"], told["ahead"]) == ("waiting", "A002", 1)


async def test_who_is_called_is_told_where_to_go(office: WebOffice) -> None:
    ticket = await office.draw()
    for step in ("open", "call-next"):
        await office.command(f"counters/1/{step}")
    told = (await show(office, link(office, ticket))).json()
    assert (told["kind"], told["counter_name"]["en"]) == ("called", "Counter 1")


async def test_a_missed_visitor_comes_back_to_the_end_of_the_queue(office: WebOffice) -> None:
    own = await missed(office)
    await office.draw()
    told = (await show(office, own)).json()
    assert (told["kind"], told["state"], told["number"], told["ahead"]) == ("returned", "waiting", "A001", 1)
    assert (await show(office, own)).json()["kind"] == "waiting"


async def test_where_the_rule_lets_nobody_back_the_kiosk_says_so(valkey_url: str, tmp_path: Path) -> None:
    strict = zone(rules=Rules(recall_pause_s=0, missed_return=MissedReturn.NO))
    async with open_web_office(valkey_url, tmp_path, strict, faces=[face]) as office:
        told = (await show(office, await missed(office))).json()
    assert (told["kind"], told["number"]) == ("too_late", "A001")


async def test_a_ticket_that_is_done_is_over(office: WebOffice) -> None:
    ticket = await office.draw()
    await office.command(f"tickets/{ticket['id']}/cancel")
    assert (await show(office, link(office, ticket))).json()["kind"] == "over"


async def test_nobody_may_try_many_codes(office: WebOffice) -> None:
    answers = [(await show(office, f"TRY{n:05d}")).status_code for n in range(CODES_PER_MINUTE + 1)]
    assert answers == [200] * CODES_PER_MINUTE + [429]


async def test_from_elsewhere_nobody_tries_codes(office: WebOffice) -> None:
    transport = httpx.ASGITransport(office.app, client=("192.0.2.7", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        answer = await http.post(CODES, json={"code": CODE}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 401
        http.cookies.set("wartezone_device", await office.token(Role.DEVICE, zones=["yard"]), domain="127.0.0.1")
        answer = await http.post(CODES, json={"code": CODE}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 401


async def test_a_page_of_another_site_tries_no_codes(office: WebOffice) -> None:
    headers = {"Idempotency-Key": "k", "Origin": "https://evil.example"}
    assert (await office.http.post(CODES, json={"code": CODE}, headers=headers)).status_code == 403
