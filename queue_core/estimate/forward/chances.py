"""What a forward run asks of chance: the seam between the run, which knows the rule, and laws, learned or true.

A run plays the rest of the day R times at once. Every array has one row a replicate; times are seconds from the moment
that the run begins; `inf` means never.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from queue_core.domain.model import ClassId, Counter, ServiceId, Ticket

Seconds = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the run may call. `seed` is the same at every run of the day and differs between persons: what
    chance draws for them hangs on it, so that forecasts do not flicker. `since_s` <= 0: when the wait began; 0 for
    those who are still to come, one person for each column of a stream, behind the people in the house."""

    seed: int
    service: ServiceId
    visitor_class: ClassId
    since_s: float


@dataclass(frozen=True, slots=True)
class Coming:
    """People who are not in the queue yet and may overtake: appointments, classes with a head start. One stream: its
    people differ from replicate to replicate, in service and class they do not.

    `callable_s` (R, K): from when on each may be called, ascending along K, `inf` for those who do not come;
    `rank_s` (R, K): the rank time in seconds from now (arrival less head start; an appointment's slot ...).
    """

    service: ServiceId
    visitor_class: ClassId
    callable_s: Seconds
    rank_s: Seconds


class Visits(Protocol):
    """The visits of a run's people. `runs`, `people`, `counters` are rows of equal length: in replicate `runs[i]`
    person `people[i]` (as numbered in `Chances.visits`) is called at `at_s[i]` by counter `counters[i]` (as numbered in
    `Chances.free_s`). Person P + p is person p once more: sent on, or back from a break in the visit."""

    def occupied_s(self, runs: Indices, people: Indices, counters: Indices, at_s: Seconds) -> Seconds:
        """From this call until the counter would call again: way, service, wrap-up; or a no-show's patience; or 0 for
        somebody who has gone, where nobody notices. Asked for probes and leavers, too, whose answer is not used."""
        ...

    def again(self, runs: Indices, people: Indices, at_s: Seconds) -> tuple[Indices, Seconds]:
        """After the visit that begins at `at_s`: the number of the service (in the zone's order) that they join once
        more, with the rank that they had, -1 for none; and in how many seconds after `at_s` they may be called there.
        Asked once a visit, after `occupied_s`; never for a second visit."""
        ...


class Chances(Protocol):
    """Drawn for one moment of one zone, from its state, laws and a seed: the same three, the same draws."""

    @property
    def replicates(self) -> int: ...

    def free_s(self, counters: Sequence[Counter]) -> Seconds:
        """(R, C): when each counter would first call: 0 for one that waits for people, the rest of visit and wrap-up
        for one that has somebody, its opening or the end of its break for others, `inf` where that is not known."""
        ...

    def away_s(self, counters: Sequence[Counter]) -> Seconds:
        """(R, C, K, 2): breaks and closings to come, each [from, to), in order, padded with `inf`. A counter that would
        call at or after `from` does not before `to`; what runs is finished first."""
        ...

    def leaves_s(self, tickets: Sequence[Ticket]) -> Seconds:
        """(R, n): when each who waits would give the ticket back; `inf` for those who stay, or go without a word."""
        ...

    def coming(self) -> Sequence[Coming]: ...

    def visits(self, people: Sequence[Person]) -> Visits: ...
