"""What has been announced stays announced: a forecast in, what is told of it out.

A forecast changes with every call; people who read it want one time that holds. So a ticket keeps its announced call
time until the new median leaves the announced range, or has moved by more than max(3 min, 20 % of what is left) in two
forecasts running; a service its announced wait likewise, more closely. A range alone that has become much narrower or
wider is renewed around the announced time. As time passes, what is announced comes nearer; what is overdue is announced
anew.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from queue_core.domain.model import (
    AT_COUNTER,
    ClassId,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Zone
from queue_core.domain.policy import queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, Later, Range
from queue_core.estimate.lateness import Lateness, NotedCall, place_of


class _Steady(NamedTuple):
    """A median that moves by less is no news."""

    least_ms: int
    share: float

    def most_ms(self, left_ms: float) -> float:
        return max(self.least_ms, self.share * left_ms)


_TICKETS = _Steady(180_000, 0.2)
#: What is told of a service is what somebody who draws now is promised: it keeps closer to the forecast.
_SERVICES = _Steady(120_000, 0.1)
#: A promise that is older when somebody draws is not what was shown: a new one comes at least every 15 s.
_SHOWN_MS = 20_000
#: In so many forecasts running it must have moved.
_INSISTS = 2
#: A smaller delay needs no reason.
_NOTABLE_MS = 60_000
#: So many calls are remembered to tell whether somebody was overtaken.
_CALLS_KEPT = 200


class _Times(NamedTuple):
    """p10, p50, p90 in ms: of a ticket, when it is called; of a service, how long one would wait."""

    low: int
    middle: int
    high: int

    def at_least(self, floor: "_Times") -> "_Times":
        return _Times(max(self.low, floor.low), max(self.middle, floor.middle), max(self.high, floor.high))

    def at_most(self, cap: "_Times") -> "_Times":
        return _Times(min(self.low, cap.low), min(self.middle, cap.middle), min(self.high, cap.high))


@dataclass(slots=True)
class _Told:
    """`seq`: as of which event the median was announced. `insisting`: so many forecasts running wanted another.
    `fresh`: this very forecast is what is told."""

    times: _Times
    seq: int
    insisting: int = 0
    later: Later | None = None
    fresh: bool = False


#: A queue's people of one class: whoever stands behind another is called later.
_Line = tuple[str, ClassId]


class Announcer:
    """Begins with what was announced last, if anything: an announcer that takes over goes on with it.

    Pure and deterministic. A new ticket begins with what was told of its service when it was drawn, which paper and
    kiosk said; null is announced at once.
    """

    def __init__(self, zone: Zone, previous: Forecast | None = None) -> None:
        self._zone = zone
        self._calls: deque[tuple[TicketId, int, NotedCall]] = deque(maxlen=_CALLS_KEPT)
        self._tickets: dict[TicketId, _Told] = {}
        self._services: dict[ServiceId, _Told] = {}
        self._last = previous
        if previous:
            self._remember(previous)

    def _remember(self, previous: Forecast) -> None:
        for id_, said in previous.tickets.items():
            if said:
                told = _Told(_times(said, previous.at_ms), previous.as_of_seq, later=previous.later.get(id_))
                self._tickets[id_] = told
        self._services = {s: _Told(_times(r, 0), previous.as_of_seq) for s, r in previous.services.items() if r}

    def announce(self, forecast: Forecast, state: Snapshot) -> Forecast:
        """What is told of `forecast`; `state` is the zone's, as of the forecast or a little later.

        Within a queue and a class nobody is told to come before somebody who stands before them. `later` holds the
        reasons of upward moves, until the ticket is announced anew; that it is not called before a time is none, but
        what somebody asked for.
        """
        self._note_calls(state)
        now_ms, tickets = forecast.at_ms, dict(forecast.tickets)
        standing = [(t, said) for t in _in_order(forecast, state) if (said := tickets[t.id])]
        known = {t.id: self._tickets.get(t.id) or self._shown_at_draw(t) for t, _ in standing}
        self._tickets = {
            t.id: _renewed(known[t.id], _times(said, now_ms), now_ms, forecast.as_of_seq, _TICKETS)
            for t, said in standing
        }
        floors = self._put_in_order(standing, now_ms)
        lateness = Lateness(self._zone, state, [call for *_, call in self._calls])
        for t, said in standing:
            told, before = self._tickets[t.id], known[t.id]
            tickets[t.id] = _range(told.times, now_ms, said.method)
            if before and told.times.middle - max(before.times.middle, now_ms, t.not_before_ms) > _NOTABLE_MS:
                told.later = lateness.reason(t, before.seq)
        announced = replace(
            forecast,
            tickets=tickets,
            services={s: self._tell_service(s, said, forecast, floors) for s, said in forecast.services.items()},
            later={id_: told.later for id_, told in self._tickets.items() if told.later},
        )
        self._last = announced
        return announced

    def _shown_at_draw(self, ticket: Ticket) -> _Told | None:
        """What paper and kiosk said to somebody who stands where the service's promise was made for."""
        last = self._last
        if last is None or ticket.id in last.tickets or not 0 <= ticket.issued_ms - last.at_ms <= _SHOWN_MS:
            return None
        said, usual = last.services.get(ticket.service), ticket.visitor_class == self._zone.default_class
        if not (said and usual) or ticket.slot_ms or ticket.pin or ticket.arrival_ms != ticket.issued_ms:
            return None
        return _Told(_times(said, ticket.issued_ms), max(last.as_of_seq, ticket.seq))

    def _put_in_order(self, standing: Iterable[tuple[Ticket, Range]], now_ms: int) -> Mapping[_Line, _Times]:
        """The last times told in each line: nobody who comes now is told less."""
        lines: dict[_Line, list[_Told]] = defaultdict(list)
        for t, _ in standing:
            if t.not_before_ms <= now_ms:
                lines[queue_of(t), t.visitor_class].append(self._tickets[t.id])
        return {line: _put_in_order(told) for line, told in lines.items()}

    def _tell_service(
        self, service: ServiceId, said: Range | None, forecast: Forecast, floors: Mapping[_Line, _Times]
    ) -> Range | None:
        if said is None:
            self._services.pop(service, None)
            return None
        told = _renewed(self._services.get(service), _times(said, 0), 0, forecast.as_of_seq, _SERVICES)
        self._services[service] = told
        times, floor = told.times, floors.get((service, self._zone.default_class))
        if floor:
            times = times.at_least(_Times(*(max(0, ms - forecast.at_ms) for ms in floor)))
        return _range(times, 0, said.method)

    def _note_calls(self, state: Snapshot) -> None:
        """Remembers who is at a counter: of those who were called and have gone since, nothing else is left."""
        noted = {(ticket, at_ms) for ticket, at_ms, _ in self._calls}
        for counter in state.counters.values():
            ticket = state.tickets.get(counter.ticket)
            if ticket and ticket.state in AT_COUNTER and (ticket.id, ticket.called_ms) not in noted:
                call = NotedCall(counter.id, place_of(ticket), state.seq)
                self._calls.append((ticket.id, ticket.called_ms, call))


