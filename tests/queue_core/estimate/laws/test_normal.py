"""Tables of the normal law against the standard library's."""

from statistics import NormalDist

import numpy as np
import pytest

from queue_core.estimate.laws.normal import points, quantile, survival

LEVELS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def test_quantiles_are_the_normal_laws() -> None:
    exact = [NormalDist().inv_cdf(level) for level in LEVELS]
    assert quantile(np.array(LEVELS)) == pytest.approx(exact, abs=0.02)


def test_the_ends_are_finite() -> None:
    assert np.isfinite(quantile(np.array([1e-12, 1 - 1e-12]))).all()


def test_survival_is_the_normal_laws() -> None:
    z = [-2.0, -0.5, 0.0, 1.0, 2.0]
    assert survival(np.array(z)) == pytest.approx([1 - NormalDist().cdf(x) for x in z], abs=0.002)


def test_survival_never_ends() -> None:
    assert (survival(np.array([5.0, 50.0])) > 0).all()


def test_points_stand_for_the_whole_law() -> None:
    assert points(120).mean() == pytest.approx(0, abs=1e-12)
    assert points(120).std() == pytest.approx(1, abs=0.02)
