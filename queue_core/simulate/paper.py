"""A zone on paper: commands in, events out, state = fold(log). No store, no sockets, a clock set by hand.

Decides as the store's moves do (a test plays the same day on both). Knows what a simulated office does; lent numbers,
moved appointments and undo are the engine's business.
"""

from collections.abc import Callable, Mapping
from typing import Any

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.calendar import BusinessDay
from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Delay,
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
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import (
    AT_COUNTER,
    CounterState,
    Current,
    ReturnMode,
    TicketState,
)
from queue_core.domain.policy import in_session, order
from queue_core.simulate.paper_house import PaperHouse


class PaperZone(PaperHouse):
    """All that may be done. Numbers are drawn at any hour: whoever plays keeps to the opening times."""

    def do(self, command: Command) -> tuple[Event, ...]:
        """Raises `Refused`, and then nothing has changed."""
        before = len(self.log)
        self._commands += 1
        _MOVES[type(command)](self, command)
        return tuple(self.log[before:])

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

    def book(self, c: Book) -> None:
        if c.booking in self.state.bookings:
            raise Refused(Refusal.BOOKING_EXISTS)
        booking = {"booking": c.booking, "service": c.service, "visitor_class": c.visitor_class, "slot_ms": c.slot_ms}
        self._append(EventType.BOOKED, booking | {"made_ms": self.now_ms})

    def check_in(self, c: CheckIn) -> None:
        booking = self.state.bookings.get(c.booking)
        if booking is None:
            raise Refused(Refusal.UNKNOWN_BOOKING)
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
        self._free_number(booking.service)
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
            due = [b.to_json() for b in self.state.bookings.values() if b.slot_ms in to]
            times = {"day_from_ms": to.from_ms, "day_to_ms": to.to_ms}
            self._append(EventType.DAY_ROLLED, days | times | ({"bookings": due} if due else {}))
        return tuple(self.log[before:])

    def call_next(self, c: CallNext) -> None:
        self._must_be_open(c.counter)
        if c.current is None:
            self._must_be_free(c.counter)
        if c.current and self._counter(c.counter).ticket:
            (self.finish if c.current is Current.FINISH else self.miss)(c)
        candidates = order(
            in_session(self.zone, self.state.counters), c.counter, self.state.tickets.values(), self.now_ms
        )
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

    def delay(self, c: Delay) -> None:
        ticket, rules = self._ticket(c.ticket), self.zone.rules
        if ticket.state is not TicketState.WAITING:
            raise Refused(Refusal.WRONG_STATE, {"ticket": ticket.id})
        if ticket.delays >= rules.delays_most:
            raise Refused(Refusal.DELAYS_EXHAUSTED, {"ticket": ticket.id})
        self._ticket_event(
            EventType.RETURNED,
            ticket,
            mode=ReturnMode.AFTER.value,
            rank_ms=ticket.rank_ms,
            not_before_ms=max(self.now_ms, ticket.not_before_ms) + 1000 * rules.delay_s,
            pin=ticket.pin,
            reason=ticket.reason,
            delays=ticket.delays + 1,
            by="visitor",
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
        if self._counter(c.counter).state is CounterState.OPEN and not c.services:
            raise Refused(Refusal.COUNTER_OPEN)
        chosen = {"services": list(c.services)} if c.services else {}
        self._append(EventType.COUNTER_OPENED, {"counter": c.counter, **chosen})

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
    Delay: PaperZone.delay,
    Transfer: PaperZone.transfer,
    Cancel: PaperZone.cancel,
    OpenCounter: PaperZone.open_counter,
    PauseCounter: PaperZone.pause_counter,
    CloseCounter: PaperZone.close_counter,
    OpenService: PaperZone.open_service,
    CloseService: PaperZone.close_service,
}
