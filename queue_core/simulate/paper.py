"""A zone on paper: commands in, events out, state = fold(log). No store, no sockets, a clock set by hand.

Decides as the store's moves do (a test plays the same day on both). Knows what a simulated office does; lent numbers,
moved appointments and undo are the engine's business.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from queue_core.domain.calendar import BusinessDay
from queue_core.domain.commands import (
    Book,
    CallNext,
    CallTicket,
    Cancel,
    CheckIn,
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
    BookingId,
    ClassId,
    Counter,
    CounterId,
    CounterState,
    Current,
    ReturnMode,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Series, Zone
from queue_core.domain.policy import order
from queue_core.domain.snapshot import Snapshot


class PaperZone:
    """`epoch` numbers the log that begins here; give every day its own, or roll the days into one log."""

    def __init__(self, zone: Zone, at_ms: int, epoch: int = 1, day: BusinessDay | None = None) -> None:
        self.zone = zone
        self.now_ms = at_ms
        self.log: list[Event] = []
        self.state = Snapshot()
        self._epoch, self._commands, self._bookings_used = epoch, 0, set[BookingId]()
        state: dict[str, Any] = {
            "counters": [{"id": c} for c in zone.counters],
            "services": dict.fromkeys(zone.services, True),
        }
        if day:
            state |= {"day": day.day.isoformat(), "day_from_ms": day.from_ms, "day_to_ms": day.to_ms}
        self._append(EventType.EPOCH_STARTED, {"state": state, "cause": "fresh"})

    def do(self, command: Command) -> tuple[Event, ...]:
        """Raises `Refused`, and then nothing has changed."""
        before = len(self.log)
        self._commands += 1
        _MOVES[type(command)](self, command)
        return tuple(self.log[before:])

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

    def issue(self, c: Issue) -> None:
        if c.service not in self.zone.services:
            raise Refused(Refusal.UNKNOWN_SERVICE)
        if not self.state.services[c.service]:
            raise Refused(Refusal.SERVICE_CLOSED)
        quota = self.zone.services[c.service].quota
        if quota and self.state.issued.get(c.service, 0) >= quota:
            raise Refused(Refusal.QUOTA_EXHAUSTED)
        rank_ms = self.now_ms - self.zone.head_start_ms(c.service, c.visitor_class)
        self._draw(c, c.service, c.visitor_class, rank_ms=rank_ms)

    def _draw(self, c: Issue | CheckIn, service: ServiceId, visitor_class: ClassId, **more: Any) -> None:
        series = self.zone.series[self.zone.services[service].series]
        n = self._free_number(series)
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

    def _free_number(self, series: Series) -> int:
        """The next of the series, beginning anew after its last, that nobody in the house holds."""
        held = {t.number for t in self.state.tickets.values() if t.series == series.id}
        many = series.last - series.first + 1
        begin = self.state.series_last.get(series.id, series.first - 1) + 1 - series.first
        numbers = (series.first + (begin + i) % many for i in range(many))
        for n in numbers:
            if series.number(n) not in held:
                return n
        raise Refused(Refusal.SERIES_FULL, {"series": series.id})

    def book(self, c: Book) -> None:
        if c.booking in self.state.bookings:
            raise Refused(Refusal.BOOKING_EXISTS)
        booking = {"booking": c.booking, "service": c.service, "visitor_class": c.visitor_class, "slot_ms": c.slot_ms}
        self._append(EventType.BOOKED, booking)

    def check_in(self, c: CheckIn) -> None:
        booking = self.state.bookings.get(c.booking)
        if booking is None:
            raise Refused(Refusal.BOOKING_USED if c.booking in self._bookings_used else Refusal.UNKNOWN_BOOKING)
        rules, slot_ms, now_ms = self.zone.rules, booking.slot_ms, self.now_ms
        if now_ms < slot_ms - 1000 * rules.booking_earliest_s:
            raise Refused(Refusal.BOOKING_TOO_EARLY)
        late = now_ms > slot_ms + 1000 * rules.booking_grace_s
        base_ms, from_ms = now_ms if late else slot_ms, slot_ms - 1000 * rules.booking_lead_s
        checked_in = {
            "booking": booking.id,
            "service": booking.service,
            "visitor_class": booking.visitor_class,
            "slot_ms": slot_ms,
            "ticket": c.ticket,
        }
        self._bookings_used.add(booking.id)
        self._append(EventType.CHECKED_IN, checked_in | ({"late": True} if late else {}))
        self._draw(
            c,
            booking.service,
            booking.visitor_class,
            booking=booking.id,
            slot_ms=slot_ms,
            rank_ms=base_ms - self.zone.head_start_ms(booking.service, booking.visitor_class),
            not_before_ms=from_ms if from_ms > now_ms else 0,
        )

    def roll_day(self, to: BusinessDay) -> tuple[Event, ...]:
        """Ends the day that runs: what is open expires, counters close; nothing where `to` is no later day."""
        before = len(self.log)
        if to.day.isoformat() > self.state.day:
            self._commands += 1
            for ticket in sorted(self.state.tickets.values(), key=lambda t: t.ordinal):
                holder = ticket.counter if ticket.state in AT_COUNTER else ""
                self._ticket_event(EventType.EXPIRED, ticket, counter=holder)
            for counter in sorted(self.state.counters):
                if self.state.counters[counter].state is not CounterState.CLOSED:
                    self._append(EventType.COUNTER_CLOSED, {"counter": counter})
            days = {"day": to.day.isoformat(), "from_day": self.state.day}
            self._append(EventType.DAY_ROLLED, days | {"day_from_ms": to.from_ms, "day_to_ms": to.to_ms})
        return tuple(self.log[before:])

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


_MOVES: Mapping[type[Command], Callable[[PaperZone, Any], None]] = {
    Book: PaperZone.book,
    CheckIn: PaperZone.check_in,
    Issue: PaperZone.issue,
    CallNext: PaperZone.call_next,
    CallTicket: PaperZone.call_ticket,
    Recall: PaperZone.recall,
    Start: PaperZone.start,
    Finish: PaperZone.finish,
    Miss: PaperZone.miss,
    Park: PaperZone.park,
    Return: PaperZone.return_ticket,
    Transfer: PaperZone.transfer,
    Cancel: PaperZone.cancel,
    OpenCounter: PaperZone.open_counter,
    PauseCounter: PaperZone.pause_counter,
    CloseCounter: PaperZone.close_counter,
    OpenService: PaperZone.open_service,
    CloseService: PaperZone.close_service,
}
