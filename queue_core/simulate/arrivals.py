"""When people come: a non-homogeneous Poisson process with a morning peak."""

from bisect import bisect_right
from collections.abc import Iterator
from random import Random

#: (share of the opening time, intensity relative to the peak): a rush in the morning, a lull at noon, a quiet end.
CURVE = (
    (0.0, 0.70),
    (0.10, 1.00),
    (0.30, 1.00),
    (0.42, 0.80),
    (0.50, 0.60),
    (0.62, 0.65),
    (0.75, 0.80),
    (0.90, 0.55),
    (1.0, 0.15),
)


def intensity(share: float) -> float:
    """Relative to the peak; `share` of the opening time that has passed."""
    after = min(max(1, bisect_right(CURVE, (share, float("inf")))), len(CURVE) - 1)
    (x0, y0), (x1, y1) = CURVE[after - 1], CURVE[after]
    return y0 + (y1 - y0) * (share - x0) / (x1 - x0)


def arrivals_ms(random: Random, opens_ms: int, closes_ms: int, peak_per_s: float) -> Iterator[int]:
    """Times in order, by thinning (Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979, 403-413)."""
    at_ms = float(opens_ms)
    while peak_per_s > 0:
        at_ms += 1000 * random.expovariate(peak_per_s)
        if at_ms >= closes_ms:
            return
        if random.random() < intensity((at_ms - opens_ms) / (closes_ms - opens_ms)):
            yield int(at_ms)
