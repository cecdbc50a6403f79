"""Those who are not in the queue yet and may overtake: appointments, people on their way back, head starts.

Nobody's class matters any more, since ranks are drawn: there is one stream a service.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from queue_core.domain.model import Booking, ClassId, CounterId, ServiceId, Ticket, TicketState
from queue_core.estimate.forward.chances import Coming, Seconds
from queue_core.estimate.laws.arrivals import CELL_S, CELLS
from queue_core.estimate.laws.busy import Busy
from queue_core.estimate.laws.draws import Floats, Stream
from queue_core.estimate.laws.empirical import Table
from queue_core.estimate.laws.moment import Moment
from queue_core.estimate.laws.visits import then

#: Arrivals who would overtake for less than this are not worth drawing.
_SHORTLY_S, _RARE = 30.0, 0.03
#: The numbers of so many people of a kind lie beside each other.
_NUMBERED = 48
_NEVER = np.inf
_SURELY = 1 - 1e-9


class _Block(NamedTuple):
    """(R, K) each: from when on each may be called, `inf` for those who do not come; and the rank."""

    service: ServiceId
    callable_s: Seconds
    rank_s: Seconds


def coming(moment: Moment, busy: Mapping[CounterId, Busy]) -> Generator[None, None, list[Coming]]:
    """In slices of about a millisecond."""
    found: dict[ServiceId, list[_Block]] = {}
    for block in chain(_booked(moment), _away(moment), _sent_on(moment, busy), _arriving(moment)):
        found.setdefault(block.service, []).append(block)
        yield
    streams = []
    for service in moment.services:
        if service in found:
            streams.append(_stream(moment, service, found[service]))
            yield
    return [stream for stream in streams if stream.callable_s.shape[1]]


def _stream(moment: Moment, service: ServiceId, blocks: Sequence[_Block]) -> Coming:
    callable_s = np.concatenate([b.callable_s for b in blocks], axis=1)
    rank_s = np.concatenate([b.rank_s for b in blocks], axis=1)
    most = int(np.isfinite(callable_s).sum(axis=1).max())
    order = np.argsort(callable_s, axis=1)[:, :most] + callable_s.shape[1] * np.arange(len(callable_s))[:, None]
    return Coming(service, moment.zone.default_class, callable_s.take(order), rank_s.take(order))


def _by_service(services: Iterable[ServiceId]) -> dict[ServiceId, list[int]]:
    columns: dict[ServiceId, list[int]] = {}
    for n, service in enumerate(services):
        columns.setdefault(service, []).append(n)
    return columns


def _booked(moment: Moment) -> Iterator[_Block]:
    """Who checks in may be called from slot less lead on, ranked by the slot, or when late by the check-in."""
    rules, laws = moment.zone.rules, moment.laws.appointments
    bookings = [b for b in moment.snapshot.bookings.values() if _is_near(moment, b)]
    if not bookings:
        return
    in_s = np.array([(b.slot_ms - moment.now_ms) / 1000 for b in bookings])
    earliest_s = in_s - rules.booking_earliest_s
    come, at = moment.pairs(Stream.BOOKING, [_number(b.id) for b in bookings])
    comes_s = _given_not_yet(laws.table(), laws.chance(), come, at, np.maximum(-in_s, -rules.booking_earliest_s) / 60)
    at_s = np.maximum(np.maximum(0.0, earliest_s), in_s + 60 * comes_s)
    base_s = np.where(at_s > in_s + rules.booking_grace_s, at_s, in_s)
    callable_s = np.maximum(at_s, in_s - rules.booking_lead_s)
    heads = np.array([moment.zone.head_start_ms(b.service, b.visitor_class) / 1000 for b in bookings])
    rank_s = np.where(np.isfinite(callable_s), base_s, 0.0) - heads
    for service, columns in _by_service(b.service for b in bookings).items():
        yield _Block(service, callable_s[:, columns], rank_s[:, columns])


def _is_near(moment: Moment, booking: Booking) -> bool:
    in_s = (booking.slot_ms - moment.now_ms) / 1000
    known = booking.service in moment.services and booking.visitor_class in moment.zone.classes
    ahead_s = moment.foresight.ahead_s
    return known and -ahead_s < in_s < ahead_s + moment.zone.rules.booking_lead_s


def _given_not_yet(table: Table, chance: float, come: Floats, at: Floats, passed: Floats) -> Floats:
    """When one comes who comes with this chance, and has not come until `passed`; `inf` for never (Bayes' rule)."""
    left = min(chance, _SURELY) * table.survival(passed)
    return np.where(come < left / (left + 1 - min(chance, _SURELY)), table.beyond(at, passed), _NEVER)


def _away(moment: Moment) -> Iterator[_Block]:
    """Set aside or missed, and in the house perhaps."""
    laws = moment.laws.sequels
    yield from _returning(moment, TicketState.PARKED, laws.parked_back(), laws.parked_s.table)
    yield from _returning(moment, TicketState.MISSED, laws.missed_back(), laws.missed_s.table)


def _returning(moment: Moment, state: TicketState, chance: float, table: Callable[[], Table]) -> Iterator[_Block]:
    tickets = [t for t in moment.snapshot.tickets.values() if t.state is state and t.service in moment.services]
    if not tickets:
        return
    age_s = np.array([(moment.now_ms - _went_ms(moment, t)) / 1000 for t in tickets])
    come, at = moment.pairs(Stream.AWAY, [t.ordinal for t in tickets])
    log_age = np.log1p(np.maximum(0.0, age_s))
    in_s = np.maximum(0.0, np.expm1(_given_not_yet(table(), chance, come, at, log_age)) - age_s)
    ranks_s = np.broadcast_to([(t.rank_ms - moment.now_ms) / 1000 for t in tickets], in_s.shape)
    for service, columns in _by_service(t.service for t in tickets).items():
        yield _Block(service, in_s[:, columns], ranks_s[:, columns])


def _went_ms(moment: Moment, ticket: Ticket) -> int:
    return moment.today.away_ms.get(ticket.ordinal, max(ticket.called_ms, ticket.started_ms))


def _sent_on(moment: Moment, busy: Mapping[CounterId, Busy]) -> Iterator[_Block]:
    """Those at the counters now, whose visit goes on."""
    tickets = [t for _, _, t in moment.held.values() if t.ordinal not in moment.today.talked]
    tickets = [t for t in tickets if t.service in moment.services]
    if not tickets:
        return
    found = [_next(moment, t, busy[t.counter]) for t in tickets]
    to, in_s = np.stack([to for to, _ in found], axis=1), np.stack([in_s for _, in_s in found], axis=1)
    ranks_s = np.broadcast_to([(t.rank_ms - moment.now_ms) / 1000 for t in tickets], in_s.shape)
    for service, number in moment.services.items():
        joins_s = np.where(to == number, in_s, _NEVER)
        some = np.isfinite(joins_s).any(axis=0)
        if some.any():
            yield _Block(service, joins_s[:, some], ranks_s[:, some])


def _next(moment: Moment, ticket: Ticket, run: Busy) -> tuple[np.ndarray, Floats]:
    laws = moment.laws.sequels
    to, away_s = then(moment, ticket.service, run.again)
    if ticket.further and ticket.further[0] in moment.services:
        to, away_s = np.full_like(to, moment.services[ticket.further[0]]), np.zeros_like(away_s)
    if run.missed.any():
        back, own = laws.missed_back(), moment.services[ticket.service]
        to = np.where(run.missed, np.where(run.again < back, own, -1), to)
        missed_for_s = np.expm1(laws.missed_s.table().at(np.minimum(run.again / back, _SURELY)))
        away_s = np.where(run.missed, missed_for_s, away_s)
    return to, run.leaves_s + away_s


def _arriving(moment: Moment) -> Iterator[_Block]:
    mean, shape = moment.laws.arrivals.intensity(moment.at_s) if moment.is_today else (1.0, 1.0)
    intensity = mean * np.exp(moment.standard_normal(Stream.INTENSITY) / shape**0.5 - 0.5 / shape)
    latest_s = _latest_ranks_s(moment)
    for s, service in enumerate(moment.zone.services):
        for c, visitor_class in enumerate(moment.zone.classes):
            head_start_s = moment.zone.head_start_ms(service, visitor_class) / 1000
            until_s = min(moment.foresight.ahead_s, latest_s.get(service, -_NEVER) + head_start_s)
            if until_s > _SHORTLY_S:
                callable_s = _kind(moment, service, visitor_class, until_s, intensity, (s << 8) + c)
                yield _Block(service, callable_s, np.where(np.isfinite(callable_s), callable_s, 0.0) - head_start_s)


def _latest_ranks_s(moment: Moment) -> dict[ServiceId, float]:
    """By service: up to which rank somebody of it would come before somebody who waits or draws now, at a counter
    that could call both. Before whoever may not be called yet, others of any rank are, and keep the counters busy."""
    usual, now_ms = moment.zone.default_class, moment.now_ms
    ranks = {s: -moment.zone.head_start_ms(s, usual) / 1000 for s in moment.zone.services}
    for t in moment.waiting:
        until_ms = max(t.rank_ms, t.not_before_ms)
        ranks[t.service] = max(ranks.get(t.service, -_NEVER), (until_ms - now_ms) / 1000)
    latest: dict[ServiceId, float] = {}
    for place in moment.zone.counters.values():
        at_all = max((ranks.get(s, -_NEVER) + place.offset_s.get(s, 0) for s in place.services), default=-_NEVER)
        for service in place.services:
            reach = at_all - place.offset_s.get(service, 0)
            latest[service] = max(latest.get(service, -_NEVER), reach)
    return latest


def _kind(
    moment: Moment, service: ServiceId, visitor_class: ClassId, until_s: float, intensity: Floats, key: int
) -> Seconds:
    """(R, K): one service's and class's arrivals, a Poisson process of the day's profile: its time scale is stretched
    so that people come at rate 1 (Çinlar: Introduction to Stochastic Processes, 1975, 4.7)."""
    laws = moment.laws.arrivals
    rates = laws.rates(service, moment.at_s) * laws.share(service, visitor_class, moment.zone.default_class)
    edges = CELL_S * np.arange(CELLS + 1)
    risen = np.concatenate([[0.0], np.cumsum(rates * CELL_S)])
    so_far, in_all = np.interp([moment.at_s, moment.at_s + until_s], edges, risen)
    expected = float(in_all - so_far) * float(intensity.max())
    if expected < _RARE:
        return np.zeros((moment.replicates, 0))
    people = min(moment.foresight.people_most, int(np.ceil(expected + 3 * expected**0.5)))
    u = moment.uniforms(Stream.ARRIVAL, [_arrival(key, k) for k in range(people)])
    target = so_far + np.cumsum(-np.log(u), axis=1) / intensity[:, None]
    at_s = np.interp(target, risen + 1e-9 * np.arange(CELLS + 1), edges) - moment.at_s
    return np.where(target < in_all, np.maximum(0.0, at_s), _NEVER)


def _arrival(key: int, n: int) -> int:
    block, place = divmod(n, _NUMBERED)
    return (block << 40) + key * _NUMBERED + place


def _number(name: str) -> int:
    """A number for a name, the same in every process."""
    return int.from_bytes(name.encode()[-7:], "big")
