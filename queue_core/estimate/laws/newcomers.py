"""Those who are not in the queue yet and may overtake: appointments, head starts, people on their way back.

Each kind gives columns, (R,) from when on somebody may be called, `inf` where they do not come, and with which rank.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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

#: Nobody's place is looked after further ahead.
FORESEEN_S = 3 * 3600.0
#: Arrivals who would overtake for less than this are not worth drawing, nor more than so many of a kind.
_WORTH_S, _PEOPLE_MOST = 30.0, 48
_NEVER = np.inf


class Newcomer(NamedTuple):
    service: ServiceId
    visitor_class: ClassId
    callable_s: Seconds
    rank_s: Seconds


def coming(moment: Moment, busy: Mapping[CounterId, Busy]) -> list[Coming]:
    """One stream for each service and class."""
    found: dict[tuple[ServiceId, ClassId], list[Newcomer]] = defaultdict(list)
    for newcomer in (*_booked(moment), *_back(moment), *_sent_on(moment, busy), *_arriving(moment)):
        found[newcomer.service, newcomer.visitor_class].append(newcomer)
    streams = (_stream(*key, newcomers) for key, newcomers in sorted(found.items()))
    return [stream for stream in streams if stream.callable_s.shape[1]]


def _stream(service: ServiceId, visitor_class: ClassId, newcomers: Iterable[Newcomer]) -> Coming:
    columns = list(newcomers)
    callable_s = np.stack([n.callable_s for n in columns], axis=1)
    rank_s = np.stack([n.rank_s for n in columns], axis=1)
    order = np.argsort(callable_s, axis=1, kind="stable")
    callable_s = np.take_along_axis(callable_s, order, axis=1)
    most = int(np.isfinite(callable_s).sum(axis=1).max())
    rank_s = np.take_along_axis(rank_s, order[:, :most], axis=1)
    return Coming(service, visitor_class, callable_s[:, :most], rank_s)


def _booked(moment: Moment) -> Iterator[Newcomer]:
    rules = moment.zone.rules
    for booking in moment.snapshot.bookings.values():
        in_s = (booking.slot_ms - moment.now_ms) / 1000
        known = booking.service in moment.zone.services and booking.visitor_class in moment.zone.classes
        if known and -FORESEEN_S < in_s < FORESEEN_S + rules.booking_lead_s:
            yield _booking(moment, booking, in_s)


def _booking(moment: Moment, booking: Booking, in_s: float) -> Newcomer:
    """Checked in at `at_s`: may be called from slot less lead on, by the slot or, when late, by the check-in."""
    rules, laws, table = moment.zone.rules, moment.laws.appointments, moment.laws.appointments.table()
    key = _number(booking.id)
    passed_min = np.full(moment.replicates, max(-in_s, -float(rules.booking_earliest_s)) / 60)
    left = laws.chance() * table.survival(passed_min)
    shows = moment.uniform(Stream.BOOKING, key) < left / (left + 1 - laws.chance())
    after_min = table.beyond(moment.uniform(Stream.BOOKING_AT, key), passed_min)
    at_s = np.maximum(0.0, in_s + 60 * after_min)
    head_start_s = moment.zone.head_start_ms(booking.service, booking.visitor_class) / 1000
    base_s = np.where(at_s > in_s + rules.booking_grace_s, at_s, in_s)
    callable_s = np.maximum(at_s, in_s - rules.booking_lead_s)
    return Newcomer(booking.service, booking.visitor_class, np.where(shows, callable_s, _NEVER), base_s - head_start_s)


def _back(moment: Moment) -> Iterator[Newcomer]:
    """Set aside or missed, and in the house perhaps."""
    laws = moment.laws.sequels
    for ticket in moment.snapshot.tickets.values():
        if ticket.service not in moment.zone.services:
            continue
        if ticket.state is TicketState.PARKED:
            yield _away(moment, ticket, laws.parked_back(), laws.parked_s.table())
        elif ticket.state is TicketState.MISSED:
            yield _away(moment, ticket, laws.missed_back(), laws.missed_s.table())


def _away(moment: Moment, ticket: Ticket, chance: float, table: Table) -> Newcomer:
    went_ms = moment.today.away_ms.get(ticket.ordinal, max(ticket.called_ms, ticket.started_ms))
    age_s = max(0.0, (moment.now_ms - went_ms) / 1000)
    log_age = np.log1p(np.full(moment.replicates, age_s))
    left = chance * table.survival(log_age)
    back = moment.uniform(Stream.AWAY, ticket.ordinal) < left / (left + 1 - chance)
    in_s = np.expm1(table.beyond(moment.uniform(Stream.AWAY_DELAY, ticket.ordinal), log_age)) - age_s
    return _with_rank(moment, ticket, ticket.service, np.where(back, np.maximum(0.0, in_s), _NEVER))


def _sent_on(moment: Moment, busy: Mapping[CounterId, Busy]) -> Iterator[Newcomer]:
    """Those at the counters now, whose visit goes on elsewhere."""
    services, back = list(moment.zone.services), moment.laws.sequels.missed_back()
    for counter in moment.counters:
        ticket = moment.snapshot.tickets.get(counter.ticket)
        if ticket is None or ticket.service not in moment.zone.services:
            continue
        run = busy[counter.id]
        to, away_s = then(moment, ticket.service, ticket.ordinal)
        gone = run.missed & (moment.uniform(Stream.AGAIN, ticket.ordinal) >= back)
        again_s = run.leaves_s + np.where(run.missed, _missed_for_s(moment, ticket), away_s)
        to = np.where(run.missed, services.index(ticket.service), to)
        for number in np.unique(to[(to >= 0) & ~gone]):
            joins_s = np.where((to == number) & ~gone, again_s, _NEVER)
            yield _with_rank(moment, ticket, services[number], joins_s)


def _missed_for_s(moment: Moment, ticket: Ticket) -> Floats:
    u = moment.uniform(Stream.AGAIN_DELAY, ticket.ordinal)
    return np.asarray(np.expm1(moment.laws.sequels.missed_s.table().at(u)))


def _with_rank(moment: Moment, ticket: Ticket, service: ServiceId, callable_s: Seconds) -> Newcomer:
    rank_s = (ticket.rank_ms - moment.now_ms) / 1000
    return Newcomer(service, ticket.visitor_class, callable_s, np.full(moment.replicates, rank_s))


def _arriving(moment: Moment) -> Iterator[Newcomer]:
    services, classes = list(moment.zone.services), list(moment.zone.classes)
    mean, shape = moment.laws.arrivals.intensity(moment.at_s) if moment.is_today else (1.0, 1.0)
    intensity = mean * np.exp(moment.spread_evenly(Stream.INTENSITY, 0) / shape**0.5 - 0.5 / shape)
    latest_s = _latest_ranks_s(moment)
    for s, service in enumerate(services):
        for c, visitor_class in enumerate(classes):
            head_start_s = moment.zone.head_start_ms(service, visitor_class) / 1000
            until_s = min(FORESEEN_S, latest_s.get(service, -_NEVER) + head_start_s)
            if until_s > _WORTH_S:
                key = (1 + s) * len(classes) + c
                yield from _kind(moment, service, visitor_class, until_s, intensity, head_start_s, key)


def _latest_ranks_s(moment: Moment) -> dict[ServiceId, float]:
    """By service: up to which rank somebody of it would come before somebody who waits or draws now, at a counter
    that could call both."""
    usual, now_ms = moment.zone.default_class, moment.now_ms
    ranks = {s: -moment.zone.head_start_ms(s, usual) / 1000 for s in moment.zone.services}
    for t in moment.snapshot.waiting():
        ranks[t.service] = max(ranks.get(t.service, -_NEVER), (t.rank_ms - now_ms) / 1000)
    latest: dict[ServiceId, float] = {}
    for place in moment.zone.counters.values():
        at_all = max((ranks.get(s, -_NEVER) + place.offset_s.get(s, 0) for s in place.services), default=-_NEVER)
        for service in place.services:
            reach = at_all - place.offset_s.get(service, 0)
            latest[service] = max(latest.get(service, -_NEVER), reach)
    return latest


def _kind(
    moment: Moment,
    service: ServiceId,
    visitor_class: ClassId,
    until_s: float,
    intensity: Floats,
    head_start_s: float,
    key: int,
) -> Iterator[Newcomer]:
    """One service's and class's arrivals, a Poisson process of the day's profile: its time scale is stretched so that
    people come at rate 1 (Çinlar: Introduction to Stochastic Processes, 1975, 4.7)."""
    laws = moment.laws.arrivals
    rates = laws.rates(service, moment.at_s) * laws.share(service, visitor_class, moment.zone.default_class)
    edges = CELL_S * np.arange(CELLS + 1)
    risen = np.concatenate([[0.0], np.cumsum(rates * CELL_S)])
    so_far, in_all = np.interp([moment.at_s, moment.at_s + until_s], edges, risen)
    expected = float(in_all - so_far) * float(intensity.max())
    if expected <= 0:
        return
    people = min(_PEOPLE_MOST, int(np.ceil(expected + 3 * expected**0.5)) + 1)
    u = moment.uniforms(Stream.ARRIVAL, [key * _PEOPLE_MOST + k for k in range(people)])
    target = so_far + np.cumsum(-np.log(u), axis=1) / intensity[:, None]
    at_s = np.interp(target, risen + 1e-9 * np.arange(CELLS + 1), edges) - moment.at_s
    callable_s = np.where(target < in_all, np.maximum(0.0, at_s), _NEVER)
    for k in range(people):
        rank_s = np.where(np.isfinite(callable_s[:, k]), callable_s[:, k] - head_start_s, 0.0)
        yield Newcomer(service, visitor_class, callable_s[:, k], rank_s)


def _number(name: str) -> int:
    """A number for a name, the same in every process."""
    return int.from_bytes(name.encode()[-7:], "big")
