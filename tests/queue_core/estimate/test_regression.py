import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.estimate.regression import SLACK_S, Regression

MORNING_H, NOON_H, AFTERNOON_H = 8.0, 12.0, 16.0


def one(median_s: float) -> np.ndarray:
    return np.array([median_s])


def learn(regression: Regression, ratio: float, rows: int, hour: float = NOON_H, median_s: float = 900.0) -> None:
    """Waits that were `ratio` times the median, slack included."""
    for _ in range(rows):
        grounds = regression.correction().grounds(one(median_s), hour)
        regression.learn(grounds, ratio * (median_s + SLACK_S) - SLACK_S)


def added(regression: Regression, median_s: float = 900.0, hour: float = NOON_H) -> float:
    return float(regression.correction().grounds(one(median_s), hour).added[0])


def test_before_anything_is_learned_nothing_is_corrected() -> None:
    assert Regression().correction().helps
    assert added(Regression()) == 0


def test_what_is_missed_again_and_again_is_corrected() -> None:
    regression = Regression(days=1)
    learn(regression, 1.3, 1500)
    assert 0.6 * np.log(1.3) < added(regression) < np.log(1.3)


def test_few_rows_correct_little() -> None:
    regression = Regression(days=1)
    learn(regression, 1.3, 10)
    assert 0 < added(regression) < 0.03


def test_mornings_and_afternoons_are_corrected_apart() -> None:
    regression = Regression(days=1)
    for _ in range(500):
        learn(regression, 0.8, 1, MORNING_H)
        learn(regression, 1.25, 1, AFTERNOON_H)
    assert added(regression, hour=MORNING_H) < -0.1
    assert added(regression, hour=AFTERNOON_H) > 0.1


def test_long_waits_are_corrected_apart_from_short_ones() -> None:
    regression = Regression(days=1)
    for _ in range(500):
        learn(regression, 1.2, 1, median_s=300)
        learn(regression, 0.85, 1, median_s=3000)
    assert added(regression, 300) > 0.05
    assert added(regression, 3000) < -0.05


def test_newer_rows_count_more_than_old_ones() -> None:
    regression = Regression(days=1)
    learn(regression, 0.8, 1500)
    learn(regression, 1.25, 3000)
    assert added(regression) > 0.05


def test_one_wait_that_is_like_no_other_pulls_no_harder_than_a_usual_miss() -> None:
    odd, usual = Regression(days=1), Regression(days=1)
    learn(odd, 50, 1)
    learn(usual, 1.65, 1)
    assert added(odd) == pytest.approx(added(usual), rel=0.1)


def test_correcting_rests_while_it_makes_forecasts_worse() -> None:
    regression = Regression(days=1)
    learn(regression, 1.4, 1000)
    assert regression.correction().helps
    learn(regression, 1.0, 60)
    assert not regression.correction().helps
    learn(regression, 1.4, 200)
    assert regression.correction().helps


def test_whoever_is_as_good_as_called_teaches_nothing() -> None:
    regression = Regression(days=1)
    learn(regression, 3.0, 50, median_s=10)
    regression.learn(regression.correction().grounds(one(np.inf), NOON_H), 900)
    assert regression.to_json() == Regression(days=1).to_json()


def test_the_first_day_teaches_nothing() -> None:
    regression = Regression()
    learn(regression, 1.3, 300)
    assert added(regression) == 0
    regression.forget_day()
    learn(regression, 1.3, 300)
    assert added(regression) > 0


def test_a_night_weakens_what_was_learned() -> None:
    regression = Regression(days=1)
    learn(regression, 1.3, 200)
    yesterday = added(regression)
    regression.forget_day()
    assert 0 < added(regression) < yesterday


def test_what_is_learned_survives_json() -> None:
    regression = Regression(days=1)
    for n in range(200):
        learn(regression, 0.7 + n % 9 / 10, 1, hour=8 + n % 8, median_s=200 + 20 * n)
    again = Regression.from_json(json.loads(json.dumps(regression.to_json())))
    assert again.to_json() == regression.to_json()
    assert added(again) == pytest.approx(added(regression), abs=1e-3)


@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 24)), max_size=30),
    st.lists(st.floats(0, 1e6) | st.just(np.inf), min_size=1),
    st.floats(0, 24),
)
def test_corrections_are_finite_and_bounded_and_none_of_who_is_called_at_once(
    rows: list[tuple[float, float, float]], at: list[float], hour: float
) -> None:
    regression = Regression(days=1)
    for median_s, wait_s, at_hour in rows:
        regression.learn(regression.correction().grounds(one(median_s), at_hour), wait_s)
    found = regression.correction().grounds(np.array([0.0, *at]), hour).added
    assert np.all(np.abs(found) <= 0.5)
    assert found[0] == 0
