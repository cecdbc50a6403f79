"""Queues whose law is known: what many replicates say must be it, within their sampling error."""

from collections.abc import Sequence
from itertools import product
from math import exp, factorial

import numpy as np
import pytest

from queue_core.estimate.forward.chances import Seconds
from queue_core.estimate.forward.run import run
from tests.support.fixed_chances import FixedChances
from tests.support.houses import house, ticket
from tests.support.offices import office

REPLICATES = 4000
MEAN_S = 240.0
LEVELS = (0.1, 0.5, 0.9)
#: Of the few hundred comparisons here none is expected beyond.
STANDARD_ERRORS = 4.5
SERVERS_AND_AHEAD = [(1, 0), (1, 8), (2, 3), (4, 0), (4, 8), (4, 24), (8, 50)]


def erlang_share(k: int, rate: float, at_s: float) -> float:
    """P(the sum of k exponential times of this rate <= at_s)."""
    x = rate * at_s
    return 1 - exp(-x) * sum(x**i / factorial(i) for i in range(k))


def newcomer_s(counters: int, ahead: int, seed: int, leaves: Sequence[float] | Seconds = ()) -> Seconds:
    """(R,): when somebody is called who draws now behind `ahead`; all counters are busy, all lengths exponential."""
    rng = np.random.default_rng(seed)
    chances = FixedChances(
        REPLICATES,
        rng.exponential(MEAN_S, (REPLICATES, ahead + 1)),
        rng.exponential(MEAN_S, (REPLICATES, counters)),
        leaves=leaves,
    )
    in_the_house = house(office({"a": 5}, [("a",)] * counters), [ticket(n, "a", 1000 - n) for n in range(ahead)])
    return run(in_the_house, chances).called_s[:, ahead]


def assert_mean(sample: Seconds, mean_s: float, deviation_s: float) -> None:
    assert abs(sample.mean() - mean_s) < STANDARD_ERRORS * deviation_s / len(sample) ** 0.5


@pytest.mark.parametrize(("counters", "ahead"), SERVERS_AND_AHEAD)
def test_with_exponential_lengths_the_wait_is_an_erlang_time(counters: int, ahead: int) -> None:
    sample, rate = newcomer_s(counters, ahead, seed=counters), counters / MEAN_S
    assert_mean(sample, (ahead + 1) / rate, (ahead + 1) ** 0.5 / rate)
    for level, at_s in zip(LEVELS, np.quantile(sample, LEVELS), strict=True):
        error = (level * (1 - level) / REPLICATES) ** 0.5
        assert abs(erlang_share(ahead + 1, rate, at_s) - level) < STANDARD_ERRORS * error


@pytest.mark.parametrize(("counters", "ahead"), [(1, 5), (4, 8), (4, 24)])
def test_those_ahead_who_leave_shorten_the_wait_as_in_a_queue_with_impatience(counters: int, ahead: int) -> None:
    """With i still ahead the next step comes at the rate of all counters plus i impatient people."""
    patience_s = 900.0
    leaves = np.random.default_rng(9).exponential(patience_s, (REPLICATES, ahead))
    sample = newcomer_s(counters, ahead, seed=7, leaves=leaves)
    steps_s = [1 / (counters / MEAN_S + left / patience_s) for left in range(ahead + 1)]
    assert_mean(sample, sum(steps_s), sum(s**2 for s in steps_s) ** 0.5)


@pytest.mark.parametrize(("counters", "ahead"), list(product([1, 3, 8], [0, 7, 25])))
def test_with_certain_lengths_calls_come_in_rounds(counters: int, ahead: int) -> None:
    zone = office({"a": 5}, [("a",)] * counters)
    calls = run(house(zone, [ticket(n, "a", 1000 - n) for n in range(ahead)]), FixedChances(lengths_s=MEAN_S))
    assert calls.called_s[0].tolist() == [MEAN_S * (n // counters) for n in range(ahead + 1)]


def test_two_counters_of_one_service_each_are_two_queues() -> None:
    rng, ahead = np.random.default_rng(4), (3, 9)
    zone = office({"a": 5, "b": 5}, [("a",), ("b",)])
    tickets = [*(ticket(n, "a") for n in range(ahead[0])), *(ticket(20 + n, "b") for n in range(ahead[1]))]
    lengths_s = rng.exponential(MEAN_S, (REPLICATES, sum(ahead) + 2))
    calls = run(house(zone, tickets), FixedChances(REPLICATES, lengths_s, rng.exponential(MEAN_S, (REPLICATES, 2))))
    for n, probe_s in zip(ahead, calls.called_s[:, -2:].T, strict=True):
        assert_mean(probe_s, (n + 1) * MEAN_S, (n + 1) ** 0.5 * MEAN_S)
