"""The true laws of people who come and may overtake: those with a head start, appointments, who is sent on or back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from queue_core.domain.model import Booking, BookingId, ClassId, Counter, ServiceId, Ticket, TicketState
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.chances import Coming
from queue_core.simulate.arrivals import intensity
from queue_core.simulate.oracle.draws import Draws, row
from queue_core.simulate.oracle.running import Running
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.spread import Floats
from queue_core.simulate.visits import other_services, walk_in_classes

#: Of a service: when each may be called and with which rank, (R,) both.
_Column = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class _Stream:
    """`at_ms` (R, K): the whole day's arrivals in order. `ahead_s`: so long after now they may still overtake."""

    service: ServiceId
    visitor_class: ClassId
    at_ms: Floats
    head_start_s: float
    ahead_s: float


class Newcomers:
    """Arrivals without appointment that may overtake somebody who is here; drawn once a day."""

    def __init__(self, today: Today, seed: int, replicates: int) -> None:
        self._reaction_s = sum(today.habits.desk.reaction_s) / 2
        self._streams = list(_streams(today, seed, replicates))

    def coming(self, now_ms: int) -> Iterator[Coming]:
        for stream in self._streams:
            first = (stream.at_ms <= now_ms).sum(axis=1)
            many = int(((stream.at_ms < now_ms + 1000 * stream.ahead_s).sum(axis=1) - first).max())
            columns = np.minimum(first[:, np.newaxis] + np.arange(many), stream.at_ms.shape[1] - 1)
            at_s = (np.take_along_axis(stream.at_ms, columns, axis=1) - now_ms) / 1000
            at_s[at_s >= stream.ahead_s] = np.inf
            if many:
                rank_s = np.where(np.isinf(at_s), 0.0, at_s - stream.head_start_s)
                yield Coming(stream.service, stream.visitor_class, at_s + self._reaction_s, rank_s)


def _streams(today: Today, seed: int, replicates: int) -> Iterator[_Stream]:
    zone = today.zone
    others = walk_in_classes(zone, today.habits)
    share = today.habits.manners.others if others else 0.0
    shares = {zone.default_class: 1 - share} | {c: share / len(others) for c in others}
    for n, (service, c) in enumerate((s, c) for s in zone.services for c in shares):
        ahead_s = _ahead_s(today, service, c)
        if ahead_s > 0 and shares[c] > 0:
            random = np.random.default_rng([seed, 1, n])
            at_ms = _arrivals_ms(today, random, service, shares[c], replicates)
            yield _Stream(service, c, at_ms, zone.head_start_ms(service, c) / 1000, ahead_s)


def _ahead_s(today: Today, service: ServiceId, visitor_class: ClassId) -> float:
    """By how much their rank may lie before that of others of the usual class who come at the same time."""
    zone = today.zone
    gains = [0.0]
    for place in zone.counters.values():
        if service in place.services:
            usual = [
                place.offset_s.get(s, 0) - zone.head_start_ms(s, zone.default_class) / 1000 for s in place.services
            ]
            own = place.offset_s.get(service, 0) - zone.head_start_ms(service, visitor_class) / 1000
            gains.append(max(usual) - own)
    return max(gains)


def _arrivals_ms(
    today: Today, random: np.random.Generator, service: ServiceId, share: float, replicates: int
) -> Floats:
    """(R, K): as `arrivals.arrivals_ms` draws them, padded with `inf`."""
    opens_ms, closes_ms = today.opens_ms, today.closes_ms
    expected = share * today.peak_per_s[service] * (closes_ms - opens_ms) / 1000
    many = random.poisson(expected, replicates)
    shares = random.random((replicates, max(1, int(many.max()))))
    curve = today.habits.demand.curve
    grid = np.linspace(0.0, 1.0, 201)
    wanted = np.interp(shares, grid, [intensity(float(x), curve) for x in grid])
    at_ms = opens_ms + shares * (closes_ms - opens_ms)
    comes = (random.random(shares.shape) < wanted) & (np.arange(shares.shape[1]) < many[:, np.newaxis])
    comes &= np.logical_or.reduce([(opens <= at_ms) & (at_ms < closes) for opens, closes in today.drawing_ms[service]])
    return np.sort(np.where(comes, at_ms, np.inf), axis=1)


