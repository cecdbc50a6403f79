"""A law as it was seen: the last values, a byte each, padded with points of a prior law while there are few."""

from dataclasses import dataclass

import numpy as np

from queue_core.estimate.laws import packing
from queue_core.estimate.laws.draws import Floats
from queue_core.estimate.laws.normal import points

#: Below so many values a law is padded with pseudo-points.
PADDED_UNTIL = 120
#: So few values beyond a point do not tell what comes after it.
_TAIL = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """A byte b stands for `low` + b * `step`."""

    low: float
    step: float


#: ln(1 + seconds), up to seven hours, to 4 %.
SECONDS = Scale(0.0, 0.04)
#: A logarithm of a ratio, up to fifty-fold, to 3 %.
RATIO = Scale(-3.84, 0.03)


@dataclass(frozen=True, slots=True)
class Table:
    """Equally likely values in order. `spread`: of the law that continues it beyond its last values."""

    values: Floats
    spread: float

    def at(self, u: Floats) -> Floats:
        """The value at each level; same shape as `u`."""
        return np.asarray(self.values[(u * len(self.values)).astype(np.int64)])

    def survival(self, least: Floats) -> Floats:
        """P(X > least); beyond the last value it falls like the normal law's tail with this spread."""
        n = len(self.values)
        left = n - np.searchsorted(self.values, least, "right")
        beyond = np.maximum(0.0, least - self.values[-1]) / self.spread
        return np.asarray(np.maximum(left, 0.5) / n * np.exp(-beyond * (1 + beyond / 2)))

    def beyond(self, u: Floats, least: Floats) -> Floats:
        """X given X > least, at each level.

        In the tail, where few values are left, an exponential law with the normal hazard `least` / spread^2 (Mills'
        ratio) in their place.
        """
        n = len(self.values)
        index = np.searchsorted(self.values, least, "right")
        left = n - index
        inside = self.values[np.minimum(index + (u * left).astype(np.int64), n - 1)]
        hazard = np.maximum(least - self.values[n // 2], self.spread) / self.spread**2
        return np.where(left > _TAIL, inside, least - np.log1p(-u) / hazard)

    def mean(self) -> float:
        return float(self.values.mean())


class Empirical:
    """The last `most` values, the oldest first."""

    __slots__ = ("_bytes", "_most", "_scale")

    def __init__(self, scale: Scale, most: int, packed: str = "") -> None:
        """Raises `ValueError` when `packed` is none of its own."""
        self._scale, self._most = scale, most
        self._bytes = bytearray(packing.unpacked(packed))

    def __len__(self) -> int:
        return len(self._bytes)

    def learn(self, value: float) -> None:
        byte = round((value - self._scale.low) / self._scale.step)
        self._bytes.append(min(packing.BYTE_MOST, max(0, byte)))
        if len(self._bytes) > self._most:
            del self._bytes[: len(self._bytes) - self._most]

    def values(self) -> Floats:
        """In ascending order."""
        seen = np.frombuffer(bytes(self._bytes), np.uint8)
        return np.asarray(self._scale.low + self._scale.step * np.sort(seen).astype(np.float64))

    def table(self, mean: float, spread: float, *, centred: bool = False) -> Table:
        """`mean` and `spread` of the normal law that pads it. `centred`: the values less their mean, or while they are
        padded less the `mean` believed, so that the table's mean is 0."""
        seen = self.values()
        missing = max(0, PADDED_UNTIL - len(seen))
        if centred and len(seen):
            seen = seen - (mean if missing else seen.mean())
        if missing:
            pad = spread * points(missing) + (0.0 if centred else mean)
            seen = np.sort(np.concatenate([seen, pad]))
        if centred:
            seen = seen - seen.mean()
        return Table(seen, spread)

    def packed(self) -> str:
        return packing.packed(bytes(self._bytes))
