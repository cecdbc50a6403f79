"""What the simulation misses in the same way day after day, learned from how its medians turned out.

ln((wait + c) / (median + c)) is a linear function of the median and the hour, by least squares with a ridge towards no
correction. Old rows count less and less. Sums are kept, not weights, so that forgetting never wears out the ridge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: c: seconds that stand for nothing in a wait, so that few of them are not many times none.
SLACK_S = 180.0
_USUAL_S = 600.0
_NOON_H, _HALF_DAY_H = 12.0, 4.0
_HOURS_MOST = 1.5
_COLUMNS = 4
#: So many rows speak against no correction at first. Those of one day err together.
_RIDGE = 400.0
#: The weight of what was learned of a forecast falls by this per newer one, and overnight.
KEPT = 1 - 1 / 2000
KEPT_OVERNIGHT = 0.95
#: Beyond this a miss pulls no harder (Huber, Annals of Mathematical Statistics 35, 1964, 73-101).
_USUAL_MISS = 0.5
_MISS_MOST = 1.2
#: No correction is stronger: e^0.5 = 1.65.
_STRONGEST = 0.5
#: Whoever is forecast to be called sooner finds a counter as good as free: that tells nothing of the laws.
IDLE_S = 30.0
_WHOLE_FROM_S = 60.0
#: Misses of about the last fifty calls tell whether correcting still helps: off, where they are worse by so much.
_KEPT_MISSES = 1 - 1 / 50
_WORSE = 1.15
_WORSE_LEAST = 0.3


class Grounds(NamedTuple):
    """What a forecast is corrected on: of each person, the median as it was run (n,), the columns (n, k), and what is
    to be added to ln(seconds) (n,), told or not."""

    medians_s: Floats
    columns: Floats
    added: Floats

    def of(self, rows: Sequence[int]) -> Self:
        return type(self)(*(values[rows].copy() for values in self))


class Correction(NamedTuple):
    """What is known at one moment. `helps` is False where corrected medians have been worse of late: today differs from
    the days that were learned."""

    weights: Floats
    helps: bool

    def grounds(self, medians_s: Floats, hour: float) -> Grounds:
        """`hour`: of the day, with its fraction. No correction for whoever is called at once, and of no median."""
        known_s = np.where(np.isfinite(medians_s), medians_s, 0.0)
        columns = _columns(known_s, hour)
        added = np.clip(columns @ self.weights, -_STRONGEST, _STRONGEST) * np.minimum(1.0, known_s / _WHOLE_FROM_S)
        return Grounds(medians_s, columns, added)


@dataclass(slots=True)
class Regression:
    """`squares` (k, k) and `products` (k,) are sums over the rows; `plain` and `corrected` of recent misses. The first
    of its `days` teaches nothing: laws change with every call then, and what they missed they learn themselves."""

    squares: Floats = field(default_factory=lambda: np.zeros((_COLUMNS, _COLUMNS)))
    products: Floats = field(default_factory=lambda: np.zeros(_COLUMNS))
    plain: float = 0.0
    corrected: float = 0.0
    days: int = 0

    def correction(self) -> Correction:
        return Correction(self._weights(), self.corrected <= _WORSE * self.plain + _WORSE_LEAST)

    def learn(self, grounds: Grounds, wait_s: float) -> None:
        """One row: how one person's forecast turned out. Which rows count is decided by the forecast alone: to leave
        out short waits would bend it."""
        median_s, row, added = float(grounds.medians_s[0]), grounds.columns[0], float(grounds.added[0])
        if not (self.days and IDLE_S <= median_s < np.inf):
            return
        miss = float(np.clip(np.log((wait_s + SLACK_S) / (median_s + SLACK_S)), -_MISS_MOST, _MISS_MOST))
        left = abs(miss - float(row @ self._weights()))
        weight = min(1.0, _USUAL_MISS / max(left, 1e-9))
        self.squares = self.squares * KEPT + weight * np.outer(row, row)
        self.products = self.products * KEPT + weight * miss * row
        self.plain = self.plain * _KEPT_MISSES + abs(miss)
        self.corrected = self.corrected * _KEPT_MISSES + abs(miss - added)

    def forget_day(self) -> None:
        self.days += 1
        self.squares, self.products = self.squares * KEPT_OVERNIGHT, self.products * KEPT_OVERNIGHT

    def to_json(self) -> dict[str, Any]:
        return {
            "squares": [[round(x, 3) for x in row] for row in self.squares.tolist()],
            "products": [round(x, 3) for x in self.products.tolist()],
            "days": self.days,
            "misses": [round(self.plain, 3), round(self.corrected, 3)],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        plain, corrected = record["misses"]
        return cls(
            np.array(record["squares"], float), np.array(record["products"], float), plain, corrected, record["days"]
        )

    def _weights(self) -> Floats:
        return np.asarray(np.linalg.solve(self.squares + _RIDGE * np.eye(_COLUMNS), self.products), float)


def _columns(medians_s: Floats, hour: float) -> Floats:
    at = float(np.clip((hour - _NOON_H) / _HALF_DAY_H, -_HOURS_MOST, _HOURS_MOST))
    long = np.log((medians_s + SLACK_S) / (_USUAL_S + SLACK_S))
    ones = np.ones_like(long)
    return np.stack([ones, long, at * ones, at**2 * ones], axis=1)
