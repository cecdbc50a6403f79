"""The rest of what runs at the counters: visits given how long they last already, calls that nobody has followed yet,
wrap-ups that take their time."""

from dataclasses import dataclass

import numpy as np

from queue_core.domain.model import Counter, CounterId, CounterState, Ticket, TicketState
from queue_core.domain.policy import may_call
from queue_core.estimate.forward.chances import Flags
from queue_core.estimate.laws.draws import Floats, Stream
from queue_core.estimate.laws.moment import LONGEST_S, Moment
from queue_core.estimate.laws.showing import wait_class

#: Of a visit, the least that comes after the way.
_TALK_LEAST = 0.2


@dataclass(frozen=True, slots=True)
class Busy:
    """Of one counter, by replicate: seconds until the visitor leaves, whether it is a no-show, and until the counter
    would call again. `again`: a number within (0, 1), for what follows."""

    leaves_s: Floats
    missed: Flags
    free_s: Floats
    again: Floats


def busy(moment: Moment) -> dict[CounterId, Busy]:
    """Of the counters that have somebody."""
    keys = [ticket.ordinal for _, _, ticket in moment.held.values()]
    lengths, shows = moment.pairs(Stream.LENGTH_SHOWS, keys)
    wraps, again = moment.pairs(Stream.WRAP_AGAIN, keys)
    delays = moment.uniforms(Stream.DELAY, keys)
    wraps_s = np.expm1(moment.wrap.at(wraps))
    found = {}
    for n, (id_, (number, _, ticket)) in enumerate(moment.held.items()):
        leaves_s, missed = _left(moment, number, ticket, lengths[:, n], shows[:, n], delays[:, n])
        free_s = leaves_s + moment.wrap_ratios[number] * wraps_s[:, n]
        found[id_] = Busy(leaves_s, missed, free_s, again[:, n])
    return found


def _left(
    moment: Moment, number: int, ticket: Ticket, length: Floats, shows: Floats, delay: Floats
) -> tuple[Floats, Flags]:
    mean = moment.mean(ticket.service) + moment.sessions[:, number] + moment.hour(ticket)
    if ticket.ordinal in moment.today.talked:
        mean = mean + moment.second
    if ticket.state is TicketState.CALLED:
        leaves_s, missed = _called(moment, ticket, mean, length, shows, delay)
    else:
        leaves_s, missed = _rest(moment, ticket, mean, length), np.zeros(moment.replicates, np.bool_)
    return np.clip(leaves_s, 0.0, LONGEST_S), missed


def _rest(moment: Moment, ticket: Ticket, mean: Floats, u: Floats) -> Floats:
    """Of a visit that is under way."""
    age_s = max(1.0, moment.age_s(ticket))
    residual = moment.table(ticket.service).beyond(u, np.log(age_s) - mean)
    return np.asarray(np.exp(np.minimum(mean + residual, np.log(age_s + LONGEST_S))) - age_s)


def _called(
    moment: Moment, ticket: Ticket, mean: Floats, length: Floats, shows: Floats, delay: Floats
) -> tuple[Floats, Flags]:
    """Not coming, or not come yet, or come and nobody pressed "started": by Bayes' rule, given the time since."""
    age_s, table = moment.age_s(ticket), moment.table(ticket.service)
    log_age = np.log1p(np.array([age_s]))
    absent = _absent(moment, ticket)
    pressed = moment.laws.pressed_share()
    missed = absent * moment.missed.survival(log_age)
    coming = (1 - absent) * pressed * moment.way.survival(log_age)
    there = (1 - absent) * (1 - pressed) * table.survival(np.log(max(1.0, age_s)) - mean)
    which = shows * (missed + coming + there)
    given_up_s = np.expm1(moment.missed.beyond(delay, log_age)) - age_s
    way_s = np.expm1(moment.way.beyond(delay, log_age)) - age_s
    visit_s = np.exp(mean + table.at(length))
    comes_s = way_s + np.maximum(visit_s - moment.usual_way_s, _TALK_LEAST * visit_s)
    shows_s = np.where(which < missed + coming, comes_s, _rest(moment, ticket, mean, length))
    return np.where(which < missed, given_up_s, shows_s), which < missed


def _absent(moment: Moment, ticket: Ticket) -> float:
    waited_s = (ticket.called_ms - ticket.arrival_ms) / 1000
    return float(moment.laws.no_shows.chances()[wait_class(waited_s)])


def hesitation(moment: Moment, number: int, counter: Counter) -> Floats:
    """Until a free counter calls: 0 when nobody is there whom it could call; else the rest of a wrap-up, the longer
    the longer it has taken."""
    place = moment.zone.counters[counter.id]
    came = (max(t.arrival_ms, t.not_before_ms) for t in moment.waiting if may_call(place, t))
    since_ms = min((ms for ms in came if ms <= moment.now_ms), default=None)
    if since_ms is None or counter.state is not CounterState.OPEN:
        return np.zeros(moment.replicates)
    age_s = max(0.0, (moment.now_ms - max(since_ms, counter.since_ms)) / 1000)
    u = moment.uniforms(Stream.HESITATION, (number,))[:, 0]
    rest = moment.wrap.beyond(u, np.log1p(np.array([age_s])))
    return np.asarray(np.minimum(np.expm1(rest) - age_s, LONGEST_S))
