from dataclasses import replace
from datetime import date, time

import numpy as np
import pytest

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.model import Counter, CounterId, CounterState
from queue_core.simulate.day import draw
from queue_core.simulate.habits import DEMO, Break, Habits, Rota
from queue_core.simulate.halls import hall
from queue_core.simulate.oracle.counters import Counters
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.spread import Floats

REPLICATES = 500
ZONE = hall("hall", {"a": 8}, [("a",)] * 4)
MONDAY = business_day(ZONE, local_ms(ZONE, date(2030, 1, 7), time(12)))
EIGHT_MS = local_ms(ZONE, MONDAY.day, time(8))
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
#: One break of a quarter of an hour at noon, counter 4 leaves at 14:00.
HABITS = replace(DEMO, rota=Rota(breaks=(Break(0.5, 0.5, 15),), part_time=0.75))
NOON_MS = EIGHT_MS + 4 * HOUR_MS


def counters(habits: Habits = HABITS) -> Counters:
    day = draw(ZONE, MONDAY, 1, habits)
    assert day is not None
    return Counters(Today.of(ZONE, day, 1), 1, REPLICATES)


def counter(state: CounterState, since_ms: int, name: str = "1") -> Counter:
    return Counter(CounterId(name), state, since_ms=since_ms)


def spans(found: Floats) -> tuple[float, float]:
    return float(found.min()), float(found.max())


def test_closed_counter_opens_within_two_minutes_of_the_hour_and_calls_a_gap_later() -> None:
    low, high = spans(counters().free_s(counter(CounterState.CLOSED, 0), EIGHT_MS - 10 * MINUTE_MS))
    assert 480 + 5 <= low < 495 + 10
    assert 720 < high <= 720 + 25


def test_counter_that_should_be_open_by_now_opens_soon() -> None:
    _, high = spans(counters().free_s(counter(CounterState.CLOSED, 0), EIGHT_MS + MINUTE_MS))
    assert high <= 60 + 25


@pytest.mark.parametrize("since_ms", [0, EIGHT_MS + 6 * HOUR_MS], ids=["never came", "has gone home"])
def test_counter_that_is_closed_for_the_day_never_calls(since_ms: int) -> None:
    found = counters().free_s(counter(CounterState.CLOSED, since_ms), EIGHT_MS + 7 * HOUR_MS)
    assert np.isposinf(found).all()


def test_break_ends_as_planned_however_late_it_was_taken() -> None:
    """Paused at 12:03: it was due between 12:00 and then."""
    low, high = spans(counters().free_s(counter(CounterState.PAUSED, NOON_MS + 3 * MINUTE_MS), NOON_MS + 5 * MINUTE_MS))
    assert 600 + 5 <= low < 620
    assert 760 < high <= 780 + 25


def test_gap_is_over_in_time() -> None:
    free = counters()
    low, high = spans(free.free_s(counter(CounterState.OPEN, NOON_MS), NOON_MS + 15_000))
    assert 0 <= low < high <= 10
    assert spans(free.free_s(counter(CounterState.OPEN, NOON_MS), NOON_MS + 30_000)) == (0, 0)


def test_break_to_come_lies_in_its_window_and_is_not_due_when_the_clerk_last_looked() -> None:
    away_s = counters().away_s(counter(CounterState.OPEN, 0), NOON_MS + 2 * MINUTE_MS, NOON_MS + 2 * MINUTE_MS)
    low, high = spans(away_s[:, 0, 0])
    assert 0 <= low < high <= 180
    assert (away_s[:, 0, 1] - away_s[:, 0, 0]).min() >= 15 * 60 + 5


def test_break_that_was_taken_does_not_come_again() -> None:
    away_s = counters().away_s(counter(CounterState.OPEN, 0), NOON_MS + HOUR_MS, NOON_MS + HOUR_MS)
    assert np.isinf(away_s[:, 1]).all()
    assert (away_s[:, 0, 0] == 4 * 3600).all()


def test_part_time_counter_leaves_on_the_minute_and_others_stay_for_who_is_inside() -> None:
    found = counters()
    ends_s = [found.away_s(counter(CounterState.OPEN, 0, name), EIGHT_MS, EIGHT_MS)[:, 1, 0] for name in ("1", "4")]
    assert [set(ends) for ends in ends_s] == [{9 * 3600.0}, {6 * 3600.0}]
