"""Appointments for staff over HTTP: the day, a booking from its first touch to its last, spans, files, who may what."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import segno

from queue_core.domain.booking_code import normalised
from queue_core.domain.calendar import business_day
from queue_core.domain.model import BookingId
from queue_core.domain.office import Appointments, Hours
from queue_core.domain.principal import Role
from queue_core.engine import Once
from queue_core.store.audit import Audit
from queue_core.web.face import load_faces
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, zone

FACES = load_faces(["bookings", "desk", "board"])
GIVEN = zone(appointments=Appointments((NEW,), APPOINTMENT, share=1.0))
_KEY = re.compile(r'name="key" value="(\w+)"')
_SLOT = re.compile(r'name="slot" value="(\d+)"')
_CODE = re.compile(r'bookings-slip__letters"><bdi dir="ltr">([\w-]+)<')


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES) as opened:
        yield opened


async def seen(office: WebOffice, path: str, role: Role = Role.COUNTER) -> httpx.Response:
    return await office.http.get(path, headers=await _headers(office, role))


async def sent(office: WebOffice, path: str, role: Role = Role.COUNTER, **form: Any) -> httpx.Response:
    """With the key of a fresh page, unless one is given."""
    data = {"key": _KEY.findall((await seen(office, "/bookings/hall", Role.ADMIN)).text)[0], **form}
    return await office.http.post(f"/bookings/hall/{path}", data=data, headers=await _headers(office, role))


async def _headers(office: WebOffice, role: Role) -> dict[str, str]:
    return {**await office.bearer(role), "Accept": "text/html", "Accept-Language": "en", "Origin": ORIGIN}


def day(office: WebOffice, ahead: int = 1) -> str:
    return str(business_day(office.zone, office.hub.now_ms(office.zone.id)).day + timedelta(days=ahead))


async def slots(office: WebOffice, ahead: int = 1) -> list[int]:
    page = await seen(office, f"/bookings/hall/new?service=new&day={day(office, ahead)}")
    return [int(slot) for slot in _SLOT.findall(page.text)]


async def booked(office: WebOffice, slot_ms: int) -> str:
    """The appointment's page."""
    answer = await sent(office, "new", service="new", slot=slot_ms)
    assert answer.status_code == 303, answer.text
    await caught_up(office)
    return answer.headers["location"].partition("?")[0]


async def caught_up(office: WebOffice) -> None:
    snapshot, _ = await office.engine.read(office.zone.id)
    assert await eventually(lambda: office.hub.snapshot(office.zone.id).seq >= snapshot.seq)


async def soon(office: WebOffice) -> int:
    """A time that has not begun and can be checked in."""
    return (await slots(office, 0))[0]


async def test_a_time_is_booked_shown_with_its_code_and_stands_in_the_day(office: WebOffice) -> None:
    slot_ms = (await slots(office))[0]
    page = await seen(office, await booked(office, slot_ms))
    code = _CODE.findall(page.text)[0]
    assert "data:image/svg+xml" in page.text
    text = (await seen(office, f"/bookings/hall?day={day(office)}")).text
    assert text.count(code) == 1
    assert code not in (await seen(office, "/bookings/hall")).text


async def test_a_phone_reads_the_own_page_from_the_slip_and_a_kiosk_the_code(office: WebOffice) -> None:
    path = await booked(office, (await slots(office))[0])
    booking = BookingId(path.rpartition("/")[2])
    made_ms = (await office.engine.booking(office.zone.id, booking)).made_ms
    address = office.frame.absolute(office.frame.booking_links.path_with_code(office.zone.id, booking, made_ms))
    assert normalised(address) == booking
    drawn = segno.make(address, error="m", micro=False).svg_data_uri(scale=1)
    assert drawn in unescape((await seen(office, path)).text)


async def test_the_same_form_sent_twice_books_once(office: WebOffice) -> None:
    first, second = (await slots(office))[:2]
    key = "a" * 32
    answers = [await sent(office, "new", service="new", slot=slot, key=key) for slot in (first, first, second)]
    assert [a.status_code for a in answers] == [303, 303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] != answers[2].headers["location"]


async def test_a_time_that_is_full_meanwhile_is_told_plainly_and_others_are_offered(office: WebOffice) -> None:
    slot_ms = (await slots(office))[0]
    await booked(office, slot_ms)
    answer = await sent(office, "new", service="new", slot=slot_ms)
    assert answer.status_code == 409
    assert "taken in the meantime" in answer.text
    assert str(slot_ms) not in _SLOT.findall(answer.text)
    assert _SLOT.findall(answer.text)


