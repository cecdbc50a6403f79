"""What is free, as it is told: from appointments, holds that last, whoever has come, and blocks."""

from dataclasses import replace

import pytest

from queue_core.domain.model import Block, BlockId, Booking, BookingId, ServiceId, TicketId
from queue_core.domain.occupancy import Occupancy
from queue_core.domain.office import Appointments
from queue_core.domain.snapshot import Snapshot
from tests.support.zones import APPOINTMENT, NEW, SHORT, zone

MINUTE_MS = 60_000
NOW_MS = 1_900_000_000_000
SLOT_MS = NOW_MS + 60 * MINUTE_MS
PLAIN = Appointments((NEW, SHORT), APPOINTMENT, slot_s={NEW: 1200, SHORT: 600}, per_slot={NEW: 2, SHORT: 1})
GIVEN = zone(appointments=PLAIN)


def booking(name: str, slot_ms: int = SLOT_MS, service: ServiceId = NEW, length_ms: int = 20 * MINUTE_MS) -> Booking:
    return Booking(BookingId(name), service, APPOINTMENT, slot_ms, length_ms)


def free(state: Snapshot, slot_ms: int = SLOT_MS, service: ServiceId = NEW) -> int:
    return Occupancy(GIVEN, state, NOW_MS).free(service, slot_ms)


def listed(*bookings: Booking) -> dict[BookingId, Booking]:
    return {b.id: b for b in bookings}


def test_an_empty_day_has_all_its_places() -> None:
    assert (free(Snapshot()), free(Snapshot(), service=SHORT)) == (2, 1)


@pytest.mark.parametrize(
    ("begins_ms", "left"),
    [
        pytest.param(SLOT_MS - 20 * MINUTE_MS, 2, id="ends-before"),
        pytest.param(SLOT_MS - 20 * MINUTE_MS + 1, 1, id="ends-after-it-began"),
        pytest.param(SLOT_MS + 20 * MINUTE_MS - 1, 1, id="begins-before-it-ends"),
        pytest.param(SLOT_MS + 20 * MINUTE_MS, 2, id="begins-after"),
    ],
)
def test_what_overlaps_takes_a_place_and_what_touches_does_not(begins_ms: int, left: int) -> None:
    assert free(Snapshot(bookings=listed(booking("a", begins_ms)))) == left


def test_two_that_follow_each_other_take_one_place_between_them() -> None:
    one, other = booking("a", SLOT_MS - 10 * MINUTE_MS), booking("b", SLOT_MS + 10 * MINUTE_MS)
    assert free(Snapshot(bookings=listed(one, other))) == 1


def test_a_hold_counts_as_long_as_it_lasts_and_whoever_has_come_all_the_day() -> None:
    lasts = replace(booking("a"), held_until_ms=NOW_MS + 1)
    lapsed = replace(booking("b"), held_until_ms=NOW_MS)
    assert free(Snapshot(holds=listed(lasts, lapsed))) == 1
    assert free(Snapshot(arrived=listed(replace(booking("c"), used=TicketId("t"))))) == 1


def test_more_than_there_are_places_leaves_none_and_not_less() -> None:
    assert free(Snapshot(bookings=listed(*(booking(name) for name in "abcd")))) == 0


def test_other_services_and_appointments_without_a_length_take_nothing() -> None:
    others = listed(booking("a", service=SHORT), booking("b", length_ms=0))
    assert free(Snapshot(bookings=others)) == 2


def test_a_block_concerns_its_span_and_its_services() -> None:
    block = Block(BlockId("x"), SLOT_MS - MINUTE_MS, SLOT_MS + MINUTE_MS, (NEW,))
    state = Snapshot(blocks=(block,))
    assert (free(state), free(state, service=SHORT), free(state, SLOT_MS + MINUTE_MS)) == (0, 1, 2)
    assert Occupancy(GIVEN, state, NOW_MS).blocked(NEW, SLOT_MS) == block
    assert free(Snapshot(blocks=(replace(block, services=()),)), service=SHORT) == 0