def _renewed(told: _Told | None, fresh: _Times, now_ms: int, seq: int, steady: _Steady) -> _Told:
    """What is told from now on: the same, the same time in a fresh range, or all anew."""
    if told is None or _must_change(told.times, fresh, now_ms):
        return _Told(fresh, seq, fresh=True)
    most_ms = steady.most_ms(told.times.middle - now_ms)
    moved = abs(fresh.middle - told.times.middle) > most_ms
    if not moved and not _other_range(told.times, fresh, now_ms, most_ms):
        return _Told(told.times, told.seq, later=told.later)
    if told.insisting + 1 < _INSISTS:
        return _Told(told.times, told.seq, told.insisting + 1, told.later)
    if moved:
        return _Told(fresh, seq, fresh=True)
    middle = told.times.middle
    times = _Times(min(fresh.low, middle), middle, max(fresh.high, middle))
    return _Told(times, told.seq, later=told.later)


def _must_change(told: _Times, fresh: _Times, now_ms: int) -> bool:
    overdue = told.high <= now_ms < fresh.high
    return overdue or not told.low <= fresh.middle <= told.high


def _other_range(told: _Times, fresh: _Times, now_ms: int, most_ms: float) -> bool:
    low_ms = abs(max(fresh.low, now_ms) - max(told.low, now_ms))
    return low_ms > most_ms or abs(fresh.high - told.high) > most_ms


def _put_in_order(line: Sequence[_Told]) -> _Times:
    """What is told anew is right: who stands before and was told more, a while ago, is told as much, and who stands
    behind not less. Answers the last's."""
    cap = None
    for told in reversed(line):
        if told.fresh:
            cap = told.times.at_most(cap) if cap else told.times
        elif cap:
            told.times = told.times.at_most(cap)
    floor = line[0].times
    for told in line:
        floor = told.times = told.times.at_least(floor)
    return floor


def _in_order(forecast: Forecast, state: Snapshot) -> list[Ticket]:
    """The forecast's tickets as they stand, without those who have been called since."""
    found = (state.tickets.get(id_) for id_ in forecast.tickets)
    return sorted((t for t in found if t and t.state is TicketState.WAITING), key=place_of)


def _times(said: Range, from_ms: int) -> _Times:
    return _Times(from_ms + 1000 * said.p10_s, from_ms + 1000 * said.p50_s, from_ms + 1000 * said.p90_s)


def _range(times: _Times, now_ms: int, method: str) -> Range:
    low, middle, high = times
    return Range(
        max(0, (low - now_ms) // 1000),
        max(0, (middle - now_ms + 500) // 1000),
        max(0, -((now_ms - high) // 1000)),
        method,
    )
