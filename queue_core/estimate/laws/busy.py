"""The rest of what runs at the counters: visits given how long they last already, calls that nobody has followed yet,
wrap-ups that take their time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queue_core.domain.model import Counter, CounterState, Ticket, TicketState
from queue_core.domain.policy import may_call
from queue_core.estimate.laws.draws import Floats, Stream
from queue_core.estimate.laws.moment import Moment
from queue_core.estimate.laws.visits import LONGEST_S, chances_of

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Busy:
    """Of one counter, by replicate: seconds until the visitor leaves, whether it is a no-show, and until the counter
    would call again."""

    leaves_s: Floats
    missed: Flags
    free_s: Floats


def busy(moment: Moment, number: int, counter: Counter, ticket: Ticket, wrap_ratio: float) -> Busy:
    """`number`: the counter's; `ticket`: the one that it has."""
    mean = moment.mean(ticket.service) + moment.session(number, counter.id)
    u = moment.uniform(Stream.LENGTH, ticket.ordinal)
    if ticket.state is TicketState.CALLED:
        leaves_s, missed = _called(moment, ticket, mean, u)
    else:
        leaves_s = _rest(moment, ticket, mean, u)
        missed = np.zeros(moment.replicates, np.bool_)
    leaves_s = np.clip(leaves_s, 0.0, LONGEST_S)
    wrap_s = wrap_ratio * np.expm1(moment.wrap.at(moment.uniform(Stream.WRAP, ticket.ordinal)))
    return Busy(leaves_s, missed, leaves_s + wrap_s)


def _rest(moment: Moment, ticket: Ticket, mean: Floats, u: Floats) -> Floats:
    """Of a visit that is under way."""
    age_s = max(1.0, moment.age_s(ticket))
    residual = moment.table(ticket.service).beyond(u, np.log(age_s) - mean)
    return np.asarray(np.exp(np.minimum(mean + residual, np.log(age_s + LONGEST_S))) - age_s)


def _called(moment: Moment, ticket: Ticket, mean: Floats, u: Floats) -> tuple[Floats, Flags]:
    """Not come yet, or come and nobody pressed "started", or not coming: by Bayes' rule, given the time since."""
    age_s, table = moment.age_s(ticket), moment.table(ticket.service)
    log_age = np.log1p(np.full(moment.replicates, age_s))
    absent = chances_of(moment, (ticket.called_ms - ticket.arrival_ms) / 1000)
    pressed = moment.laws.pressed_share()
    missed = absent * moment.missed.survival(log_age)
    coming = (1 - absent) * pressed * moment.way.survival(log_age)
    there = (1 - absent) * (1 - pressed) * table.survival(np.log(max(1.0, age_s)) - mean)
    which = moment.uniform(Stream.SHOWS, ticket.ordinal) * (missed + coming + there)
    delay = moment.uniform(Stream.HESITATION, ticket.ordinal)
    given_up_s = np.expm1(moment.missed.beyond(delay, log_age)) - age_s
    way_s = np.expm1(moment.way.beyond(delay, log_age)) - age_s
    usual_way_s = float(np.expm1(moment.way.values).mean())
    visit_s = np.exp(mean + table.at(u))
    comes_s = way_s + np.maximum(visit_s - usual_way_s, 0.2 * visit_s)
    shows_s = np.where(which < missed + coming, comes_s, _rest(moment, ticket, mean, u))
    return np.where(which < missed, given_up_s, shows_s), which < missed


def hesitation(moment: Moment, number: int, counter: Counter, waiting: Sequence[Ticket]) -> Floats:
    """Until a free counter calls: 0 when nobody is there whom it could call; else the rest of a wrap-up, the longer
    the longer it has taken."""
    place = moment.zone.counters[counter.id]
    came = [max(t.arrival_ms, t.not_before_ms) for t in waiting if may_call(place, t)]
    since_ms = min((ms for ms in came if ms <= moment.now_ms), default=None)
    if since_ms is None or counter.state is not CounterState.OPEN:
        return np.zeros(moment.replicates)
    age_s = max(0.0, (moment.now_ms - max(since_ms, counter.since_ms)) / 1000)
    u = moment.uniform(Stream.HESITATION, -1 - number)
    rest = moment.wrap.beyond(u, np.log1p(np.full(moment.replicates, age_s)))
    return np.asarray(np.minimum(np.expm1(rest) - age_s, LONGEST_S))
