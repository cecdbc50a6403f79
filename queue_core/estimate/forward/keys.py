"""The order of a queue as whole numbers: rank, the counter's offset and who came first in one, exact at any size.

A key is rank << 16 | order: the rank in ms from now, the order = the place by ordinal among all in the house. Adding an
offset's key gives the key by which that counter decides; the smallest is next.
"""

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]

_ORDER_BITS = 16
_MOST_ORDER = (1 << _ORDER_BITS) - 1
#: 139 years: a head start may be as large as "always before the others", and still leave room for an offset.
_MOST_MS = 1 << 42

#: A decision at or above this calls nobody.
LIMIT = 1 << 60
#: In place of an offset: the counter's own pins come before everybody; a queue that it does not serve never comes.
PINNED = -LIMIT
UNSERVED = 2 * LIMIT
#: In place of a key: nobody is left. Stays above the limit whatever is added.
NOBODY = 3 * LIMIT


def keys(rank_ms: npt.ArrayLike, order: npt.ArrayLike) -> Keys:
    """Ranks and orders beyond what a key holds count as the last that it holds."""
    ranks = np.clip(np.asarray(rank_ms, np.int64), -_MOST_MS, _MOST_MS)
    return (ranks << _ORDER_BITS) + np.minimum(np.asarray(order, np.int64), _MOST_ORDER)


def offset_key(offset_s: float) -> int:
    return int(keys(round(1000 * offset_s), 0))
