"""Places are counted right, and cheaply, however long appointments are and however many begin at one time."""

from dataclasses import replace

import pytest

from queue_core.domain.booking_commands import Book, HoldSlot
from queue_core.domain.errors import Refusal
from queue_core.domain.model import BookingId
from queue_core.domain.office import Appointments
from tests.support.bench import DAY_MS, MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import APPOINTMENT, NEW, SHORT

SLOT_MS = MORNING_MS + 120 * MINUTE_MS
GIVEN = Appointments((NEW, SHORT), APPOINTMENT, share=1.0, slot_s={NEW: 7200, SHORT: 300})
BRIEF = replace(GIVEN, slot_s={NEW: 300, SHORT: 300})
#: More than are read at once.
MANY = 500
A, B = BookingId("a"), BookingId("b")


@pytest.fixture
async def office(bench: Bench) -> Bench:
    await bench.restart(replace(bench.zone, appointments=GIVEN))
    return bench


def hold(booking: BookingId, slot_ms: int) -> HoldSlot:
    return HoldSlot(NEW, APPOINTMENT, slot_ms, booking)


async def test_a_long_appointment_keeps_its_place_when_others_become_short(office: Bench) -> None:
    await office.do(Book(A, NEW, APPOINTMENT, SLOT_MS))
    await office.restart(replace(office.zone, appointments=BRIEF))
    assert await office.refusal(hold(B, SLOT_MS + 115 * MINUTE_MS)) is Refusal.SLOT_FULL
    await office.do(hold(B, SLOT_MS + 120 * MINUTE_MS))


async def test_it_is_seen_from_its_far_end_when_it_grew(office: Bench) -> None:
    await office.restart(replace(office.zone, appointments=BRIEF))
    await office.do(Book(A, NEW, APPOINTMENT, SLOT_MS + DAY_MS))
    await office.restart(replace(office.zone, appointments=GIVEN))
    await office.do(Book(B, NEW, APPOINTMENT, SLOT_MS))
    assert await office.refusal(hold(BookingId("c"), SLOT_MS + 115 * MINUTE_MS)) is Refusal.SLOT_FULL


async def test_a_store_of_an_older_release_that_kept_no_longest_is_searched_far_enough(office: Bench) -> None:
    await office.do(Book(A, NEW, APPOINTMENT, SLOT_MS))
    await office.client.hdel("{hall}:state", "reach_ms")
    await office.do(Book(BookingId("s"), SHORT, APPOINTMENT, SLOT_MS + DAY_MS))
    assert await office.refusal(hold(B, SLOT_MS + 115 * MINUTE_MS)) is Refusal.SLOT_FULL


async def test_who_begins_when_the_one_before_ends_finds_the_place_free(office: Bench) -> None:
    await office.do(Book(A, NEW, APPOINTMENT, SLOT_MS))
    await office.do(hold(B, SLOT_MS + 120 * MINUTE_MS))
    await office.do(hold(BookingId("c"), SLOT_MS - 120 * MINUTE_MS + DAY_MS))


async def test_many_at_one_time_are_all_there_and_all_gone_with_their_day(office: Bench) -> None:
    ids = [BookingId(f"{n:04d}") for n in range(MANY)]
    for booking in ids:
        await office.do(Book(booking, SHORT, APPOINTMENT, SLOT_MS + DAY_MS))
    assert await office.refusal(hold(B, SLOT_MS + DAY_MS)) is Refusal.SLOT_FULL
    await office.next_day()
    [rolled] = [e async for e in office.records.export() if e.type == "day_rolled"]
    assert [b["id"] for b in rolled.data["bookings"]] == ids
    await office.next_day()
    assert (await office.read()).bookings == {}
    assert await office.client.exists("{hall}:bookings", "{hall}:slots", "{hall}:holds") == 0
