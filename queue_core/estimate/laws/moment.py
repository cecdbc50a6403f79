"""What a whole replicate shares, drawn once for a moment: today's pace, and what is not known of the laws."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from queue_core.domain.calendar import BusinessDay, business_day, opening_ms
from queue_core.domain.model import Counter, CounterId, ServiceId, Ticket, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.laws import pace
from queue_core.estimate.laws.draws import Floats, Keys, Stream, pairs, stratified, uniforms
from queue_core.estimate.laws.empirical import Table
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.normal import quantile
from queue_core.estimate.laws.occupations import Belief, log_length
from queue_core.estimate.laws.today import Today
from queue_core.estimate.queue_length.cycles import configured_s

#: No visit, and no break of it, is thought longer.
LONGEST_S = 4 * 3600.0
#: The key of what there is one of.
_ONE = (0,)


@dataclass(frozen=True, slots=True)
class Foresight:
    """Who is still to come is looked for so far ahead, and at most so many of each service and class."""

    ahead_s: float
    people_most: int


#: Of who waits now: nobody's place is looked after further ahead, and few of a kind overtake.
SHORT = Foresight(3 * 3600.0, 48)


class Moment:
    """One zone at `now_ms`. Every mean is of ln(seconds), one number a replicate."""

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
        self.foresight = foresight
        self.laws, self.zone, self.snapshot = laws, in_session(zone, snapshot.counters), snapshot
        self.now_ms, self.seed, self.replicates = now_ms, seed, replicates
        day = business_day(zone, now_ms)
        self.day, self.at_s = day.day, (now_ms - day.from_ms) / 1000
        self.office_s = _office_s(zone, day, self.at_s)
        self.is_today = laws.today.day in (None, day.day)
        self.today = laws.today if self.is_today else Today()
        self.counters = tuple(snapshot.counters[c] for c in zone.counters if c in snapshot.counters)
        self.services = {service: n for n, service in enumerate(zone.services)}
        self.waiting = snapshot.waiting()
        self._beliefs: dict[ServiceId, Belief] = {}
        self._means: dict[ServiceId, Floats] = {}
        self._tables: dict[ServiceId, Table] = {}
        self._office = laws.occupations.office_doubt() * self.standard_normal(Stream.OFFICE)
        self.pace = pace.drawn(self.today.pace.outlasting(self._running()), self.stratified(Stream.PACE))
        self.wrap, self.missed, self.way = laws.wrap.table(), laws.missed.table(), laws.way.table()

    def pairs(self, stream: Stream, keys: Keys) -> tuple[Floats, Floats]:
        return pairs(self.seed, stream, keys, self.replicates)

    def uniforms(self, stream: Stream, keys: Keys) -> Floats:
        return uniforms(self.seed, stream, keys, self.replicates)

    def stratified(self, stream: Stream) -> Floats:
        """(R,)"""
        return np.asarray(stratified(self.seed, stream, _ONE, self.replicates)[:, 0])

    def standard_normal(self, stream: Stream) -> Floats:
        """(R,) numbers, one from each of R equal parts of the law."""
        return quantile(self.stratified(stream))

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
            own = belief.doubt * self._service_doubts[:, self.services.get(service, -1)]
            self._means[service] = belief.mean + own + belief.office * self._office + self.pace
        return self._means[service]

    @cached_property
    def second(self) -> Floats:
        """(R,) what a second talk adds."""
        mean, doubt = self.laws.occupations.second_shift()
        return np.asarray(mean + doubt * self.standard_normal(Stream.SECOND))

    @cached_property
    def sessions(self) -> Floats:
        """(R, C) what each counter's session adds."""
        sessions = [self.today.session(c.id) for c in self.counters]
        z = quantile(stratified(self.seed, Stream.SESSION, range(len(sessions)), self.replicates))
        return np.array([s.effect for s in sessions]) + np.array([s.doubt for s in sessions]) * z

    @cached_property
    def wrap_ratios(self) -> Floats:
        """(C,)"""
        usual_s = float(np.expm1(self.wrap.values).mean())
        return np.array([self.today.session(c.id).wrap_ratio(usual_s) for c in self.counters])

    @cached_property
    def usual_way_s(self) -> float:
        return float(np.expm1(self.way.values).mean())

    @cached_property
    def held(self) -> dict[CounterId, tuple[int, Counter, Ticket]]:
        """The counters that have somebody: each with its number and the ticket."""
        held = ((n, c, self.snapshot.tickets.get(c.ticket)) for n, c in enumerate(self.counters) if c.ticket)
        return {counter.id: (n, counter, ticket) for n, counter, ticket in held if ticket}

    def hour(self, ticket: Ticket) -> float:
        """What the hour of its call adds to the visit's ln(length)."""
        return self.laws.profile.at(self.at_s - self.age_s(ticket))

    def age_s(self, ticket: Ticket) -> float:
        return max(0.0, (self.now_ms - ticket.called_ms) / 1000)

    @cached_property
    def _service_doubts(self) -> Floats:
        """(R, S + 1) standard normal; the last for services that the zone no longer has."""
        return quantile(stratified(self.seed, Stream.SERVICE, range(len(self.services) + 1), self.replicates))

    def _running(self) -> Iterator[tuple[float, float]]:
        for _, counter, ticket in self.held.values():
            if ticket.state is TicketState.SERVING and self.laws.occupations.pace_share(ticket.service) > 0:
                belief, session = self.belief(ticket.service), self.today.session(counter.id)
                doubt2 = belief.spread**2 + belief.doubt**2 + session.doubt**2
                expected = belief.mean + session.effect + self.hour(ticket)
                yield log_length(self.age_s(ticket)) - expected, float(doubt2**0.5)


def _office_s(zone: Zone, day: BusinessDay, at_s: float) -> float:
    """When the office opened last, or else will, in seconds of the day; `inf` for never, or where it is always open."""
    if zone.hours.always:
        return float("inf")
    opens_s = [(opens - day.from_ms) / 1000 for opens, _ in opening_ms(zone, zone.hours, day)]
    return max((s for s in opens_s if s <= at_s), default=min(opens_s, default=float("inf")))
