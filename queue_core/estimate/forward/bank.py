"""Everybody whom a run may call, laid out one behind another, so that a line's head is one index a replicate.

A lane is a line as a run sees it: each replicate has its own place in it, and behind the last stands nobody. Those in
the house stand in the bank once, those of a stream once a replicate, since they differ.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from queue_core.estimate.forward.chances import Coming, Indices, Seconds
from queue_core.estimate.forward.house import House, Line
from queue_core.estimate.forward.keys import NOBODY, Keys, keys

#: A stream in which many overtake each other is called in the order of coming from here on.
_CHAINS_MOST = 3
#: A place with nobody, and nobody behind it.
NOBODY_AT = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """`starts` (R,): where each replicate begins. `ends`: behind the last, for lines of the house; else 0."""

    queue: int
    starts: Indices
    ends: int = 0
    falls_to: int = -1


class Bank:
    """`columns`: keys, times from when on they may be called, and people, by place. Lanes of the house come first."""

    def __init__(self, house: House, streams: Sequence[Coming], replicates: int) -> None:
        for _ in self._fill(house, streams, replicates):
            pass

    @classmethod
    def in_slices(cls, house: House, streams: Sequence[Coming], replicates: int) -> Generator[None, None, Self]:
        bank = cls.__new__(cls)
        yield from bank._fill(house, streams, replicates)
        return bank

    def _fill(self, house: House, streams: Sequence[Coming], replicates: int) -> Iterator[None]:
        self._parts: list[tuple[Keys, Seconds, Indices]] = []
        self._size = 0
        self._add(np.full(1, NOBODY), np.full(1, np.inf), np.zeros(1, np.int64))
        self.lanes = [self._in_house(line, replicates) for line in house.lines]
        first, order = len(house.people), len(house.waiting) + 1
        for stream in streams:
            queue = house.services.index(stream.service)
            self.lanes += [self._coming(queue, *chain) for chain in _chains(stream, first, order)]
            first += stream.callable_s.shape[1]
            yield
        self.visitors = first
        keys_, ready_s, people = zip(*self._parts, strict=True)
        self.columns = np.concatenate(keys_), np.concatenate(ready_s), np.concatenate(people)
        #: Whether there is anybody who may not be called at once.
        self.delayed = bool(np.isfinite(self.columns[1]).any())

    def _add(self, keys_: Keys, ready_s: Seconds, people: Indices) -> int:
        """Where the first of them stands; behind the last stands nobody."""
        start = self._size
        self._parts += [(keys_, ready_s, people), (np.full(1, NOBODY), np.full(1, np.inf), np.zeros(1, np.int64))]
        self._size += len(keys_) + 1
        return start

    def _in_house(self, line: Line, replicates: int) -> Lane:
        start = self._add(line.keys, line.ready_s, line.people)
        return Lane(line.queue, np.full(replicates, start), start + len(line.keys), line.falls_to)

    def _coming(self, queue: int, keys_: Keys, ready_s: Seconds, people: Indices) -> Lane:
        """A replicate's row ends with nobody, since one column more than the stream has holds nobody."""
        replicates, columns = keys_.shape
        start = self._add(keys_.ravel(), ready_s.ravel(), people.ravel())
        return Lane(queue, start + columns * np.arange(replicates))


def _chains(stream: Coming, first: int, order: int) -> Iterator[tuple[Keys, Seconds, Indices]]:
    """Columns of one stream in which both times ascend, as far as few chains do; the last column holds nobody."""
    ready_s = _with_nobody(stream.callable_s, np.inf)
    never = np.isinf(ready_s)
    rank_ms = np.round(1000 * np.where(never, 0.0, _with_nobody(stream.rank_s, 0.0)))
    keys_ = np.where(never, NOBODY, keys(rank_ms, order))
    people = np.broadcast_to(first + np.arange(ready_s.shape[1]), ready_s.shape)
    for left in reversed(range(_CHAINS_MOST)):
        behind = keys_ < np.maximum.accumulate(keys_, axis=1)
        if not left or not behind.any():
            break
        yield _only(~behind, keys_, ready_s, people)
        keys_, ready_s, people = _only(behind, keys_, ready_s, people)
    yield keys_, ready_s, people


def _with_nobody(times_s: Seconds, filler: float) -> Seconds:
    return np.concatenate((times_s, np.full((len(times_s), 1), filler)), axis=1)


def _only(
    those: npt.NDArray[np.bool_], keys_: Keys, ready_s: Seconds, people: Indices
) -> tuple[Keys, Seconds, Indices]:
    """Those, moved together to the front of their rows, and nobody behind them."""
    columns = np.argsort(~those, axis=1, kind="stable")[:, : 1 + int(those.sum(axis=1).max())]
    there = np.take_along_axis(those, columns, axis=1)
    kept_keys = np.where(there, np.take_along_axis(keys_, columns, axis=1), NOBODY)
    kept_s = np.where(there, np.take_along_axis(ready_s, columns, axis=1), np.inf)
    return kept_keys, kept_s, np.take_along_axis(people, columns, axis=1)
