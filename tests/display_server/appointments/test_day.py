"""A day as rows: slots with their places, appointments off the grid, what is late, over or blocked."""

from dataclasses import replace
from datetime import date

import pytest

from display_server.appointments.day import State, day_view, state_of
from queue_core.appointments import AppointmentDay, FreeSlot, ServiceDay
from queue_core.domain.calendar import day_named
from queue_core.domain.model import Block, BlockId, Booking, BookingId, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import Appointments
from queue_core.domain.snapshot import Snapshot
from tests.support.zones import APPOINTMENT, NEW, SHORT, zone

ZONE = zone(appointments=Appointments((NEW, SHORT), APPOINTMENT))
DAY = day_named(ZONE, date(2030, 1, 16))
MINUTE_MS = 60_000
NOW_MS = DAY.from_ms + 60 * MINUTE_MS


def slot(minute: int, free: int = 1) -> FreeSlot:
    begin = NOW_MS + minute * MINUTE_MS
    return FreeSlot(begin, begin + 15 * MINUTE_MS, free)


def booking(code: str, minute: int, service: ServiceId = NEW, **more: object) -> Booking:
    plain = Booking(BookingId(code), service, APPOINTMENT, NOW_MS + minute * MINUTE_MS, 15 * MINUTE_MS)
    return replace(plain, **more)  # type: ignore[arg-type]


def found(*bookings: Booking, slots: tuple[FreeSlot, ...] = (), blocks: tuple[Block, ...] = ()) -> AppointmentDay:
    return AppointmentDay(DAY, (ServiceDay(NEW, slots), ServiceDay(SHORT, ())), bookings, (), (), blocks)


def test_times_that_are_over_are_left_out_unless_somebody_had_one() -> None:
    day = found(booking("A", -15), slots=(slot(-30), slot(-15), slot(15)))
    rows = day_view(ZONE, day, Snapshot(), NOW_MS).rows
    assert [(r.from_ms, r.over, len(r.entries)) for r in rows] == [
        (NOW_MS - 15 * MINUTE_MS, True, 1),
        (NOW_MS + 15 * MINUTE_MS, False, 0),
    ]


def test_an_appointment_between_two_slots_has_a_row_of_its_own() -> None:
    rows = day_view(ZONE, found(booking("A", 17), slots=(slot(15), slot(30))), Snapshot(), NOW_MS).rows
    assert [(r.free, [e.code for e in r.entries]) for r in rows] == [(1, []), (None, ["A"]), (1, [])]


def test_a_service_that_the_office_no_longer_has_is_called_by_its_id() -> None:
    (row,) = day_view(ZONE, found(booking("A", 17, ServiceId("gone"))), Snapshot(), NOW_MS).rows
    assert row.name["de"] == "gone"


def test_one_service_can_be_looked_at_alone_and_all_are_counted() -> None:
    day = found(booking("A", 15), booking("B", 15, SHORT), slots=(slot(15), slot(30, 0)))
    view = day_view(ZONE, day, Snapshot(), NOW_MS, SHORT)
    assert {r.service for r in view.rows} == {SHORT}
    assert [(t.service, t.free, t.booked) for t in view.totals] == [(NEW, 1, 1), (SHORT, 0, 1)]


def test_a_block_is_of_its_services_and_lists_what_is_booked_within_it() -> None:
    block = Block(BlockId("b"), NOW_MS, NOW_MS + 20 * MINUTE_MS, (NEW,), "meeting")
    inside, other, after = booking("A", 15), booking("B", 15, SHORT), booking("C", 20)
    snapshot = Snapshot(bookings={b.id: b for b in (inside, other, after)})
    view = day_view(ZONE, found(inside, other, after, slots=(slot(15), slot(30)), blocks=(block,)), snapshot, NOW_MS)
    assert [[e.code for e in b.inside] for b in view.blocked] == [["A"]]
    assert [(r.service, r.block is not None) for r in view.rows] == [
        (NEW, True),
        (SHORT, False),
        (NEW, False),
        (NEW, False),
    ]


@pytest.mark.parametrize(
    ("minute", "state"), [(1, State.BOOKED), (-1, State.LATE), (-10, State.LATE), (-11, State.ABSENT)]
)
def test_who_does_not_come_is_late_and_then_absent(minute: int, state: State) -> None:
    assert state_of(ZONE, booking("A", minute), None, NOW_MS) is state


@pytest.mark.parametrize(
    ("ticket", "state"),
    [
        (TicketState.WAITING, State.WAITING),
        (TicketState.CALLED, State.CALLED),
        (TicketState.SERVING, State.SERVING),
        (TicketState.PARKED, State.PARKED),
        (TicketState.MISSED, State.MISSED),
        (TicketState.FINISHED, State.OVER),
        (TicketState.CANCELLED, State.OVER),
    ],
)
def test_who_came_is_where_the_ticket_is(ticket: TicketState, state: State) -> None:
    drawn = Ticket.from_json(
        {
            "id": "t",
            "number": "A001",
            "service": NEW,
            "series": "a",
            "visitor_class": APPOINTMENT,
            "state": ticket,
            "issued_ms": 1,
            "arrival_ms": 1,
            "rank_ms": 1,
            "ordinal": 1,
            "seq": 1,
        }
    )
    assert state_of(ZONE, booking("A", -60, used=TicketId("t")), drawn, NOW_MS) is state


def test_what_is_held_is_no_appointment() -> None:
    assert state_of(ZONE, booking("A", 15, held_until_ms=NOW_MS + 1), None, NOW_MS) is State.HELD
