"""When people come: a non-homogeneous Poisson process along the day's curve."""

from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from queue_core.simulate.habits import MORNING_PEAK, Curve


def intensity(share: float, curve: Curve = MORNING_PEAK) -> float:
    """Relative to the peak; `share` of the opening time that has passed."""
    after = min(max(1, bisect_right(curve, (share, float("inf")))), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[after - 1], curve[after]
    return y0 + (y1 - y0) * (share - x0) / (x1 - x0)


def arrivals_ms(
    random: Random, opens_ms: int, closes_ms: int, peak_per_s: float, curve: Curve = MORNING_PEAK
) -> Iterator[int]:
    """Times in order, by thinning (Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979, 403-413)."""
    at_ms = float(opens_ms)
    while peak_per_s > 0:
        at_ms += 1000 * random.expovariate(peak_per_s)
        if at_ms >= closes_ms:
            return
        if random.random() < intensity((at_ms - opens_ms) / (closes_ms - opens_ms), curve):
            yield int(at_ms)
