from itertools import pairwise
from random import Random

import pytest

from queue_core.simulate.arrivals import arrivals_ms, intensity
from queue_core.simulate.habits import DEMO

HOUR_MS = 3_600_000
CURVE = DEMO.demand.curve
DAY_MS = 8 * HOUR_MS


def test_curve_is_met_at_its_points_and_between_them() -> None:
    for share, value in CURVE:
        assert intensity(share) == pytest.approx(value)
    assert intensity(0.05) == pytest.approx((CURVE[0][1] + CURVE[1][1]) / 2)


def test_peak_is_one_and_in_the_morning() -> None:
    shares = [n / 100 for n in range(101)]
    assert max(map(intensity, shares)) == 1.0
    assert max(shares, key=intensity) < 0.4


def test_people_come_in_order_within_the_opening_time() -> None:
    times = list(arrivals_ms(Random(1), 0, DAY_MS, 0.02))
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] < DAY_MS


def test_as_many_come_as_the_curve_says() -> None:
    mean = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(CURVE))
    expected = mean * DAY_MS / 1000
    assert len(list(arrivals_ms(Random(2), 0, DAY_MS, 1.0))) == pytest.approx(expected, rel=0.03)


def test_nobody_comes_at_rate_zero() -> None:
    assert list(arrivals_ms(Random(1), 0, DAY_MS, 0.0)) == []
