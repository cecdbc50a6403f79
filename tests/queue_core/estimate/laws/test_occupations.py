"""Service means from samples of a known truth, and what is doubted before."""

import math

import numpy as np
import pytest

from queue_core.domain.model import ServiceId
from queue_core.estimate.laws.occupations import OFFICE_DOUBT, SERVICE_DOUBT, SPREAD, Occupations

A, B = ServiceId("a"), ServiceId("b")
CONFIGURED_S = 600.0


def taught(count: int, mean_s: float = 900.0, spread: float = 0.5, service: ServiceId = A) -> Occupations:
    laws = Occupations()
    for value in np.random.default_rng(1).normal(math.log(mean_s) - spread**2 / 2, spread, count):
        laws.learn(service, CONFIGURED_S, math.exp(value), 0.0)
    return laws


def test_nothing_seen_is_the_configured_minutes_and_the_way_with_doubt() -> None:
    belief, table = Occupations().belief(A, CONFIGURED_S), Occupations().table(A)
    assert float(np.exp(belief.mean + table.values).mean()) == pytest.approx(1.05 * CONFIGURED_S, rel=0.03)
    assert belief.doubt == pytest.approx(SERVICE_DOUBT)
    assert belief.office == 1
    assert belief.spread == SPREAD
    assert Occupations().office_doubt() == OFFICE_DOUBT


def test_the_true_mean_is_found_within_its_doubt() -> None:
    laws = taught(300)
    belief, table = laws.belief(A, CONFIGURED_S), laws.table(A)
    assert abs(belief.mean - (math.log(900) - 0.125)) < 3 * belief.doubt
    assert belief.spread == pytest.approx(0.5, abs=0.05)
    assert float(np.exp(belief.mean + table.values).mean()) == pytest.approx(900, rel=0.1)


def test_doubt_falls_as_the_conjugate_model_says() -> None:
    belief = taught(50).belief(A, CONFIGURED_S)
    n = sum((1 - 1 / 2000) ** k for k in range(50))
    assert belief.doubt == pytest.approx(belief.spread / (n + (SPREAD / SERVICE_DOUBT) ** 2) ** 0.5)


def test_one_slow_service_makes_the_others_likely_slow() -> None:
    laws = taught(60)
    assert math.log(CONFIGURED_S) < laws.belief(B, CONFIGURED_S).mean < laws.belief(A, CONFIGURED_S).mean
    assert laws.belief(B, CONFIGURED_S).doubt > laws.belief(A, CONFIGURED_S).doubt


def test_what_session_and_pace_explain_is_not_the_services() -> None:
    laws = Occupations()
    for _ in range(200):
        laws.learn(A, CONFIGURED_S, 1200.0, math.log(2))
    assert laws.belief(A, CONFIGURED_S).mean == pytest.approx(math.log(600), abs=0.01)


def test_a_forgotten_ticket_counts_three_spreads() -> None:
    laws, spoilt = taught(50), taught(50)
    spoilt.learn(A, CONFIGURED_S, 36_000.0, 0.0)
    assert spoilt.belief(A, CONFIGURED_S).mean - laws.belief(A, CONFIGURED_S).mean < 0.05


def test_the_table_keeps_a_shape_that_is_not_log_normal() -> None:
    laws = Occupations()
    for seconds in np.random.default_rng(2).choice([300.0, 1500.0], 400):
        laws.learn(A, CONFIGURED_S, float(seconds), 0.0)
    values = laws.table(A).values
    assert (np.abs(values) > 0.5).all()
    assert values.mean() == pytest.approx(0, abs=1e-9)


def test_the_first_days_deviation_is_the_minutes_and_later_ones_the_days() -> None:
    laws = taught(50)
    assert laws.pace_share(A) == 0
    shares = []
    for _ in range(10):
        laws.forget_day(frozenset({A}))
        shares.append(laws.pace_share(A))
    assert shares == sorted(shares)
    assert shares[-1] > 0.8


def test_a_second_talk_has_a_length_of_its_own() -> None:
    laws = taught(200)
    usual = laws.belief(A, CONFIGURED_S).mean
    for _ in range(100):
        laws.learn_second(A, CONFIGURED_S, math.exp(usual - 0.5), 0.0)
    assert laws.second_shift()[0] == pytest.approx(-0.5, abs=0.03)
    assert laws.belief(A, CONFIGURED_S).mean == usual


def test_a_new_night_adds_doubt() -> None:
    laws = taught(100)
    before = laws.belief(A, CONFIGURED_S).doubt
    laws.forget_day(frozenset({A}))
    assert laws.belief(A, CONFIGURED_S).doubt > before


def test_they_are_written_and_read() -> None:
    laws = taught(100)
    again = Occupations.from_json(laws.to_json())
    assert again.to_json() == laws.to_json()
    assert again.table(A).values == pytest.approx(laws.table(A).values, abs=1e-4)