async def test_an_appointment_is_moved_and_keeps_its_code(office: WebOffice) -> None:
    first, second = (await slots(office))[:2]
    path = (await booked(office, first)).removeprefix("/bookings/hall/")
    answer = await sent(office, f"{path}/move", slot=second)
    assert answer.status_code == 303
    page = await seen(office, answer.headers["location"])
    assert "Moved. The code stays the same." in page.text
    await caught_up(office)
    assert first in await slots(office)
    assert second not in await slots(office)


async def test_moving_to_a_full_time_leaves_it_where_it_was(office: WebOffice) -> None:
    first, second = (await slots(office))[:2]
    path = (await booked(office, first)).removeprefix("/bookings/hall/")
    await booked(office, second)
    answer = await sent(office, f"{path}/move", slot=second)
    assert (answer.status_code, "taken in the meantime" in answer.text) == (409, True)
    await caught_up(office)
    assert first not in await slots(office)


async def test_a_cancelled_time_is_free_again(office: WebOffice) -> None:
    slot_ms = (await slots(office))[0]
    path = (await booked(office, slot_ms)).removeprefix("/bookings/hall/")
    answer = await sent(office, f"{path}/cancel", day=day(office))
    assert "cancelled" in (await seen(office, answer.headers["location"])).text
    await caught_up(office)
    assert slot_ms in await slots(office)
    assert (await seen(office, f"/bookings/hall/{path}")).status_code == 404


async def test_checking_in_draws_a_number_and_the_day_follows_the_visit(office: WebOffice) -> None:
    path = (await booked(office, await soon(office))).removeprefix("/bookings/hall/")
    answer = await sent(office, f"{path}/check-in")
    page = (await seen(office, answer.headers["location"])).text
    assert "The number is <bdi>A 001</bdi>" in page or "The number is <bdi>A001</bdi>" in page
    await caught_up(office)
    assert "checked in" in (await seen(office, "/bookings/hall")).text
    await office.command("counters/1/open")
    again = await sent(office, f"{path}/check-in")
    assert (again.status_code, "checked in already" in again.text) == (409, True)


async def test_too_early_is_told_with_the_time_from_which_it_works(office: WebOffice) -> None:
    path = (await booked(office, (await slots(office, 2))[0])).removeprefix("/bookings/hall/")
    answer = await sent(office, f"{path}/check-in")
    assert (answer.status_code, "too early" in answer.text) == (409, True)


async def test_what_a_visitor_only_holds_is_confirmed_by_staff(office: WebOffice) -> None:
    slot_ms = (await slots(office))[0]
    held = await office.frame.appointments.hold(office.zone.id, NEW, slot_ms, Once("test", "hold"))
    path = f"at/{held.events[-1].data['booking']}"
    assert "Held until" in (await seen(office, f"/bookings/hall/{path}")).text
    answer = await sent(office, f"{path}/confirm")
    assert "Now it is an appointment" in (await seen(office, answer.headers["location"])).text


async def test_a_code_is_found_as_it_is_typed_and_an_unknown_one_is_told(office: WebOffice) -> None:
    path = await booked(office, (await slots(office))[0])
    code = path.rpartition("/")[2]
    answer = await sent(office, "find", code=f" {code[:4].lower()} {code[4:]}")
    assert answer.headers["location"] == path
    for wrong in ("ZZZZ-ZZZZ", "?", ""):
        unknown = await sent(office, "find", code=wrong)
        assert (unknown.status_code, "no appointment with this code" in unknown.text) == (404, True)


async def test_a_blocked_span_lists_what_is_booked_within_it(office: WebOffice) -> None:
    slot_ms = (await slots(office))[40]
    code = (await booked(office, slot_ms)).rpartition("/")[2]
    answer = await blocked(office, "00:00", "23:59", service="new", note="Wasserschaden")
    assert answer.status_code == 303, answer.text
    await caught_up(office)
    text = (await seen(office, answer.headers["location"], Role.SUPERVISOR)).text
    assert "1 appointment is booked within it" in text
    assert f"/at/{code}/move" in text
    assert "Wasserschaden" in text
    assert await slots(office) == [s for s in await slots(office) if s >= slot_ms + 1]
    refused = await sent(office, "new", service="new", slot=slot_ms + 15 * 60_000)
    assert (refused.status_code, "This time is blocked" in refused.text) == (409, True)


async def blocked(office: WebOffice, from_: str, to: str, role: Role = Role.SUPERVISOR, **form: Any) -> httpx.Response:
    span = {"from_day": day(office), "from_time": from_, "to_day": day(office), "to_time": to}
    return await sent(office, "block", role, **span, **form)


async def test_a_span_is_given_free_again_also_twice(office: WebOffice) -> None:
    await blocked(office, "08:00", "12:00", reason="meeting")
    await caught_up(office)
    block = office.hub.snapshot(office.zone.id).blocks[0]
    assert block.reason == "meeting"
    for _ in range(2):
        assert (await sent(office, "unblock", Role.SUPERVISOR, block=block.id)).status_code == 303
    await caught_up(office)
    assert office.hub.snapshot(office.zone.id).blocks == ()


