"""A range for a rule that says one number: by how much it was off before."""

from collections import deque
from itertools import chain

import numpy as np

#: Kept apart, since a rule is off otherwise when it says little than when it says much.
_STEPS_S = (420.0, 1500.0)
_KEPT, _ENOUGH = 1500, 30
#: Misses are kept relative to what was said, and so much more: a rule that said 0 may be off by minutes.
_LEAST_S = 120.0
_LEVELS = (0.1, 0.9)


class Misses:
    def __init__(self) -> None:
        self._kept = [deque[float](maxlen=_KEPT) for _ in range(len(_STEPS_S) + 1)]
        self._spread: dict[int, tuple[float, float]] = {}

    def learn(self, said_s: float, wait_s: float) -> None:
        self._kept[_step(said_s)].append((wait_s - said_s) / (said_s + _LEAST_S))
        self._spread.clear()

    def range_s(self, said_s: float) -> tuple[float, float]:
        """p10 and p90 about what is said; the said number twice while too few misses are known."""
        step = _step(said_s)
        if step not in self._spread:
            self._spread[step] = self._spread_at(step)
        low, high = self._spread[step]
        return min(max(0.0, said_s + low * (said_s + _LEAST_S)), said_s), max(
            said_s + high * (said_s + _LEAST_S), said_s
        )

    def _spread_at(self, step: int) -> tuple[float, float]:
        """Of what was said and `_LEAST_S`: of misses at this step, of all where these are too few."""
        own = self._kept[step]
        known = own if len(own) >= _ENOUGH else list(chain.from_iterable(self._kept))
        if len(known) < _ENOUGH:
            return 0.0, 0.0
        low, high = np.quantile(np.array(known), _LEVELS)
        return float(low), float(high)


def _step(said_s: float) -> int:
    return sum(said_s >= bound_s for bound_s in _STEPS_S)
