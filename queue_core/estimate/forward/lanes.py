"""Who stands at the head of each lane, in every replicate: whom a counter would call, and who comes after them."""

import numpy as np

from queue_core.estimate.forward.bank import NOBODY_AT, Bank, Lane
from queue_core.estimate.forward.chances import Flags, Indices, Seconds
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.keys import LIMIT, NOBODY, Keys

_SINGLES_AT_FIRST = 4


class Lanes:
    """The heads of W lanes as matrices (R, W); a cell is one of their elements, counted flat.

    First come the bank's lanes; then, for each of pinned people, a twin by which their service's counters reach them
    once their own has closed for good; then single lanes for people who come back, as many as are needed at once.
    """

    def __init__(self, house: House, bank: Bank, closes_s: Seconds) -> None:
        lanes = bank.lanes
        pinned = [n for n, lane in enumerate(lanes) if lane.falls_to >= 0]
        columns = [*lanes, *(lanes[n] for n in pinned)]
        queues = np.array([*(lane.queue for lane in lanes), *(lanes[n].falls_to for n in pinned)])
        self._bank, self._offsets, self._runs = bank, house.offsets, len(closes_s)
        self._offsets_each = house.offsets[:, queues]
        self._served = house.offsets < LIMIT
        self._singles_from = len(queues)
        self._twin_by = np.zeros(len(queues), np.int64)
        self._opens_s = np.full((self._runs, len(queues)), -np.inf)
        for twin, n in enumerate(pinned, start=len(lanes)):
            self._twin_by[n], self._twin_by[twin] = twin - n, n - twin
            self._opens_s[:, twin] = _falls_s(lanes[n], house, closes_s)
        self._twins = bool(pinned)
        self._ends = np.array([lane.ends for lane in lanes if lane.ends])
        places = np.stack([lane.starts for lane in columns], axis=1)
        self._set(places, np.tile(queues, (self._runs, 1)), *(of[places] for of in bank.columns))

    def _set(self, places: Indices, queues: Indices, keys: Keys, ready_s: Seconds, people: Indices) -> None:
        self._width = places.shape[1]
        self._begins = self._width * np.arange(self._runs)
        self._places, self._queues, self._keys, self._people = places, queues, keys, people
        self._ready_s = np.maximum(ready_s, self._opens_s)
        self._delayed = self._twins or self._width > self._singles_from or self._bank.delayed
        self._scores = np.empty_like(keys)
        self._not_yet = np.empty(keys.shape, np.bool_)

    def best(self, counters: Indices, at_s: Seconds) -> tuple[Indices, Flags]:
        """For each replicate the cell of the head that its counter would call at its time, and whether it may."""
        if self._width == self._singles_from:
            self._offsets_each.take(counters, axis=0, out=self._scores, mode="clip")
        else:
            cells = (self._offsets.shape[1] * counters)[:, np.newaxis] + self._queues
            self._offsets.take(cells, out=self._scores, mode="clip")
        self._scores += self._keys
        if self._delayed:
            np.greater(self._ready_s, at_s[:, np.newaxis], out=self._not_yet)
            np.copyto(self._scores, NOBODY, where=self._not_yet)
        cells = self._scores.argmin(axis=1)
        cells += self._begins
        return cells, self._scores.take(cells) < LIMIT

    def due_s(self, runs: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        """When the first may be called of whom these counters, which find nobody now, may call later."""
        ready_s = self._ready_s[runs]
        later = self._served[counters[:, np.newaxis], self._queues[runs]] & (ready_s > at_s[:, np.newaxis])
        due: Seconds = np.where(later, ready_s, np.inf).min(axis=1)
        return due

    def take(self, cells: Indices) -> tuple[Indices, Keys]:
        """The people at these cells and their keys; whoever stands behind each is the head now."""
        people, keys = self._people.take(cells), self._keys.take(cells)
        places = self._places.take(cells) + 1
        self._move(cells, places)
        if self._twins:
            by = self._twin_by.take(cells % self._width)
            pinned = by.nonzero()[0]
            self._move(cells[pinned] + by[pinned], places[pinned])
        return people, keys

    def _move(self, cells: Indices, places: Indices) -> None:
        of_keys, of_ready_s, of_people = self._bank.columns
        self._places.ravel()[cells] = places
        self._keys.ravel()[cells] = of_keys.take(places)
        self._people.ravel()[cells] = of_people.take(places)
        if self._delayed:
            self._ready_s.ravel()[cells] = np.maximum(of_ready_s.take(places), self._opens_s.take(cells))

    def join(self, runs: Indices, services: Indices, people: Indices, keys: Keys, ready_s: Seconds) -> None:
        """People who come back, at most one in a replicate, into the queues of these services."""
        spare = self._keys[runs, self._singles_from :] == NOBODY
        if not spare.any(axis=1).all():
            self._widen()
            spare = self._keys[runs, self._singles_from :] == NOBODY
        cells = self._begins[runs] + self._singles_from + spare.argmax(axis=1)
        self._places.ravel()[cells] = NOBODY_AT
        self._queues.ravel()[cells] = services
        self._keys.ravel()[cells] = keys
        self._people.ravel()[cells] = people
        self._ready_s.ravel()[cells] = ready_s

    def _widen(self) -> None:
        """Twice as many single lanes."""
        more = max(_SINGLES_AT_FIRST, self._width - self._singles_from)
        places = np.full((self._runs, more), NOBODY_AT)
        self._opens_s = np.pad(self._opens_s, ((0, 0), (0, more)), constant_values=-np.inf)
        self._twin_by = np.pad(self._twin_by, (0, more))
        nobody = [places, np.zeros_like(places), *(of[places] for of in self._bank.columns)]
        so_far = [self._places, self._queues, self._keys, self._ready_s, self._people]
        self._set(*(np.concatenate(both, axis=1) for both in zip(so_far, nobody, strict=True)))

    def most_left(self, awake: Flags) -> int:
        """The most people, over the replicates, who stand in lines of the house and whom a counter will yet call."""
        lines = len(self._ends)
        reached = awake.astype(np.float32) @ (self._offsets_each < LIMIT).astype(np.float32) > 0
        if self._twins:
            reached &= self._opens_s[:, : self._singles_from] < np.inf
            twinned = np.flatnonzero(self._twin_by[:lines])
            reached[:, twinned] |= reached[:, twinned + self._twin_by[twinned]]
        left = (self._ends - self._places[:, :lines]) * reached[:, :lines]
        return int(left.sum(axis=1).max())


def _falls_s(lane: Lane, house: House, closes_s: Seconds) -> Seconds:
    counter = lane.queue - len(house.services)
    return closes_s[:, counter] if counter < len(house.counters) else np.full(len(closes_s), np.inf)
