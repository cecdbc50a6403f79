"""`Chances` from learned laws: what a forward run draws from, for one moment of one zone."""

from collections.abc import Generator, Sequence
from functools import cached_property

import numpy as np

from queue_core.domain.model import Counter, CounterId, CounterState, Ticket
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.chances import Coming, Person, Seconds
from queue_core.estimate.laws.absences import Absences
from queue_core.estimate.laws.busy import Busy, busy, hesitation
from queue_core.estimate.laws.draws import Stream
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.moment import SHORT, Foresight, Moment
from queue_core.estimate.laws.newcomers import coming
from queue_core.estimate.laws.visits import DrawnVisits
from queue_core.estimate.slices import finished


class Learned:
    """Pure: the same (laws, snapshot, time, seed), the same draws. Laws and snapshot must not change while it is in
    use; it changes neither."""

    def __init__(
        self,
        laws: Laws,
        zone: Zone,
        snapshot: Snapshot,
        now_ms: int,
        seed: int,
        replicates: int,
        foresight: Foresight = SHORT,
    ) -> None:
        self._moment = Moment(laws, zone, snapshot, now_ms, seed, replicates, foresight)
        self._numbers = {c.id: n for n, c in enumerate(self._moment.counters)}

    @property
    def replicates(self) -> int:
        return self._moment.replicates

    def free_s(self, counters: Sequence[Counter]) -> Seconds:
        return np.stack([self._free_s(c) for c in counters], axis=1) if counters else np.zeros((self.replicates, 0))

    def _free_s(self, counter: Counter) -> Seconds:
        number = self._numbers[counter.id]
        if counter.id in self._busy:
            return self._busy[counter.id].free_s
        if counter.state is CounterState.OPEN:
            return hesitation(self._moment, number, counter)
        return self._absences.free_s(number)

    def away_s(self, counters: Sequence[Counter]) -> Seconds:
        return self._absences.away_s([self._numbers[c.id] for c in counters])

    def leaves_s(self, tickets: Sequence[Ticket]) -> Seconds:
        """Who was called before stays."""
        u = self._moment.uniforms(Stream.LEAVES, [t.ordinal for t in tickets])
        waited_s = np.array([max(0.0, (self._moment.now_ms - t.arrival_ms) / 1000) for t in tickets])
        leaves_s = self._moment.laws.cancelling.leaves_s(-np.log(u), waited_s[None, :])
        leaves_s[:, [n for n, t in enumerate(tickets) if t.called_ms]] = np.inf
        return leaves_s

    def coming(self) -> Sequence[Coming]:
        return finished(self.coming_in_slices())

    def coming_in_slices(self) -> Generator[None, None, Sequence[Coming]]:
        return coming(self._moment, self._busy)

    def visits(self, people: Sequence[Person]) -> DrawnVisits:
        return finished(self.visits_in_slices(people))

    def visits_in_slices(self, people: Sequence[Person]) -> Generator[None, None, DrawnVisits]:
        waiting = self._moment.waiting
        called = frozenset(t.ordinal for t in waiting if t.called_ms)
        talked = frozenset(t.ordinal for t in waiting if t.started_ms)
        visits = DrawnVisits(self._moment, people, called, talked)
        yield from visits.draw()
        return visits

    @cached_property
    def _busy(self) -> dict[CounterId, Busy]:
        return busy(self._moment)

    @cached_property
    def _absences(self) -> Absences:
        return Absences(self._moment)
