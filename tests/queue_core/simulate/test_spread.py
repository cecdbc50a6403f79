from random import Random
from statistics import fmean, stdev

import numpy as np
import pytest

from queue_core.simulate.spread import Exponential, LogNormal, Spread

SPREADS = [Exponential(), LogNormal(0.6), LogNormal(0.25)]


@pytest.mark.parametrize("spread", SPREADS, ids=["exponential", "wide", "narrow"])
def test_length_is_the_inverse_of_the_hazard(spread: Spread) -> None:
    shares = np.array([0.3, 0.8, 1.0, 1.7, 2.5])
    assert spread.length(spread.hazard(shares)) == pytest.approx(shares, rel=1e-3)


@pytest.mark.parametrize(("spread", "cv"), [(Exponential(), 1.0), (LogNormal(0.6), 0.6)], ids=["exponential", "wide"])
def test_draws_have_the_mean_and_spread_that_they_are_asked_for(spread: Spread, cv: float) -> None:
    random = Random(1)
    drawn = [spread.draw(random, 300.0) for _ in range(20_000)]
    assert fmean(drawn) == pytest.approx(300, rel=0.02)
    assert stdev(drawn) / fmean(drawn) == pytest.approx(cv, rel=0.05)
    shares = spread.shares(np.random.default_rng(1), (20_000,))
    assert shares.mean() == pytest.approx(1, rel=0.02)
    assert shares.std() == pytest.approx(cv, rel=0.05)


@pytest.mark.parametrize("spread", SPREADS, ids=["exponential", "wide", "narrow"])
def test_playing_and_truth_draw_from_one_law(spread: Spread) -> None:
    """The hazard of a draw is a standard exponential: two-sided Kolmogorov-Smirnov at 0.1 %."""
    random, drawn = Random(2), 4000
    hazards = np.sort(spread.hazard(np.array([spread.draw(random, 1.0) for _ in range(drawn)])))
    distance = np.abs(-np.expm1(-hazards) - (np.arange(drawn) + 0.5) / drawn).max()
    assert distance < 1.95 / np.sqrt(drawn)


def test_longer_a_log_normal_talk_has_lasted_the_longer_is_its_rest() -> None:
    law, rest = LogNormal(0.6), np.random.default_rng(3).standard_exponential(20_000)

    def rest_after(age: float) -> float:
        return float(np.mean(law.length(law.hazard(np.array([age])) + rest) - age))

    assert rest_after(3.0) > rest_after(1.5) > 0.3


def test_exponential_talk_forgets_its_age() -> None:
    rest = np.array([0.2, 1.0, 3.0])
    assert Exponential().length(Exponential().hazard(np.array([5.0])) + rest) - 5.0 == pytest.approx(rest)
