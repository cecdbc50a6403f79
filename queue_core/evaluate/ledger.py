"""What one method said on test days and what it cost, ready to be added up over days, seeds and offices."""

from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def _rows(width: int) -> Values:
    return np.empty((0, width))


@dataclass(slots=True)
class Ledger:
    """`said_s` (n, 3): p10, p50, p90 in seconds from the draw to the call, `nan` where nothing was said; `called_s`
    (n,): when the call came. Row by row the same tickets for every method that saw the same days.

    `left`: drew and were never called. `idle`: called within a minute, not scored. `jumps_s` over `watched_min`: by how
    much the announced call times moved, and for how many minutes of waiting they were watched. `pairs` of neighbours
    in one queue, `swapped` of them with the medians in the wrong order. `faults`: ranges that are no range.
    """

    said_s: Values = field(default_factory=lambda: _rows(3))
    called_s: Values = field(default_factory=lambda: np.empty(0))
    left: int = 0
    idle: int = 0
    jumps_s: float = 0.0
    watched_min: float = 0.0
    pairs: int = 0
    swapped: int = 0
    faults: int = 0
    forecasts: int = 0
    forecast_s: float = 0.0
    slowest_s: float = 0.0
    events: int = 0
    event_s: float = 0.0

    def __add__(self, other: "Ledger") -> "Ledger":
        summed = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return Ledger(
            np.concatenate((self.said_s, other.said_s)),
            np.concatenate((self.called_s, other.called_s)),
            slowest_s=max(self.slowest_s, other.slowest_s),
            **summed,
        )


_SUMMED = tuple(f.name for f in fields(Ledger) if f.name not in {"said_s", "called_s", "slowest_s"})
