"""Numbers by name: uniform, independent, the same again."""

import numpy as np
import pytest

from queue_core.estimate.laws.draws import Stream, pairs, stratified, uniforms

KEYS = list(range(40))


def test_the_same_names_give_the_same_numbers() -> None:
    assert (uniforms(3, Stream.ARRIVAL, KEYS, 200) == uniforms(3, Stream.ARRIVAL, KEYS, 200)).all()


def test_a_persons_numbers_do_not_depend_on_the_others() -> None:
    assert (uniforms(3, Stream.ARRIVAL, [7], 200)[:, 0] == uniforms(3, Stream.ARRIVAL, KEYS, 200)[:, 7]).all()


@pytest.mark.parametrize("other", [(4, Stream.ARRIVAL), (3, Stream.AWAY)], ids=["seed", "stream"])
def test_another_name_gives_other_numbers(other: tuple[int, Stream]) -> None:
    one, two = uniforms(3, Stream.ARRIVAL, KEYS, 200), uniforms(*other, KEYS, 200)
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.05


def test_they_are_uniform_and_within_the_open_interval() -> None:
    u = uniforms(11, Stream.LEAVES, list(range(500)), 200)
    assert u.min() > 0
    assert u.max() < 1
    assert np.quantile(u, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.005)
    assert u.var() == pytest.approx(1 / 12, rel=0.02)


def test_a_pair_is_independent() -> None:
    one, two = pairs(11, Stream.BOOKING, list(range(200)), 200)
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.02


def test_neighbouring_people_and_replicates_are_independent() -> None:
    u = uniforms(11, Stream.LEAVES, list(range(200)), 200)
    assert abs(np.corrcoef(u[:, 1:].ravel(), u[:, :-1].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(u[1:].ravel(), u[:-1].ravel())[0, 1]) < 0.02


def test_stratified_numbers_fall_one_into_each_part() -> None:
    u = stratified(5, Stream.PACE, KEYS, 200)
    assert (np.sort(np.floor(u * 200), axis=0) == np.arange(200.0)[:, None]).all()


def test_probes_and_newcomers_have_seeds_beyond_every_ordinal() -> None:
    assert np.isfinite(uniforms(5, Stream.PACE, [10**10, 2 * 10**10 + 7 * 10**6], 3)).all()