@pytest.mark.parametrize(("from_", "to"), [("12:00", "12:00"), ("12:00", "08:00"), ("", "08:00"), ("x", "12:00")])
async def test_a_span_that_is_none_is_told_and_keeps_what_was_typed(office: WebOffice, from_: str, to: str) -> None:
    answer = await blocked(office, from_, to, note="Brandprobe")
    assert (answer.status_code, "the end must lie after" in answer.text) == (422, True)
    assert 'value="Brandprobe"' in answer.text


@pytest.mark.parametrize(
    ("path", "status"), [("block", 403), ("unblock", 403), ("import", 403), ("find", 404)], ids=lambda v: str(v)
)
async def test_counter_staff_book_and_supervisors_block(office: WebOffice, path: str, status: int) -> None:
    assert (await sent(office, path, Role.COUNTER, block="x", code="none")).status_code == status


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVICE])
async def test_who_is_no_staff_sees_nothing(office: WebOffice, role: Role) -> None:
    for path in ("/bookings", "/bookings/hall", "/bookings/hall/new", "/bookings/hall/at/K7M29QXT"):
        assert (await seen(office, path, role)).status_code == 403


async def test_only_staff_of_the_zone_come_in(office: WebOffice) -> None:
    token = await office.token(Role.SUPERVISOR, ("elsewhere",))
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html", "Accept-Language": "en"}
    assert (await office.http.get("/bookings/hall", headers=headers)).status_code == 403
    assert "may not work in any waiting zone" in (await office.http.get("/bookings", headers=headers)).text


async def test_a_form_without_the_sessions_token_is_refused(office: WebOffice) -> None:
    await office.account("chief", Role.SUPERVISOR)
    await office.log_in("chief")
    form = {"service": "new", "slot": str((await slots(office))[0]), "key": "k"}
    answer = await office.http.post("/bookings/hall/new", data=form, headers={"Origin": ORIGIN})
    assert answer.status_code == 403


async def test_blocks_and_files_are_in_the_audit(office: WebOffice) -> None:
    await blocked(office, "08:00", "12:00")
    await office.get(f"/api/v1/zones/hall/bookings/export?from={day(office)}", Role.SUPERVISOR)
    entries = (await Audit(office.store.client).latest())[:2]
    assert [e.what for e in entries] == ["appointments_exported", "slots_blocked"]


async def test_the_api_gives_a_day_as_a_file_to_supervisors_alone(office: WebOffice) -> None:
    slot_ms = (await slots(office))[0]
    code = (await booked(office, slot_ms)).rpartition("/")[2]
    path = f"/api/v1/zones/hall/bookings/export?from={day(office)}"
    csv = await office.get(path, Role.SUPERVISOR)
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.headers["content-disposition"].endswith(f'{day(office)}.csv"')
    assert csv.text.splitlines()[1].startswith(f"{code[:4]}-{code[4:]},new,")
    jsonl = await office.get(f"{path}&format=jsonl", Role.SUPERVISOR)
    assert jsonl.text.startswith('{"code"')
    assert (await office.get(f"{path}&to={day(office, 0)}", Role.SUPERVISOR)).status_code == 422
    assert (await office.get(f"{path}&format=xml", Role.SUPERVISOR)).status_code == 422
    assert (await office.get(path, Role.COUNTER)).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["day=yesterday", "day=9999-12-31", "day=0001-01-01", "service=none"],
)
async def test_an_address_that_no_page_of_ours_has_is_told(office: WebOffice, query: str) -> None:
    assert (await seen(office, f"/bookings/hall?{query}")).status_code == 422


async def test_a_zone_without_appointments_says_how_to_switch_them_on(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as without:
        text = (await seen(without, "/bookings/hall")).text
        assert "[appointments]" in text
        assert "Book an appointment" not in text
        assert (await seen(without, "/bookings")).headers["location"] == "/bookings/hall"


async def test_a_day_without_hours_leads_to_the_next_one_with_some(valkey_url: str, tmp_path: Path) -> None:
    closed = zone(appointments=Appointments((NEW,), APPOINTMENT, hours=Hours()))
    async with open_web_office(valkey_url, tmp_path, closed, faces=FACES) as without:
        text = (await seen(without, "/bookings/hall")).text
        assert "no opening hours" in text
        assert (await seen(without, "/bookings/hall/new?service=new")).status_code == 200


async def test_desk_and_board_lead_to_it(office: WebOffice) -> None:
    for path in ("/desk", "/board", "/desk/hall/1"):
        assert 'href="/bookings' in (await seen(office, path, Role.SUPERVISOR)).text
