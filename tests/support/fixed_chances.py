"""Chances given as plain arrays: a forward run in which nothing is left to chance, or just what a test has drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from queue_core.domain.model import Counter, Ticket
from queue_core.estimate.forward.chances import Coming, Indices, Person, Seconds


@dataclass(frozen=True, slots=True)
class Called:
    """What a run asked about: in which replicate who was called, by which counter, and when."""

    run: int
    person: int
    counter: int
    at_s: float


@dataclass(slots=True)
class FixedChances:
    """`lengths_s` (R, people): how long each visit takes, those of second visits behind those of first ones; a number
    for all alike. `back`: by replicate and person, the service joined once more, and in how many seconds."""

    replicates: int = 1
    lengths_s: Seconds | float = 60.0
    free: Sequence[float] | Seconds = ()
    away: Sequence[Sequence[tuple[float, float]]] = ()
    leaves: Sequence[float] | Seconds = ()
    streams: Sequence[Coming] = ()
    back: Mapping[tuple[int, int], tuple[int, float]] = field(default_factory=dict)
    people: Sequence[Person] = ()
    _calls: list[tuple[Indices, Indices, Indices, Seconds]] = field(default_factory=list)
    _visits: list[Indices] = field(default_factory=list)

    @property
    def asked(self) -> list[Called]:
        """Every call of the run, in the order in which it came."""
        return [
            Called(*call) for calls in self._calls for call in zip(*(column.tolist() for column in calls), strict=True)
        ]

    @property
    def asked_again(self) -> list[int]:
        """Whose second visits the run asked about."""
        return [person for people in self._visits for person in people.tolist()]

    def free_s(self, counters: Sequence[Counter]) -> Seconds:
        free = np.asarray(self.free if len(self.free) else [0.0] * len(counters), float)
        return np.array(np.broadcast_to(free, (self.replicates, len(counters))))

    def away_s(self, counters: Sequence[Counter]) -> Seconds:
        most = max((len(breaks) for breaks in self.away), default=0)
        away = np.full((self.replicates, len(counters), most, 2), np.inf)
        for counter, breaks in enumerate(self.away):
            for n, pair in enumerate(breaks):
                away[:, counter, n] = pair
        return away

    def leaves_s(self, tickets: Sequence[Ticket]) -> Seconds:
        leaves = np.asarray(self.leaves if len(self.leaves) else [np.inf] * len(tickets), float)
        return np.array(np.broadcast_to(leaves, (self.replicates, len(tickets))))

    def coming(self) -> Sequence[Coming]:
        return self.streams

    def visits(self, people: Sequence[Person]) -> "FixedChances":
        self.people = people
        return self

    def occupied_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        self._calls.append((runs, people, counters, at_s))
        if isinstance(self.lengths_s, float):
            return np.full(len(runs), self.lengths_s)
        lengths: Seconds = self.lengths_s[runs, people]
        return lengths

    def again(self, runs: Indices, people: Indices, at_s: Seconds) -> tuple[Indices, Seconds]:
        self._visits.append(people)
        if not self.back:
            return np.full(len(runs), -1), np.zeros_like(at_s)
        back = [self.back.get(visit, (-1, 0.0)) for visit in zip(runs.tolist(), people.tolist(), strict=True)]
        return np.array([s for s, _ in back], np.int64), np.array([in_s for _, in_s in back], float)
