import math
from random import Random
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.estimate.queue_length.duration import Duration, levels_s

LENGTHS = st.floats(0.1, 1e5)


def drawn(duration: Duration, count: int = 40_000) -> list[float]:
    sigma2 = math.log1p(duration.cv**2)
    random = Random(1)
    return [random.lognormvariate(math.log(duration.mean_s) - sigma2 / 2, math.sqrt(sigma2)) for _ in range(count)]


@pytest.mark.parametrize("age_s", [60, 300, 600, 1500])
def test_residual_agrees_with_drawn_lengths(age_s: float) -> None:
    length = Duration(600, 360**2)
    left = [x - age_s for x in drawn(length) if x > age_s]
    residual = length.residual(age_s)
    assert residual.mean_s == pytest.approx(fmean(left), rel=0.06)
    assert residual.var == pytest.approx(pvariance(left), rel=0.35)


def test_age_of_a_long_visit_lengthens_what_is_left() -> None:
    length = Duration(600, 420**2)
    assert length.residual(3600).mean_s > length.residual(1200).mean_s


def test_certain_length_counts_down() -> None:
    assert Duration(600, 0).residual(200).mean_s == 400
    assert Duration(600, 0).residual(900).mean_s == 0


@given(LENGTHS, st.floats(0.05, 3), st.floats(-1e6, 1e7))
def test_residual_is_finite_and_not_negative(mean_s: float, cv: float, age_s: float) -> None:
    residual = Duration(mean_s, (cv * mean_s) ** 2).residual(age_s)
    assert 0 <= residual.mean_s < math.inf
    assert 0 <= residual.var < math.inf


@pytest.mark.parametrize("shape", [1, 2, 5, 25])
def test_levels_agree_with_gamma_quantiles(shape: int) -> None:
    random = Random(2)
    sample = sorted(random.gammavariate(shape, 100 / shape) for _ in range(40_000))
    for level, share in zip(levels_s(100, 100**2 / shape), (0.1, 0.5, 0.9), strict=True):
        assert level == pytest.approx(sample[int(share * len(sample))], abs=3)


@given(st.floats(0, 1e6), st.floats(0, 1e14))
def test_levels_are_ordered_and_finite(mean_s: float, var: float) -> None:
    low, middle, high = levels_s(mean_s, var)
    assert 0 <= low <= middle <= high < math.inf
