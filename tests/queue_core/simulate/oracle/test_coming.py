from dataclasses import replace

import numpy as np
import pytest

from queue_core.domain.model import Booking, BookingId, ClassId, TicketState
from queue_core.domain.snapshot import Snapshot
from queue_core.simulate.day import peak_per_s, pressure
from queue_core.simulate.halls import APPOINTMENT, PRIORITY
from queue_core.simulate.oracle.coming import Booked, Newcomers, Returning, streams
from queue_core.simulate.oracle.draws import draws
from queue_core.simulate.spread import Floats
from tests.queue_core.simulate.oracle.moments import EXPONENTIAL, MONDAY, TEN_MS, ZONE, A, B, ticket, today

REPLICATES = 500
DRAWS = draws(EXPONENTIAL, 1, REPLICATES)
QUARTER_MS = 900_000


def test_only_who_has_a_head_start_comes_into_question_and_only_for_so_long() -> None:
    found = list(Newcomers(today(), 1, REPLICATES).coming(TEN_MS))
    assert {stream.visitor_class for stream in found} == {PRIORITY}
    assert {stream.service for stream in found} == set(ZONE.services)
    for stream in found:
        here = np.isfinite(stream.callable_s)
        assert (stream.rank_s[here] <= 0).all()
        assert (stream.callable_s[here] >= 0).all()


def test_as_many_come_as_the_days_intensity_says() -> None:
    busy = today(replace(EXPONENTIAL, demand=replace(EXPONENTIAL.demand, curve=((0.0, 1.0), (1.0, 1.0)), day_off=0.0)))
    stream = next(s for s in Newcomers(busy, 1, REPLICATES).coming(TEN_MS) if s.service == B)
    habits = busy.habits
    per_s = pressure(habits, "any") * peak_per_s(ZONE, habits, B, 720.0) * habits.manners.others
    early = (stream.rank_s <= 0) & np.isfinite(stream.callable_s)
    assert early.sum(axis=1).mean() == pytest.approx(1200 * per_s, rel=0.15)


def booked(minutes_to_slot: float) -> tuple[Floats, Floats]:
    booking = Booking(BookingId("b1"), A, APPOINTMENT, TEN_MS + round(60_000 * minutes_to_slot))
    ((service, column),) = Booked(today(), 1, REPLICATES).columns([booking], TEN_MS)
    assert service == A
    return column


def test_of_the_booked_nine_in_ten_come_and_none_is_called_long_before_the_slot() -> None:
    callable_s, rank_s = booked(60)
    comes = np.isfinite(callable_s)
    assert comes.mean() == pytest.approx(0.9, abs=0.03)
    assert callable_s.min() == 55 * 60
    assert set(rank_s[comes]) == {60 * 60 - 1800.0}


def test_later_it_gets_the_fewer_of_the_booked_still_come() -> None:
    still = [float(np.isfinite(booked(minutes)[0]).mean()) for minutes in (60, 0, -8, -14)]
    assert still == sorted(still, reverse=True)
    assert still[-1] < 0.2
    assert np.isposinf(booked(-30)[0]).all()


def gone(state: TicketState, **more: int) -> Snapshot:
    one = ticket(state, **more)
    return Snapshot(tickets={one.id: one})


def test_who_is_missed_comes_back_within_twenty_minutes_or_never() -> None:
    returning = Returning(today(), DRAWS)
    ((service, (callable_s, rank_s)),) = returning.columns(
        gone(TicketState.MISSED, called_ms=TEN_MS - 80_000), TEN_MS, []
    )
    assert service == A
    comes = np.isfinite(callable_s)
    assert comes.mean() == pytest.approx(EXPONENTIAL.manners.comes_back, abs=0.05)
    assert 180 <= callable_s.min() < callable_s[comes].max() <= 1200
    assert set(rank_s) == {-600.0}
    later = returning.columns(gone(TicketState.MISSED, called_ms=TEN_MS - 3 * QUARTER_MS), TEN_MS, [])
    assert np.isposinf(next(later)[1][0]).all()


def test_who_is_parked_comes_back_before_closing_or_not_at_all() -> None:
    parked = gone(TicketState.PARKED, called_ms=TEN_MS - QUARTER_MS, started_ms=TEN_MS - QUARTER_MS)
    returning = Returning(today(), DRAWS)
    assert np.isfinite(next(returning.columns(parked, TEN_MS, []))[1][0]).all()
    at_closing = today().closes_ms
    assert np.isposinf(next(returning.columns(parked, at_closing, []))[1][0]).all()


def test_people_of_one_service_are_one_stream_in_the_order_of_coming() -> None:
    late, early = np.array([300.0, np.inf]), np.array([np.inf, 100.0])
    nobody = np.full(2, np.inf)
    ranks = np.array([1.0, 2.0])
    (stream,) = streams([(A, (late, ranks)), (A, (early, -ranks)), (B, (nobody, ranks))], ClassId("default"))
    assert stream.service == A
    assert stream.callable_s.tolist() == [[300.0], [100.0]]
    assert stream.rank_s.tolist() == [[1.0], [-2.0]]


def test_closed_service_draws_nobody() -> None:
    after_hours = list(Newcomers(today(), 1, REPLICATES).coming(MONDAY.to_ms - 1))
    assert after_hours == []
