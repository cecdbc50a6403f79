"""Appointments: booked, moved, cancelled, checked in early, on time, late, twice."""

from dataclasses import replace

import pytest

from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn, MoveBooking
from queue_core.domain.commands import CallNext, Command, Issue
from queue_core.domain.errors import Refusal
from queue_core.domain.model import BookingId, ClassId, ServiceId, Ticket, TicketId
from queue_core.domain.policy import Why
from tests.support.bench import MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE

B = BookingId("b")
SLOT_MS = MORNING_MS + 30 * MINUTE_MS
HEAD_START_MS = 60 * MINUTE_MS


async def booked(bench: Bench, slot_ms: int = SLOT_MS) -> None:
    await bench.do(Book(B, NEW, APPOINTMENT, slot_ms))


async def checked_in(bench: Bench) -> Ticket:
    outcome = await bench.do(CheckIn(B))
    assert [e.type.value for e in outcome.events] == ["checked_in", "issued"]
    return await bench.ticket(TicketId(outcome.events[1].data["ticket"]))


async def test_a_check_in_ranks_by_the_slot_and_waits_for_the_lead(bench: Bench) -> None:
    await booked(bench)
    ticket = await checked_in(bench)
    assert (ticket.booking, ticket.slot_ms, ticket.arrival_ms) == (B, SLOT_MS, MORNING_MS)
    assert (ticket.rank_ms, ticket.not_before_ms) == (SLOT_MS - HEAD_START_MS, SLOT_MS - 5 * MINUTE_MS)


async def test_within_the_grace_the_slot_still_ranks(bench: Bench) -> None:
    await booked(bench)
    await bench.set_time(SLOT_MS + 10 * MINUTE_MS)
    ticket = await checked_in(bench)
    assert (ticket.rank_ms, ticket.not_before_ms) == (SLOT_MS - HEAD_START_MS, 0)


async def test_who_is_later_than_the_grace_ranks_by_the_check_in(bench: Bench) -> None:
    await booked(bench)
    await bench.set_time(SLOT_MS + 10 * MINUTE_MS + 1)
    outcome = await bench.do(CheckIn(B))
    assert outcome.events[0].data["late"] is True
    assert outcome.events[1].data["rank_ms"] == bench.now_ms - HEAD_START_MS


async def test_a_check_in_too_early_is_told_from_when(bench: Bench) -> None:
    await booked(bench, MORNING_MS + 61 * MINUTE_MS)
    refused = await bench.refused(CheckIn(B))
    assert refused.code is Refusal.BOOKING_TOO_EARLY
    assert refused.details["from_ms"] == MORNING_MS + MINUTE_MS
    await bench.pass_s(60)
    await checked_in(bench)


async def test_a_booking_is_used_once(bench: Bench) -> None:
    await booked(bench)
    ticket = await checked_in(bench)
    for command in (CheckIn(B), MoveBooking(B, SLOT_MS), CancelBooking(B)):
        assert await bench.refusal(command) is Refusal.BOOKING_USED
    told = (await bench.refused(CheckIn(B))).details
    assert (told["ticket"], told["number"], told["state"], told["slot_ms"]) == (ticket.id, "A001", "waiting", SLOT_MS)
    assert (await bench.read()).bookings == {}


async def test_who_checked_in_the_day_before_is_told_so_without_a_number(bench: Bench) -> None:
    await bench.restart(replace(bench.zone, rules=replace(bench.zone.rules, booking_earliest_s=2 * 86_400)))
    await booked(bench, SLOT_MS + 24 * 60 * MINUTE_MS)
    await checked_in(bench)
    await bench.next_day()
    told = (await bench.refused(CheckIn(B))).details
    assert (told.get("number"), told["slot_ms"]) == (None, SLOT_MS + 24 * 60 * MINUTE_MS)


async def test_appointments_are_outside_the_quota(bench: Bench) -> None:
    await bench.restart(
        replace(bench.zone, services={**bench.zone.services, NEW: replace(bench.zone.services[NEW], quota=1)})
    )
    await bench.draw()
    await booked(bench)
    await checked_in(bench)
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.QUOTA_EXHAUSTED
    assert (await bench.read()).issued == {NEW: 1}


async def test_an_appointment_is_called_when_its_moment_has_come(bench: Bench) -> None:
    await bench.open_counters(ONE)
    await booked(bench)
    appointment, plain = await checked_in(bench), await bench.draw()
    await bench.set_time(appointment.not_before_ms - 1)
    assert [c.ticket.id for c in (await bench.engine.next(bench.zone.id, ONE)).candidates] == [plain]
    await bench.pass_s(0.001)
    candidates = (await bench.engine.next(bench.zone.id, ONE)).candidates
    assert [(c.ticket.id, c.why) for c in candidates] == [(appointment.id, Why.APPOINTMENT), (plain, Why.FIRST_COME)]
    called = (await bench.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == appointment.id


async def test_a_booking_is_moved_and_cancelled(bench: Bench) -> None:
    await booked(bench)
    await bench.do(MoveBooking(B, SLOT_MS + MINUTE_MS))
    assert (await bench.read()).bookings[B].slot_ms == SLOT_MS + MINUTE_MS
    await bench.do(CancelBooking(B))
    assert await bench.refusal(CheckIn(B)) is Refusal.UNKNOWN_BOOKING


async def test_a_booking_of_another_day_stays_until_its_day_is_over(bench: Bench) -> None:
    await booked(bench, SLOT_MS + 24 * 60 * MINUTE_MS)
    await bench.next_day()
    await checked_in(bench)
    await bench.next_day()
    assert await bench.refusal(CheckIn(B)) is Refusal.UNKNOWN_BOOKING


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (Book(B, ServiceId("none"), APPOINTMENT, 1), Refusal.UNKNOWN_SERVICE),
        (Book(B, NEW, ClassId("none"), 1), Refusal.UNKNOWN_CLASS),
        (MoveBooking(B, 1), Refusal.UNKNOWN_BOOKING),
        (CancelBooking(B), Refusal.UNKNOWN_BOOKING),
        (CheckIn(B), Refusal.UNKNOWN_BOOKING),
    ],
)
async def test_what_is_unknown_is_refused(bench: Bench, command: Command, refusal: Refusal) -> None:
    assert await bench.refusal(command) is refusal


async def test_a_booking_is_made_once(bench: Bench) -> None:
    await booked(bench)
    assert await bench.refusal(Book(B, NEW, APPOINTMENT, SLOT_MS)) is Refusal.BOOKING_EXISTS
