"""Moments of a small office that the oracle's parts are asked about."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.simulate.day import draw
from queue_core.simulate.habits import DEMO, Appointments, Habits, Talks
from queue_core.simulate.halls import APPOINTMENT, PRIORITY, hall
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.spread import Exponential

A, B, C = ServiceId("a"), ServiceId("b"), ServiceId("c")
ONE = CounterId("1")
ZONE = hall("hall", {"a": 8, "b": 12, "c": 5}, [("a", "b", "c")] * 3, {PRIORITY: 1200, APPOINTMENT: 1800})
MONDAY = business_day(ZONE, local_ms(ZONE, date(2030, 1, 7), time(12)))
TEN_MS = local_ms(ZONE, MONDAY.day, time(10))
EXPONENTIAL = replace(
    DEMO,
    talks=Talks(Exponential(), off=0.0, pace_off=0.0),
    desk=replace(DEMO.desk, gap_s=(10.0, 10.0), one_key=0.0),
    appointments=Appointments((A,), visitor_class=APPOINTMENT),
)


def today(habits: Habits = EXPONENTIAL) -> Today:
    day = draw(ZONE, MONDAY, 1, habits)
    assert day is not None
    return Today.of(ZONE, day, 1)


def ticket(state: TicketState = TicketState.WAITING, **more: Any) -> Ticket:
    arrived_ms = TEN_MS - 600_000
    plain = Ticket(
        TicketId("t1"),
        "A001",
        SeriesId("a"),
        A,
        ClassId("default"),
        state,
        ordinal=1,
        issued_ms=arrived_ms,
        arrival_ms=arrived_ms,
        rank_ms=arrived_ms,
        seq=1,
    )
    return replace(plain, **more)
