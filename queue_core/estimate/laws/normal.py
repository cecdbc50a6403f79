"""The normal law for arrays: quantiles, survival, and what lies beyond a point."""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from queue_core.estimate.laws.draws import Floats

_STANDARD = NormalDist()
_CELLS = 2048
#: The table's ends: chances of one in 4,000.
_EDGE = 1 / (2 * _CELLS)
_LEVELS = (np.arange(_CELLS) + 0.5) / _CELLS
_QUANTILES = np.array([_STANDARD.inv_cdf(float(level)) for level in _LEVELS])


def quantile(u: Floats) -> Floats:
    """The standard normal's quantiles, from a table: exact to 0.01 between 1 % and 99 %, cut at +-3.5."""
    return np.asarray(_QUANTILES.take((u * _CELLS).astype(np.int64)))


def survival(z: Floats) -> Floats:
    """P(Z > z), from the same table; at least its edge."""
    return np.asarray(np.clip(1 - np.interp(z, _QUANTILES, _LEVELS, left=0.0, right=1.0), _EDGE / 4, 1.0))


@lru_cache(maxsize=256)
def points(count: int) -> Floats:
    """`count` standard normal numbers that stand for the whole law: the middles of equal parts."""
    drawn = np.array([_STANDARD.inv_cdf((n + 0.5) / count) for n in range(count)])
    drawn.flags.writeable = False
    return drawn
