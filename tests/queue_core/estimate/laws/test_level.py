"""Conjugate updates against their closed forms."""

import numpy as np
import pytest

from queue_core.estimate.laws.level import Level, Share


def test_the_posterior_mean_is_the_conjugate_one() -> None:
    values = [1.0, 2.0, 4.0]
    level = Level()
    for value in values:
        level.learn(value)
    assert level.posterior(mean=10.0, worth=2.0) == pytest.approx((sum(values) + 2 * 10) / 5)


def test_mean_and_spread_are_those_of_the_values() -> None:
    values = np.random.default_rng(1).normal(3, 0.5, 400)
    level = Level()
    for value in values:
        level.learn(float(value))
    assert level.mean == pytest.approx(values.mean())
    assert level.spread(9.0, 1e-9) == pytest.approx(values.std())


def test_older_values_count_less() -> None:
    level = Level()
    for value in [0.0] * 100 + [1.0] * 10:
        level.learn(value, kept=0.9)
    weights = 0.9 ** np.arange(110)
    assert level.mean == pytest.approx(weights[:10].sum() / weights.sum())


def test_forgetting_draws_towards_the_prior() -> None:
    level = Level()
    for _ in range(10):
        level.learn(1.0)
    before = level.posterior(0.0, 5.0)
    level.forget(0.5)
    assert level.posterior(0.0, 5.0) == pytest.approx(5 / 10)
    assert before == pytest.approx(10 / 15)


def test_a_share_is_the_beta_laws_mean() -> None:
    share = Share()
    for happened in (True, False, False, True):
        share.learn(happened)
    assert share.posterior(0.1, 10.0) == pytest.approx((2 + 1) / 14)


def test_they_are_written_and_read() -> None:
    level, share = Level(3.0, 1.5, 0.25), Share(4.0, 1.0)
    assert Level.from_json(level.to_json()) == level
    assert Share.from_json(share.to_json()) == share


def test_two_levels_join_as_if_one_had_seen_all() -> None:
    one, other, both = Level(), Level(), Level()
    for level, values in ((one, (1.0, 2.0)), (other, (5.0, 7.0, 9.0))):
        for value in values:
            level.learn(value)
            both.learn(value)
    one.join(other)
    assert (one.n, one.mean, one.m2) == pytest.approx((both.n, both.mean, both.m2))
