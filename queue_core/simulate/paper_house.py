"""What a zone on paper stands on: clock, log, state, and what a move may ask of them before it decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.calendar import BusinessDay
from queue_core.domain.commands import Issue
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import TRANSITIONS, Event, EventType
from queue_core.domain.model import (
    ClassId,
    Counter,
    CounterId,
    CounterState,
    ServiceId,
    Ticket,
    TicketId,
)
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot


class PaperHouse:
    """`epoch` numbers the log that begins here; give every day its own, or roll the days into one log."""

    def __init__(self, zone: Zone, at_ms: int, epoch: int = 1, day: BusinessDay | None = None) -> None:
        self.zone = zone
        self.now_ms = at_ms
        self.log: list[Event] = []
        self.state = Snapshot()
        self._epoch, self._commands = epoch, 0
        state: dict[str, Any] = {
            "counters": [{"id": c} for c in zone.counters],
            "services": dict.fromkeys(zone.services, True),
        }
        if day:
            state |= {"day": day.day.isoformat(), "day_from_ms": day.from_ms, "day_to_ms": day.to_ms}
        self._append(EventType.EPOCH_STARTED, {"state": state, "cause": "fresh"})

    def _append(self, kind: EventType, data: Mapping[str, Any]) -> None:
        command = str(UUID(int=self._commands))
        event = Event(self._epoch, len(self.log) + 1, self.now_ms, kind, command, data)
        self.state.fold(event)
        self.log.append(event)

    def _ticket_event(self, kind: EventType, ticket: Ticket, **more: Any) -> None:
        allowed, _ = TRANSITIONS[kind]
        if ticket.state not in allowed:
            raise Refused(Refusal.WRONG_STATE, {"state": ticket.state.value})
        data = {"ticket": ticket.id, "number": ticket.number, "service": ticket.service, "from": ticket.state.value}
        self._append(kind, data | {name: value for name, value in more.items() if value})

    def _ticket(self, ticket: TicketId) -> Ticket:
        if ticket not in self.state.tickets:
            raise Refused(Refusal.UNKNOWN_TICKET)
        return self.state.tickets[ticket]

    def _counter(self, counter: CounterId) -> Counter:
        if counter not in self.state.counters:
            raise Refused(Refusal.UNKNOWN_COUNTER)
        return self.state.counters[counter]

    def _held(self, counter: CounterId) -> Ticket:
        held = self._counter(counter).ticket
        if not held:
            raise Refused(Refusal.COUNTER_IDLE)
        return self.state.tickets[held]

    def _must_be_free(self, counter: CounterId) -> None:
        if self._counter(counter).ticket:
            raise Refused(Refusal.COUNTER_BUSY)

    def _must_be_open(self, counter: CounterId) -> None:
        state = self._counter(counter).state
        if state is not CounterState.OPEN:
            raise Refused(Refusal.COUNTER_PAUSED if state is CounterState.PAUSED else Refusal.COUNTER_CLOSED)

    def _draw(self, c: Issue | CheckIn, service: ServiceId, visitor_class: ClassId, **more: Any) -> None:
        series = self.zone.series[self.zone.services[service].series]
        n = self._free_number(service)
        data: dict[str, Any] = {
            "ticket": c.ticket,
            "number": series.number(n),
            "service": service,
            "visitor_class": visitor_class,
            "series": series.id,
            "n": n,
            "ordinal": self.state.ordinal + 1,
            "issued_ms": self.now_ms,
            "arrival_ms": self.now_ms,
        }
        more["estimate"] = c.estimate
        self._append(EventType.ISSUED, data | {name: value for name, value in more.items() if value})

    def _free_number(self, service: ServiceId) -> int:
        """The next of the service's series, beginning anew after its last, that nobody in the house holds."""
        series = self.zone.series[self.zone.services[service].series]
        held = {t.number for t in self.state.tickets.values() if t.series == series.id}
        many = series.last - series.first + 1
        begin = self.state.series_last.get(series.id, series.first - 1) + 1 - series.first
        numbers = (series.first + (begin + i) % many for i in range(many))
        for n in numbers:
            if series.number(n) not in held:
                return n
        raise Refused(Refusal.SERIES_FULL, {"series": series.id})
