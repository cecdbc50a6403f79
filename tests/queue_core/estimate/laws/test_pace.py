"""The pace of today: found soon, not shaken by single visits."""

import math

import numpy as np
import pytest

from queue_core.estimate.laws.pace import GRID, Pace, drawn

SPREAD = 0.6
DOUBLED = math.log(2)


def after(residuals: list[float], pace: Pace | None = None) -> Pace:
    pace = pace or Pace()
    for residual in residuals:
        pace.learn(residual, SPREAD**2)
    return pace


def usual(count: int, seed: int = 1, at: float = 0.0) -> list[float]:
    return [float(x) for x in np.random.default_rng(seed).normal(at, SPREAD, count)]


def test_a_day_begins_at_the_usual_pace() -> None:
    assert Pace().mean == pytest.approx(0, abs=1e-9)


def test_the_belief_stays_a_probability() -> None:
    belief = after([*usual(50), 5.0, -5.0]).belief
    assert belief.sum() == pytest.approx(1)
    assert (belief >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_slow_day_is_found(seed: int) -> None:
    assert after(usual(100, seed, at=0.3)).mean == pytest.approx(0.3, abs=0.17)


@pytest.mark.parametrize("seed", range(5))
def test_a_doubling_is_found_within_some_visits(seed: int) -> None:
    pace = after(usual(80, seed))
    assert after(usual(25, 100 + seed, at=DOUBLED), pace).mean > 0.6 * DOUBLED


@pytest.mark.parametrize("seed", range(5))
def test_three_long_services_do_not_double_every_forecast(seed: int) -> None:
    pace = after(usual(40, seed))
    before = pace.mean
    long = [residual for n in range(3) for residual in (math.log(5), *usual(3, 10 * seed + n))]
    assert after(long, pace).mean - before < 0.25 * DOUBLED


@pytest.mark.parametrize("seed", range(5))
def test_not_even_when_they_end_together(seed: int) -> None:
    pace = after(usual(40, seed))
    before = pace.mean
    assert after([math.log(5)] * 3, pace).mean - before < 0.85 * DOUBLED


def test_one_forgotten_ticket_changes_next_to_nothing() -> None:
    pace = after(usual(40))
    before = pace.mean
    assert after([math.log(40)], pace).mean == pytest.approx(before, abs=0.02)


def test_visits_that_still_run_slow_the_pace_before_they_end() -> None:
    pace = after(usual(40))
    late = pace.outlasting([(math.log(2.5), SPREAD)] * 6)
    assert late @ GRID > pace.mean + 0.02


def test_visits_that_have_just_begun_say_nothing() -> None:
    pace = after(usual(40))
    assert pace.outlasting([(math.log(0.01), SPREAD)] * 8) == pytest.approx(pace.belief, abs=1e-3)


def test_a_ticket_that_nobody_ends_says_little() -> None:
    pace = after(usual(40))
    assert pace.outlasting([(math.log(60), SPREAD)]) @ GRID < pace.mean + 0.3


def test_what_is_drawn_is_the_belief() -> None:
    belief = after(usual(30, at=0.2)).belief
    numbers = drawn(belief, (np.arange(2000) + 0.5) / 2000)
    assert numbers.mean() == pytest.approx(belief @ GRID, abs=0.01)
    assert numbers.std() == pytest.approx(float(belief @ (GRID - belief @ GRID) ** 2) ** 0.5, abs=0.02)


def test_it_is_written_and_read() -> None:
    pace = after(usual(30))
    assert Pace.from_json(pace.to_json()).mean == pytest.approx(pace.mean, abs=1e-3)


@pytest.mark.parametrize("record", [[], [1.0], [0.0] * len(GRID)], ids=["none", "short", "empty"])
def test_another_grid_is_refused(record: list[float]) -> None:
    with pytest.raises(ValueError, match="grid"):
        Pace.from_json(record)
