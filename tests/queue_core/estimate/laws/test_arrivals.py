"""Who draws a ticket when."""

import numpy as np
import pytest

from queue_core.domain.model import ClassId, ServiceId
from queue_core.estimate.laws.arrivals import CELL_S, Arrivals

A, B = ServiceId("a"), ServiceId("b")
USUAL, FIRST = ClassId("usual"), ClassId("first")
MORNING_S = 4 * 3600.0


def day(laws: Arrivals, people: int, hours: float = 4.0, visitor_class: ClassId = USUAL) -> None:
    for at_s in MORNING_S + (np.arange(people) + 0.5) * hours * 3600 / people:
        laws.learn(A, visitor_class, float(at_s))


def test_nobody_ever_came_and_nobody_is_expected() -> None:
    assert Arrivals().rates(A, MORNING_S).sum() == 0
    assert Arrivals().intensity(MORNING_S) == (1.0, 16.0)


def test_on_the_first_day_the_rate_is_todays_so_far() -> None:
    laws = Arrivals()
    day(laws, 80)
    rates = laws.rates(A, MORNING_S + 4 * 3600)
    assert rates[0] == pytest.approx(80 / (4 * 3600 + 1200), rel=0.01)


def test_the_true_profile_is_found() -> None:
    laws = Arrivals()
    for _ in range(10):
        day(laws, 80)
        laws.forget_day()
    rates = laws.rates(A, MORNING_S)
    busy = int(MORNING_S / CELL_S) + 3
    assert rates[busy] == pytest.approx(80 / (4 * 3600), rel=0.05)
    assert rates[int(MORNING_S / CELL_S) - 3] == 0
    assert rates.sum() * CELL_S == pytest.approx(80, rel=0.1)


def test_a_busy_day_is_seen_to_be_one() -> None:
    laws = Arrivals()
    for _ in range(10):
        day(laws, 80)
        laws.forget_day()
    day(laws, 160)
    mean, shape = laws.intensity(MORNING_S + 4 * 3600)
    assert mean == pytest.approx((160 + 16) / (80 + 16), rel=0.08)
    assert shape == 160 + 16


def test_the_share_of_a_class_is_found_and_starts_at_none() -> None:
    laws = Arrivals()
    assert laws.share(A, USUAL, USUAL) == 1
    assert laws.share(A, FIRST, USUAL) == 0
    day(laws, 80)
    day(laws, 20, visitor_class=FIRST)
    assert laws.share(A, FIRST, USUAL) == pytest.approx(20 / 110)
    assert laws.share(A, FIRST, USUAL) + laws.share(A, USUAL, USUAL) == pytest.approx(1)


def test_a_day_on_which_nobody_came_is_none() -> None:
    laws = Arrivals()
    day(laws, 80)
    laws.forget_day()
    laws.forget_day()
    assert laws.days == 1


def test_they_are_written_and_read() -> None:
    laws = Arrivals()
    day(laws, 80)
    laws.forget_day()
    day(laws, 5)
    again = Arrivals.from_json(laws.to_json())
    assert again.to_json() == laws.to_json()
    assert again.rates(A, 0.0) == pytest.approx(laws.rates(A, 0.0))
