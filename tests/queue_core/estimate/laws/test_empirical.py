"""Values seen, padded while few, and what is left beyond a point."""

import numpy as np
import pytest

from queue_core.estimate.laws.empirical import PADDED_UNTIL, RATIO, SECONDS, Empirical, Table

U = (np.arange(20_000) + 0.5) / 20_000


def learned(values: np.ndarray, most: int = 1500) -> Empirical:
    seen = Empirical(RATIO, most)
    for value in values:
        seen.learn(float(value))
    return seen


def log_normal_table(spread: float = 0.6) -> Table:
    return learned(np.random.default_rng(1).normal(0, spread, 1500)).table(0, spread)


def test_without_values_it_is_the_prior() -> None:
    table = Empirical(RATIO, 10).table(0.5, 0.6)
    assert len(table.values) == PADDED_UNTIL
    assert table.mean() == pytest.approx(0.5)
    assert table.values.std() == pytest.approx(0.6, rel=0.02)


def test_values_displace_the_prior_one_by_one() -> None:
    seen = learned(np.full(30, 1.5))
    table = seen.table(0.0, 0.6)
    assert len(table.values) == PADDED_UNTIL
    assert (np.abs(table.values - 1.5) < 0.02).sum() >= 30


def test_with_values_enough_it_is_what_was_seen() -> None:
    values = np.random.default_rng(2).exponential(1, 1500) - 1
    table = learned(values).table(0.0, 1.0)
    assert len(table.values) == 1500
    assert np.quantile(table.values, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(values, [0.1, 0.5, 0.9]), abs=0.02)


def test_the_oldest_are_dropped() -> None:
    seen = learned(np.array([1.0] * 50 + [2.0] * 50), most=50)
    assert len(seen) == 50
    assert seen.values() == pytest.approx(2.0, abs=RATIO.step)


@pytest.mark.parametrize("count", [0, 1, 60, 119, 120, 500])
def test_a_centred_table_has_mean_zero(count: int) -> None:
    table = learned(np.random.default_rng(3).normal(0.7, 0.5, count)).table(0.7, 0.5, centred=True)
    assert table.mean() == pytest.approx(0, abs=1e-9)


def test_values_out_of_range_are_kept_at_its_ends() -> None:
    seen = Empirical(SECONDS, 10)
    seen.learn(-5.0)
    seen.learn(1e6)
    assert list(seen.values()) == [0.0, SECONDS.step * 255]


def test_survival_is_the_share_beyond() -> None:
    table = log_normal_table()
    assert table.survival(np.array([0.0]))[0] == pytest.approx(0.5, abs=0.03)
    assert table.survival(np.array([-9.0]))[0] == 1
    falling = table.survival(np.array([2.0, 3.0, 4.0, 5.0]))
    assert (np.diff(falling) < 0).all()
    assert (falling > 0).all()


def test_what_lies_beyond_a_point_is_the_law_cut_there() -> None:
    table = log_normal_table()
    least = 0.4
    expected = table.values[table.values > least]
    drawn = table.beyond(U, np.full(len(U), least))
    assert drawn.min() > least
    assert drawn.mean() == pytest.approx(expected.mean(), abs=0.01)


def test_beyond_everything_seen_it_goes_on() -> None:
    drawn = log_normal_table().beyond(U, np.full(len(U), 3.0))
    assert (drawn >= 3.0).all()
    assert np.isfinite(drawn).all()
    assert drawn.mean() == pytest.approx(3.0 + 0.6**2 / 3.0, rel=0.02)


def test_a_log_normal_lasts_the_longer_the_older_it_is() -> None:
    table = log_normal_table()
    left = [float((np.exp(table.beyond(U, np.full(len(U), np.log(age)))) - age).mean()) for age in (1, 2, 4, 8)]
    assert left == sorted(left)


def test_an_exponential_has_no_memory() -> None:
    values = np.log(np.random.default_rng(4).exponential(1.0, 1500))
    table = learned(values).table(0.0, 1.28)
    left = [float((np.exp(table.beyond(U, np.full(len(U), np.log(age)))) - age).mean()) for age in (0.2, 0.7, 1.5)]
    assert left == pytest.approx([1.0, 1.0, 1.0], abs=0.2)


def test_what_is_packed_is_read_again() -> None:
    seen = learned(np.random.default_rng(5).normal(0, 0.6, 77))
    again = Empirical(RATIO, 1500, seen.packed())
    assert (again.values() == seen.values()).all()


def test_what_was_never_packed_is_refused() -> None:
    with pytest.raises(ValueError, match="unreadable"):
        Empirical(RATIO, 10, "no base64!")