class Booked:
    """Appointments that have not been checked in; what chance decides of each is drawn once a day."""

    def __init__(self, today: Today, seed: int, replicates: int) -> None:
        self._today, self._seed, self._replicates = today, seed, replicates
        self._drawn: dict[BookingId, Floats] = {}

    def columns(self, bookings: Iterable[Booking], now_ms: int) -> Iterator[tuple[ServiceId, _Column]]:
        for booking in bookings:
            arrives_s, slot_s = self._arrives_s(booking, now_ms), (booking.slot_ms - now_ms) / 1000
            rules = self._today.zone.rules
            late = arrives_s > slot_s + rules.booking_grace_s
            head_start_s = self._today.zone.head_start_ms(booking.service, booking.visitor_class) / 1000
            rank_s = np.where(late, arrives_s, slot_s) - head_start_s
            yield booking.service, (np.maximum(arrives_s, slot_s - rules.booking_lead_s), rank_s)

    def _arrives_s(self, booking: Booking, now_ms: int) -> Floats:
        """Given that they have not come yet."""
        book = self._today.habits.appointments
        even, comes = self._draw(booking.id)
        left_s = (booking.slot_ms - now_ms) / 1000 + book.late_most_s
        still = -np.expm1(-book.before.hazard(np.array([max(left_s, 0.0) / book.before_s])))[0]
        shows = book.show * still / (book.show * still + 1 - book.show) if still > 0 else 0.0
        before_s = book.before_s * book.before.length(-np.log1p(-even * still))
        return np.where(comes < shows, np.maximum(left_s - before_s, 0.0), np.inf)

    def _draw(self, booking: BookingId) -> Floats:
        if booking not in self._drawn:
            random = np.random.default_rng([self._seed, 2, crc32(booking.encode())])
            self._drawn[booking] = random.random((2, self._replicates))
        return self._drawn[booking]


class Returning:
    """People whose visit runs or was interrupted, and who join a queue once more with the rank that they had."""

    def __init__(self, today: Today, draws: Draws) -> None:
        self._today, self._draws = today, draws
        self._onward = {s: other_services(today.zone, s) for s in today.zone.services}

    def columns(
        self, snapshot: Snapshot, now_ms: int, visits: Sequence[tuple[Counter, Ticket, Running]]
    ) -> Iterator[tuple[ServiceId, _Column]]:
        for _, ticket, visit in visits:
            yield from self._running(ticket, visit, now_ms)
        for ticket in snapshot.tickets.values():
            if ticket.state in {TicketState.PARKED, TicketState.MISSED}:
                yield ticket.service, self._column(self._back_s(ticket, now_ms), now_ms, ticket.rank_ms)

    def _column(self, at_s: Floats, now_ms: int, rank_ms: int) -> _Column:
        """Nobody comes back after closing time."""
        in_time_s = np.where(at_s < (self._today.closes_ms - now_ms) / 1000, at_s, np.inf)
        return in_time_s, np.full(len(at_s), (rank_ms - now_ms) / 1000)

    def _running(self, ticket: Ticket, visit: Running, now_ms: int) -> Iterator[tuple[ServiceId, _Column]]:
        draws, at = self._draws, row(ticket.ordinal)
        away_s = np.where(visit.missed, draws.back[at], np.where(visit.detour, draws.parked[at], np.inf))
        if (away_s < np.inf).any():
            yield ticket.service, self._column(visit.ends_s + away_s, now_ms, ticket.rank_ms)
        sent = visit.detour & (draws.parked[at] == np.inf)
        onward = self._onward.get(ticket.service, [])
        if not onward or not sent.any():
            return
        to = (draws.onward[at] * len(onward)).astype(np.int64)
        for n, service in enumerate(onward):
            if (sent & (to == n)).any():
                rank_ms = ticket.arrival_ms - self._today.zone.head_start_ms(service, ticket.visitor_class)
                yield service, self._column(np.where(sent & (to == n), visit.ends_s, np.inf), now_ms, rank_ms)

    def _back_s(self, ticket: Ticket, now_ms: int) -> Floats:
        habits, draws, at = self._today.habits, self._draws, row(ticket.ordinal)
        if ticket.state is TicketState.PARKED:
            low, high = habits.detours.parked_s
            left_ms = ticket.started_ms + round(1000 * self._today.means_s[ticket.service])
            comes = 1.0
        else:
            low, high = habits.manners.back_s
            left_ms = ticket.called_ms + round(1000 * (habits.desk.recalls_after_s + habits.desk.gives_up_after_s))
            comes = habits.manners.comes_back if not ticket.started_ms else 0.0
        age_s = max(0.0, (now_ms - left_ms) / 1000)
        since = min(1.0, max(0.0, (age_s - low) / (high - low)))
        still = comes * (1 - since) / (comes * (1 - since) + 1 - comes) if comes < 1 else 1.0
        back_s = np.maximum(low, age_s) + (max(high, age_s) - max(low, age_s)) * draws.silent[at] - age_s
        return np.where(draws.shows[at] < still, back_s, np.inf)


def streams(columns: Iterable[tuple[ServiceId, _Column]], visitor_class: ClassId) -> Iterator[Coming]:
    """One for each service: in each replicate in the order in which they may be called."""
    of_service: dict[ServiceId, list[_Column]] = defaultdict(list)
    for service, column in columns:
        of_service[service].append(column)
    for service, them in of_service.items():
        callable_s, rank_s = (np.stack(part, axis=1) for part in zip(*them, strict=True))
        order = np.argsort(callable_s, axis=1)
        many = int(np.isfinite(callable_s).sum(axis=1).max())
        if many:
            order = order[:, :many]
            yield Coming(
                service,
                visitor_class,
                np.take_along_axis(callable_s, order, axis=1),
                np.take_along_axis(rank_s, order, axis=1),
            )
