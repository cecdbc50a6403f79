"""A range for a rule that says one number: by how much it was off before."""

from collections import deque

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

    def learn(self, said_s: float, wait_s: float) -> None:
        self._kept[_step(said_s)].append((wait_s - said_s) / (said_s + _LEAST_S))

    def range_s(self, said_s: float) -> tuple[float, float]:
        """p10 and p90 about what is said; the said number twice while too few misses are known."""
        known = self._kept[_step(said_s)]
        if len(known) < _ENOUGH:
            known = deque(miss for kept in self._kept for miss in kept)
        if len(known) < _ENOUGH:
            return said_s, said_s
        low, high = np.quantile(np.array(known), _LEVELS) * (said_s + _LEAST_S) + said_s
        return min(max(0.0, float(low)), said_s), max(float(high), said_s)


def _step(said_s: float) -> int:
    return sum(said_s >= bound_s for bound_s in _STEPS_S)
