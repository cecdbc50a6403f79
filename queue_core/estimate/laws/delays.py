"""Lengths of time that are not the talk itself: the way, the wrap-up, a no-show's patience, a break from the visit."""

import math
from dataclasses import dataclass

from queue_core.estimate.laws.empirical import SECONDS, Empirical, Table

_KEPT_VALUES = 300


@dataclass(frozen=True, slots=True)
class Prior:
    """Log-normal: its median, and the standard deviation of its logarithm."""

    median_s: float
    spread: float


WAY = Prior(25.0, 0.6)
#: From one visit's end to the next call, while somebody waits.
WRAP = Prior(12.0, 0.9)
MISSED = Prior(90.0, 0.6)
#: Away from the house in between: parked, missed, pausing counters.
PARKED, RETURNING = Prior(720.0, 0.7), Prior(600.0, 0.8)


class Delays:
    """Kept as ln(1 + seconds)."""

    __slots__ = ("_prior", "_seen")

    def __init__(self, prior: Prior, packed: str = "", most: int = _KEPT_VALUES) -> None:
        self._prior = prior
        self._seen = Empirical(SECONDS, most, packed)

    def __len__(self) -> int:
        return len(self._seen)

    def learn(self, seconds: float) -> None:
        self._seen.learn(math.log1p(max(0.0, seconds)))

    def table(self) -> Table:
        """Of ln(1 + seconds)."""
        return self._seen.table(math.log1p(self._prior.median_s), self._prior.spread)

    def packed(self) -> str:
        return self._seen.packed()
