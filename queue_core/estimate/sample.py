"""Drawn call times, and the ranges that are read from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from queue_core.domain.model import ServiceId, TicketId
from queue_core.estimate.forecast import Range
from queue_core.estimate.forward.calls import Calls

Floats = npt.NDArray[np.float64]
Who = TicketId | ServiceId

#: A range is told to somebody who is called in at least this share of the replicates.
CALLED_LEAST = 0.5
#: Beyond a week nothing is told in seconds.
_LONGEST_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Sample:
    """`ordered_s` (R, n): of each of `of`, the call times in ascending order, in seconds from the sample's moment,
    `inf` for never. The first `gone` (n,) of each have been ruled out since: the moment passed without a call."""

    of: tuple[Who, ...]
    ordered_s: Floats
    gone: npt.NDArray[np.int64]

    @classmethod
    def drawn(cls, calls: Calls) -> Self:
        of: tuple[Who, ...] = (*calls.tickets, *calls.services)
        return cls(of, np.sort(calls.called_s, axis=0), np.zeros(len(of), np.int64))

    @property
    def called(self) -> Floats:
        """(n,): in which share of the replicates they are called at all."""
        left = len(self.ordered_s) - self.gone
        finite = np.isfinite(self.ordered_s).sum(axis=0) - self.gone
        return np.asarray(finite / np.maximum(left, 1), float)

    @property
    def medians_s(self) -> Floats:
        return np.asarray(self.at(np.full((1, len(self.of)), 0.5))[0])

    def at(self, levels: Floats) -> Floats:
        """(k, n): each one's quantiles at `levels` (k, n), linear between the middles of the sample's steps (Hyndman
        and Fan 1996, definition 5). Of those who are never called in some replicates, the latest is the last that is:
        `inf` only where there is none."""
        replicates = len(self.ordered_s)
        last = np.maximum(np.isfinite(self.ordered_s).sum(axis=0) - 1, 0)
        at = np.clip(self.gone + (replicates - self.gone) * levels - 0.5, np.minimum(self.gone, last), last)
        below = at.astype(np.int64)
        columns = np.arange(len(self.of))
        lower, upper = self.ordered_s[below, columns], self.ordered_s[np.minimum(below + 1, last), columns]
        step = np.zeros_like(lower)
        np.subtract(upper, lower, out=step, where=np.isfinite(upper))
        return np.asarray(lower + (at - below) * step)

    def aged(self, passed_s: float) -> "Sample":
        """As it stands `passed_s` later, if nothing has happened since. Whoever should have been called in every
        replicate keeps the last one."""
        gone = np.minimum((self.ordered_s < passed_s).sum(axis=0), len(self.ordered_s) - 1)
        return Sample(self.of, np.maximum(0.0, self.ordered_s - passed_s), gone)


def in_order(levels_s: Floats, lines: Iterable[Sequence[int]]) -> Floats:
    """No level below the one of somebody who stands before in the same line; `lines` name columns."""
    for line in lines:
        columns = list(line)
        levels_s[:, columns] = np.maximum.accumulate(levels_s[:, columns], axis=1)
    return levels_s


def ranges(of: Sequence[Who], levels_s: Floats, known: Sequence[bool], method: str) -> Mapping[Who, Range]:
    """The bounds are rounded outwards."""
    whole = np.clip(np.array([np.floor(levels_s[0]), np.rint(levels_s[1]), np.ceil(levels_s[2])]), 0.0, _LONGEST_S)
    lows, middles, highs = whole.astype(np.int64).tolist()
    return {
        who: Range(low, middle, high, method)
        for who, low, middle, high, is_known in zip(of, lows, middles, highs, known, strict=True)
        if is_known
    }
