"""A zone in pure Python: commands in, events out, state = fold(log). No store, no sockets, a clock set by hand.

Knows what a simulated office does; appointments, lent numbers, undo and rollover are the engine's tests' business.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import TRANSITIONS, Event, EventType
from queue_core.domain.model import (
    AT_COUNTER,
    Counter,
    CounterId,
    CounterState,
    Current,
    ReturnMode,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Zone
from queue_core.domain.policy import order
from queue_core.domain.snapshot import Snapshot


class ModelZone:
    def __init__(self, zone: Zone, at_ms: int) -> None:
        self.zone = zone
        self.now_ms = at_ms
        self.log: list[Event] = []
        self.state = Snapshot()
        self._commands = 0
        counters = [{"id": c} for c in zone.counters]
        services = dict.fromkeys(zone.services, True)
        self._append(EventType.EPOCH_STARTED, {"state": {"counters": counters, "services": services}, "cause": "test"})

    def do(self, command: Command) -> tuple[Event, ...]:
        """Raises `Refused`, and then nothing has changed."""
        before = len(self.log)
        self._commands += 1
        _MOVES[type(command)](self, command)
        return tuple(self.log[before:])

    def _append(self, kind: EventType, data: Mapping[str, Any]) -> None:
        command = str(UUID(int=self._commands))
        event = Event(1, len(self.log) + 1, self.now_ms, kind, command, data)
        self.state.fold(event)
        self.log.append(event)

    def _ticket_event(self, kind: EventType, ticket: Ticket, **more: Any) -> None:
        allowed, _ = TRANSITIONS[kind]
        if ticket.state not in allowed:
            raise Refused(Refusal.WRONG_STATE, {"state": ticket.state.value})
        data = {
            "ticket": ticket.id,
            "number": ticket.number,
            "service": ticket.service,
            "visitor_class": ticket.visitor_class,
            "issued_ms": ticket.issued_ms,
            "from": ticket.state.value,
        }
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

    def issue(self, c: Issue) -> None:
        if c.service not in self.zone.services:
            raise Refused(Refusal.UNKNOWN_SERVICE)
        if not self.state.services[c.service]:
            raise Refused(Refusal.SERVICE_CLOSED)
        series = self.zone.series[self.zone.services[c.service].series]
        n = self.state.series_last.get(series.id, 0) + 1
        data: dict[str, Any] = {
            "ticket": c.ticket,
            "number": series.number(n),
            "service": c.service,
            "visitor_class": c.visitor_class,
            "series": series.id,
            "n": n,
            "ordinal": self.state.ordinal + 1,
            "issued_ms": self.now_ms,
            "arrival_ms": self.now_ms,
            "rank_ms": self.now_ms - self.zone.head_start_ms(c.service, c.visitor_class),
        }
        self._append(EventType.ISSUED, data | ({"estimate": c.estimate} if c.estimate else {}))

    def call_next(self, c: CallNext) -> None:
        self._must_be_open(c.counter)
        if c.current is None:
            self._must_be_free(c.counter)
        if c.current and self._counter(c.counter).ticket:
            (self.finish if c.current is Current.FINISH else self.miss)(c)
        candidates = order(self.zone, c.counter, self.state.tickets.values(), self.now_ms)
        if candidates:
            self._ticket_event(EventType.CALLED, candidates[0].ticket, counter=c.counter)

    def call_ticket(self, c: CallTicket) -> None:
        self._must_be_open(c.counter)
        self._must_be_free(c.counter)
        self._ticket_event(EventType.CALLED, self._ticket(c.ticket), counter=c.counter)

    def recall(self, c: Recall) -> None:
        ticket = self._held(c.counter)
        self._ticket_event(EventType.RECALLED, ticket, counter=c.counter, recalls=ticket.recalls + 1)

    def start(self, c: Start) -> None:
        self._ticket_event(EventType.STARTED, self._held(c.counter), counter=c.counter)

    def finish(self, c: Finish | CallNext) -> None:
        if self._held(c.counter).state is TicketState.CALLED:
            self.start(Start(c.counter))
        self._ticket_event(EventType.FINISHED, self._held(c.counter), counter=c.counter)

    def miss(self, c: Miss | CallNext) -> None:
        self._ticket_event(EventType.MISSED, self._held(c.counter), counter=c.counter)

    def park(self, c: Park) -> None:
        self._ticket_event(EventType.PARKED, self._held(c.counter), counter=c.counter, reason=c.reason)

    def return_ticket(self, c: Return) -> None:
        ticket = self._ticket(c.ticket)
        end_ms = self.now_ms - self.zone.head_start_ms(ticket.service, ticket.visitor_class)
        self._ticket_event(
            EventType.RETURNED,
            ticket,
            mode=c.mode.value,
            rank_ms=end_ms if c.mode is ReturnMode.END else ticket.rank_ms,
            not_before_ms=self.now_ms + 1000 * c.after_s if c.mode is ReturnMode.AFTER else 0,
            pin=ticket.pin,
            counter=ticket.counter if ticket.state is TicketState.CALLED else "",
        )

    def transfer(self, c: Transfer) -> None:
        ticket = self._ticket(c.ticket)
        service = c.to_service or ticket.service
        anew_ms = ticket.arrival_ms - self.zone.head_start_ms(service, ticket.visitor_class)
        self._ticket_event(
            EventType.TRANSFERRED,
            ticket,
            from_service=ticket.service,
            rank_ms=ticket.rank_ms if service == ticket.service else anew_ms,
            not_before_ms=ticket.not_before_ms,
            pin=c.to_counter,
            counter=ticket.counter if ticket.state in AT_COUNTER else "",
            reason=c.reason,
            service=service,
        )

    def cancel(self, c: Cancel) -> None:
        self._ticket_event(EventType.CANCELLED, self._ticket(c.ticket), by=c.by)

    def open_counter(self, c: OpenCounter) -> None:
        if self._counter(c.counter).state is CounterState.OPEN:
            raise Refused(Refusal.COUNTER_OPEN)
        self._append(EventType.COUNTER_OPENED, {"counter": c.counter})

    def pause_counter(self, c: PauseCounter) -> None:
        self._must_be_free(c.counter)
        self._must_be_open(c.counter)
        self._append(EventType.COUNTER_PAUSED, {"counter": c.counter, "reason": c.reason})

    def close_counter(self, c: CloseCounter) -> None:
        if self._counter(c.counter).state is CounterState.CLOSED:
            raise Refused(Refusal.COUNTER_CLOSED)
        self._must_be_free(c.counter)
        self._append(EventType.COUNTER_CLOSED, {"counter": c.counter})

    def open_service(self, c: OpenService) -> None:
        self._append(EventType.SERVICE_OPENED, {"service": c.service})

    def close_service(self, c: CloseService) -> None:
        self._append(EventType.SERVICE_CLOSED, {"service": c.service, "reason": c.reason})


_MOVES: Mapping[type[Command], Callable[[ModelZone, Any], None]] = {
    Issue: ModelZone.issue,
    CallNext: ModelZone.call_next,
    CallTicket: ModelZone.call_ticket,
    Recall: ModelZone.recall,
    Start: ModelZone.start,
    Finish: ModelZone.finish,
    Miss: ModelZone.miss,
    Park: ModelZone.park,
    Return: ModelZone.return_ticket,
    Transfer: ModelZone.transfer,
    Cancel: ModelZone.cancel,
    OpenCounter: ModelZone.open_counter,
    PauseCounter: ModelZone.pause_counter,
    CloseCounter: ModelZone.close_counter,
    OpenService: ModelZone.open_service,
    CloseService: ModelZone.close_service,
}
