"""Everything that views are made from, at one moment; what several views need is counted once."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from queue_core.domain.model import (
    AT_COUNTER,
    CounterId,
    CounterState,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session, queue_of, serves
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.views.drawn import DrawnTickets
from queue_core.domain.views.expected import Expected
from queue_core.domain.views.lapses import lapsed
from queue_core.domain.views.last_moves import LastMove
from queue_core.domain.views.timetable import Opening, openings


class Wait(Protocol):
    """A range of waiting time, in seconds."""

    @property
    def p10_s(self) -> int: ...
    @property
    def p50_s(self) -> int: ...
    @property
    def p90_s(self) -> int: ...
    def to_json(self) -> dict[str, Any]: ...


class Outlook(Protocol):
    """What an estimator last said of the zone (estimate.forecast.Forecast, which rooms below it may not import)."""

    @property
    def at_ms(self) -> int: ...
    @property
    def as_of_seq(self) -> int: ...
    @property
    def tickets(self) -> Mapping[TicketId, Wait | None]: ...
    @property
    def services(self) -> Mapping[ServiceId, Wait | None]: ...
    @property
    def ahead(self) -> Mapping[TicketId | ServiceId, int]: ...
    @property
    def reasons(self) -> Mapping[TicketId | ServiceId, StrEnum]: ...
    @property
    def method(self) -> str: ...
    @property
    def later(self) -> Mapping[TicketId, StrEnum]: ...
    @property
    def slots(self) -> Mapping[Slot, CallTimes]: ...


@dataclass(frozen=True, eq=False)
class Scene:
    """`closed` holds tickets that are no longer in the snapshot but that someone still follows. `lapsed` ones nobody
    counts any more, though the log does not yet say so."""

    zone: Zone
    snapshot: Snapshot
    outlook: Outlook | None
    openings: Mapping[ServiceId, Opening]
    last_moves: Mapping[CounterId, LastMove] = field(default_factory=dict)
    closed: Mapping[TicketId, Ticket] = field(default_factory=dict)
    lapsed: frozenset[TicketId] = frozenset()
    drawn: DrawnTickets = field(default_factory=DrawnTickets)
    expected: Expected = field(default_factory=Expected)

    @classmethod
    def at(cls, zone: Zone, snapshot: Snapshot, outlook: Outlook | None, now_ms: int) -> "Scene":
        return cls(zone, snapshot, outlook, openings(zone, now_ms), lapsed=lapsed(snapshot, now_ms))

    @cached_property
    def at_work(self) -> Zone:
        """The zone as its counters work now."""
        return in_session(self.zone, self.snapshot.counters)

    @cached_property
    def waiting(self) -> Mapping[ServiceId, int]:
        gone = Tally(self.snapshot.tickets[t].service for t in self.lapsed)
        standing = self.snapshot.standing.items()
        return {service: n - gone[service] for (service, state), n in standing if state is TicketState.WAITING}

    @cached_property
    def serving(self) -> Mapping[ServiceId, int]:
        """Tickets at a counter: called or being served."""
        serving: Tally[ServiceId] = Tally()
        for (service, state), n in self.snapshot.standing.items():
            if state in AT_COUNTER:
                serving[service] += n
        return serving

    @cached_property
    def counters_open(self) -> Mapping[ServiceId, int]:
        places = self.at_work.counters.values()
        is_open = {c.id for c in self.snapshot.counters.values() if c.state is CounterState.OPEN}
        return {s: sum(serves(p, s) for p in places if p.id in is_open) for s in self.zone.services}

    @cached_property
    def last_called(self) -> Mapping[ServiceId, str]:
        return {call.service: call.number for call in reversed(self.snapshot.calls)}

    @cached_property
    def totals(self) -> Mapping[TicketState, int]:
        now: Tally[TicketState] = Tally()
        for (_, state), n in self.snapshot.standing.items():
            now[state] += n
        now[TicketState.WAITING] -= len(self.lapsed)
        now[TicketState.CANCELLED] += len(self.lapsed)
        return {state: now[state] + self.snapshot.totals.get(state, 0) for state in TicketState}

    @cached_property
    def _places(self) -> Mapping[TicketId, int]:
        """How many stand before each waiting ticket in its own queue."""
        seen: Tally[str] = Tally()
        places = {}
        for t in sorted(self.snapshot.waiting(), key=lambda t: (t.rank_ms, t.ordinal)):
            queue = queue_of(t)
            places[t.id] = seen[queue]
            seen[queue] += t.id not in self.lapsed
        return places

    def ahead_of(self, ticket: TicketId) -> int | None:
        """People who will be called before, by the estimator's word, else by the ticket's place in its queue."""
        place = self._places.get(ticket)
        if place is None or self.outlook is None:
            return place
        return self.outlook.ahead.get(ticket, place)
