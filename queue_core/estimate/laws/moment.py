"""What a whole replicate shares, drawn once for a moment: today's pace, and what is not known of the laws."""

from collections.abc import Iterable, Iterator

import numpy as np

from queue_core.domain.calendar import business_day
from queue_core.domain.model import Counter, CounterId, ServiceId, Ticket, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.laws import pace
from queue_core.estimate.laws.draws import Floats, Stream, stratified, uniforms
from queue_core.estimate.laws.empirical import Table
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.normal import quantile
from queue_core.estimate.laws.occupations import SECOND_DOUBT, SPREAD, Belief, log_length
from queue_core.estimate.laws.today import Today
from queue_core.estimate.queue_length.cycles import configured_s

#: The key of what belongs to nobody.
_ALL = 0


class Moment:
    """One zone at `now_ms`. Every mean is of ln(seconds), one number a replicate."""

    def __init__(self, laws: Laws, zone: Zone, snapshot: Snapshot, now_ms: int, seed: int, replicates: int) -> None:
        self.laws, self.zone, self.snapshot = laws, zone, snapshot
        self.now_ms, self.seed, self.replicates = now_ms, seed, replicates
        day = business_day(zone, now_ms)
        self.day, self.at_s = day.day, (now_ms - day.from_ms) / 1000
        self.is_today = laws.today.day in (None, day.day)
        self.today = laws.today if self.is_today else Today()
        self.counters = tuple(snapshot.counters[c] for c in zone.counters if c in snapshot.counters)
        self._order = {service: n + 1 for n, service in enumerate(zone.services)}
        self._beliefs: dict[ServiceId, Belief] = {}
        self._means: dict[ServiceId, Floats] = {}
        self._tables: dict[ServiceId, Table] = {}
        self._office = laws.occupations.office_doubt() * self.spread_evenly(Stream.OFFICE, _ALL)
        belief = self.today.pace.outlasting(self._running())
        self.pace = pace.drawn(belief, stratified(seed, Stream.PACE, _ALL, replicates))
        self.second_shift = laws.occupations.second_shift()
        self.wrap, self.missed, self.way = laws.wrap.table(), laws.missed.table(), laws.way.table()

    def spread_evenly(self, stream: Stream, key: int) -> Floats:
        """(R,) standard normal numbers, one from each of R equal parts of the law."""
        return quantile(stratified(self.seed, stream, key, self.replicates))

    def uniforms(self, stream: Stream, keys: list[int]) -> Floats:
        return uniforms(self.seed, stream, keys, self.replicates)

    def uniform(self, stream: Stream, key: int) -> Floats:
        return uniforms(self.seed, stream, (key,), self.replicates)[:, 0]

    def belief(self, service: ServiceId) -> Belief:
        if service not in self._beliefs:
            self._beliefs[service] = self.laws.occupations.belief(service, configured_s(self.zone, service))
        return self._beliefs[service]

    def table(self, service: ServiceId) -> Table:
        if service not in self._tables:
            self._tables[service] = self.laws.occupations.table(service)
        return self._tables[service]

    def mean(self, service: ServiceId) -> Floats:
        """(R,) of a first visit today, with today's pace and with doubt."""
        if service not in self._means:
            belief = self.belief(service)
            own = belief.doubt * self.spread_evenly(Stream.SERVICE, self._order.get(service, _ALL))
            self._means[service] = belief.mean + own + belief.office * self._office + self.pace
        return self._means[service]

    def session(self, number: int, counter: CounterId) -> Floats:
        """(R,) what the session of the counter adds; `number`: the counter's."""
        session = self.today.session(counter)
        return session.effect + session.doubt * self.spread_evenly(Stream.SESSION, number)

    def wrap_ratios(self, counters: Iterable[Counter]) -> Floats:
        usual_s = float(np.expm1(self.wrap.values).mean())
        return np.array([self.today.session(c.id).wrap_ratio(usual_s) for c in counters])

    def age_s(self, ticket: Ticket) -> float:
        return max(0.0, (self.now_ms - ticket.called_ms) / 1000)

    def _running(self) -> Iterator[tuple[float, float]]:
        for counter in self.counters:
            ticket = self.snapshot.tickets.get(counter.ticket)
            if ticket is None or ticket.state is not TicketState.SERVING:
                continue
            belief, session = self.belief(ticket.service), self.today.session(counter.id)
            doubt2 = belief.spread**2 + belief.doubt**2 + session.doubt**2
            yield log_length(self.age_s(ticket)) - belief.mean - session.effect, float(doubt2**0.5)


def second_doubt(seen: float) -> float:
    """Of the second talks' shift, after so many were seen."""
    return float(SPREAD / (seen + (SPREAD / SECOND_DOUBT) ** 2) ** 0.5)
