"""Appointments over HTTP: visitors by their link and without a login, staff by their day."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from queue_core.domain.booking_commands import Book
from queue_core.domain.calendar import business_day
from queue_core.domain.model import BookingId
from queue_core.domain.office import Appointments
from queue_core.domain.principal import Role
from queue_core.store.audit import Audit
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, zone

ZONE = "/api/v1/zones/hall"
GIVEN = zone(appointments=Appointments((NEW,), APPOINTMENT, share=1.0, changes_most=1))


@pytest_asyncio.fixture
async def hall(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, GIVEN) as opened:
        yield opened


async def free(hall: WebOffice, **query: str) -> list[str]:
    answer = await hall.http.get(f"{ZONE}/slots", params={"service": "new", "days": "3", **query})
    assert answer.status_code == 200, answer.text
    return [slot["slot_at"] for day in answer.json()["days"] for slot in day["slots"] if slot["free"]]


async def held(hall: WebOffice, slot_at: str, key: str | None = None) -> dict[str, Any]:
    answer = await hall.command("appointments", {"service": "new", "slot_at": slot_at}, None, key)
    assert answer.status_code == 201, answer.text
    await seen(hall, answer.json()["seq"])
    told: dict[str, Any] = answer.json()
    return told


async def seen(hall: WebOffice, seq: int) -> None:
    assert await eventually(lambda: hall.hub.snapshot(hall.zone.id).seq >= seq)


def own(told: dict[str, Any]) -> str:
    return f"appointments/{told['links']['own'].removeprefix('/a/')}"


async def test_a_visitor_finds_holds_confirms_moves_and_cancels(hall: WebOffice) -> None:
    first, second, *_ = await free(hall)
    told = await held(hall, first)
    assert told["booking"]["held_until"]
    assert first not in await free(hall)
    path = own(told)
    assert (await hall.http.get(f"{ZONE}/{path}")).json()["appointment"]["state"] == "held"
    confirmed = await hall.command(f"{path}/confirm", {}, None)
    assert confirmed.status_code == 200, confirmed.text
    moved = await hall.command(f"{path}/move", {"slot_at": second}, None)
    assert moved.json()["booking"]["slot_at"] == second
    found = (await hall.http.get(f"{ZONE}/{path}")).json()["appointment"]
    assert (found["state"], found["slot_at"], found["changes_left"]) == ("booked", second, 0)
    assert datetime.fromisoformat(found["slot_at"]) - datetime.fromisoformat(found["not_before"]) == timedelta(
        minutes=5
    )
    again = await hall.command(f"{path}/move", {"slot_at": first}, None)
    assert (again.status_code, again.json()["code"]) == (409, "changes_spent")
    cancelled = await hall.command(f"{path}/cancel", {}, None)
    assert cancelled.json()["links"] == {}
    gone = await hall.http.get(f"{ZONE}/{path}")
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown_booking")


async def test_a_time_that_is_taken_names_the_next_free_ones(hall: WebOffice) -> None:
    first, second, *_ = await free(hall)
    await held(hall, first)
    answer = await hall.command("appointments", {"service": "new", "slot_at": first}, None)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_full")
    assert answer.json()["free"][0] == second


async def test_the_same_key_holds_once_and_is_answered_byte_for_byte(hall: WebOffice) -> None:
    slot_at, *_ = await free(hall)
    asked = {"service": "new", "slot_at": slot_at}
    first, again = [await hall.command("appointments", asked, None, "a key of mine") for _ in range(2)]
    assert first.content == again.content
    assert len(hall.hub.snapshot(hall.zone.id).holds) <= 1


async def test_a_link_that_is_not_ours_opens_nothing(hall: WebOffice) -> None:
    slot_at, *_ = await free(hall)
    told = await held(hall, slot_at)
    other = own(told)[:-2] + "AA"
    for path in (other, "appointments/none", f"appointments/hall.{told['booking']['id']}.x"):
        assert (await hall.http.get(f"{ZONE}/{path}")).status_code == 404
        assert (await hall.command(f"{path}/cancel", {}, None)).status_code == 404
    assert len(hall.hub.snapshot(hall.zone.id).holds) == 1


async def test_whoever_had_a_code_before_does_not_find_the_next_visitor_s_appointment(hall: WebOffice) -> None:
    """Another booking system gives its codes again."""
    slot_at, *_ = await free(hall)
    told = await held(hall, slot_at)
    await hall.command(f"{own(told)}/cancel", {}, None, "first")
    again = Book(BookingId(told["booking"]["id"]), NEW, APPOINTMENT, hall.hub.now_ms(hall.zone.id) + 3_600_000)
    await hall.engine.do(hall.zone.id, again)
    found = await hall.http.get(f"{ZONE}/{own(told)}")
    assert (found.status_code, found.json()["code"]) == (404, "not_found")
    for verb in ("cancel", "confirm"):
        assert (await hall.command(f"{own(told)}/{verb}", {}, None, f"{verb} again")).status_code == 404
    assert again.booking in (await hall.engine.read(hall.zone.id))[0].bookings


async def test_what_cannot_be_booked_is_told(hall: WebOffice) -> None:
    slot_at, *_ = await free(hall)
    odd = (datetime.fromisoformat(slot_at) + timedelta(minutes=1)).isoformat()
    for body, code in (
        ({"service": "new", "slot_at": odd}, "not_offered"),
        ({"service": "short", "slot_at": slot_at}, "not_bookable"),
        ({"service": "none", "slot_at": slot_at}, "unknown_service"),
        ({"service": "new", "slot_at": slot_at, "visitor_class": "priority"}, "unknown_field"),
    ):
        assert (await hall.command("appointments", body, None)).json()["code"] == code


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        pytest.param("", 400, "query_missing", id="no-service"),
        pytest.param("service=none", 404, "unknown_service", id="unknown"),
        pytest.param("service=short", 409, "not_bookable", id="no-appointments"),
        pytest.param("service=new&from=tomorrow", 422, "invalid_field", id="no-date"),
        pytest.param("service=new&days=32", 422, "invalid_field", id="too-many"),
        pytest.param("service=new&days=-1", 422, "invalid_field", id="negative"),
        pytest.param(f"service=new&days=0001{'0' * 5000}", 422, "invalid_field", id="longer-than-any-number"),
        pytest.param("service=new&from=9999-12-31", 422, "invalid_field", id="no-day-after"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_told_why(
    hall: WebOffice, query: str, status: int, code: str
) -> None:
    answer = await hall.http.get(f"{ZONE}/slots?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_day_that_has_no_next_one_is_none(hall: WebOffice) -> None:
    answer = await hall.get(f"{ZONE}/appointments?day=9999-12-31", Role.ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field")


async def test_another_sites_page_holds_nothing(hall: WebOffice) -> None:
    slot_at, *_ = await free(hall)
    answer = await hall.http.post(
        f"{ZONE}/appointments",
        json={"service": "new", "slot_at": slot_at},
        headers={"Idempotency-Key": "x", "Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert ORIGIN != "https://evil.example"


async def test_who_holds_too_many_or_asks_too_often_is_told_to_wait(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(
        valkey_url, tmp_path, GIVEN, holds_of_address=2, appointment_asks_per_minute_of_address=3
    ) as hall:
        first, second, third, *_ = await free(hall)
        for slot_at in (first, second):
            await held(hall, slot_at)
        refused = await hall.command("appointments", {"service": "new", "slot_at": third}, None)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
        assert int(refused.headers["Retry-After"]) <= 301
        answers = [(await hall.http.get(f"{ZONE}/slots?service=new")).status_code for _ in range(3)]
        assert answers == [200, 200, 429]
        assert (await hall.draw())["number"]


async def test_who_holds_and_confirms_all_day_does_not_get_every_place(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, holds_of_address=0, holds_of_address_a_day=2) as hall:
        first, second, third, *_ = await free(hall)
        for slot_at in (first, second):
            told = await held(hall, slot_at)
            assert (await hall.command(f"{own(told)}/confirm", {}, None)).status_code == 200
        refused = await hall.command("appointments", {"service": "new", "slot_at": third}, None)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
        assert int(refused.headers["Retry-After"]) > 3600


async def test_staff_see_a_day_book_for_a_visitor_and_block_a_span(hall: WebOffice) -> None:
    first, second, *_ = await free(hall)
    await held(hall, first)
    asked = {"service": "new", "slot_at": second, "only_free": True}
    booked = await hall.command("bookings", asked, Role.COUNTER)
    assert booked.json()["links"]["own"].startswith("/a/hall.")
    full = await hall.command("bookings", asked, Role.COUNTER)
    assert (full.json()["code"], len(full.json()["free"])) == ("slot_full", 5)
    until = (datetime.fromisoformat(second) + timedelta(hours=1)).isoformat(timespec="milliseconds")
    blocked = await hall.command(
        "slots/block", {"from_at": second, "to_at": until, "reason": "meeting"}, Role.SUPERVISOR
    )
    await seen(hall, blocked.json()["seq"])
    named = business_day(hall.zone, int(datetime.fromisoformat(second).timestamp() * 1000)).day
    day = (await hall.get(f"{ZONE}/appointments?day={named}", Role.COUNTER)).json()
    assert [a["slot_at"] for a in day["appointments"]] == [second]
    assert {a["slot_at"] for a in day["holds"]} <= {first}
    assert [(b["id"], b["reason"]) for b in day["blocks"]] == [(blocked.json()["block"]["id"], "meeting")]
    assert (await free(hall))[0] == until
    await hall.command("slots/unblock", {"block": blocked.json()["block"]["id"]}, Role.SUPERVISOR)
    assert [e.what for e in (await Audit(hall.store.client).latest())[:2]] == ["slots_unblocked", "slots_blocked"]
    moved = await hall.command(
        f"bookings/{booked.json()['booking']['id']}/move", {"slot_at": until, "only_free": True}, Role.COUNTER
    )
    assert moved.json()["booking"]["slot_at"] == until


@pytest.mark.parametrize("role", [None, Role.DEVICE, Role.VIEWER])
async def test_nobody_else_sees_the_day_or_blocks(hall: WebOffice, role: Role | None) -> None:
    status = 403 if role else 401
    assert (await hall.get(f"{ZONE}/appointments", role)).status_code == status
    span = {"from_at": "2030-01-01T10:00:00+01:00", "to_at": "2030-01-01T11:00:00+01:00"}
    assert (await hall.command("slots/block", span, role)).status_code == status


async def test_who_works_at_a_counter_sees_the_day_and_blocks_nothing(hall: WebOffice) -> None:
    assert (await hall.get(f"{ZONE}/appointments", Role.COUNTER)).status_code == 200
    span = {"from_at": "2030-01-01T10:00:00+01:00", "to_at": "2030-01-01T11:00:00+01:00"}
    assert (await hall.command("slots/block", span, Role.COUNTER)).status_code == 403


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_a_day_beyond_all_calendars_is_told(hall: WebOffice, day: str) -> None:
    assert (await hall.get(f"{ZONE}/appointments?day={day}", Role.COUNTER)).status_code in {200, 422}
    assert (await hall.http.get(f"{ZONE}/slots?service=new&from={day}")).status_code in {200, 422}


async def test_a_span_ends_after_it_begins(hall: WebOffice) -> None:
    span = {"from_at": "2030-01-01T10:00:00+01:00", "to_at": "2030-01-01T10:00:00+01:00"}
    assert (await hall.command("slots/block", span)).status_code == 422


async def test_who_has_confirmed_checks_in_with_the_code(hall: WebOffice) -> None:
    slot_at = datetime.fromisoformat((await free(hall))[0])
    told = await held(hall, slot_at.isoformat())
    code = told["booking"]["id"]
    early = await hall.command(f"bookings/{code}/check-in", {}, Role.DEVICE)
    assert early.json()["code"] == "booking_unconfirmed"
    await hall.command(f"{own(told)}/confirm", {}, None)
    await hall.engine.set_clock(hall.zone.id, int(slot_at.timestamp() * 1000) - 600_000, 1)
    done = await hall.command(f"bookings/{code}/check-in", {}, Role.DEVICE)
    assert done.status_code == 201, done.text
    assert done.json()["ticket"]["slot_at"].startswith(slot_at.isoformat()[:16])
    mine = (await hall.http.get(f"{ZONE}/{own(told)}")).json()
    assert (mine["appointment"]["state"], mine["links"]["ticket"]) == ("arrived", done.json()["links"]["own"])
