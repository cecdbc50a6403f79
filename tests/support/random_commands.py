"""Random commands for a small zone: sensible for the state it is in, mostly; now and then nonsense."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from queue_core.domain import booking_commands as bc
from queue_core.domain import commands as c
from queue_core.domain.model import (
    BlockId,
    BookingId,
    ClassId,
    CounterId,
    CounterState,
    Current,
    ReturnMode,
    SeriesId,
    ServiceId,
    TicketId,
    Within,
)
from tests.support.model import Model
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE, PRIORITY, SHORT, TWO

THREE = CounterId("3")
NONSENSE = 0.03
BOOKINGS = [BookingId(i) for i in ("b1", "b2", "b3", "b4", "b5")]
BLOCKS = [BlockId(i) for i in ("x1", "x2")]
CLASSES = [NORMAL, NORMAL, NORMAL, PRIORITY, PRIORITY, APPOINTMENT]
REASONS = ["", "", "papers"]
PAUSES_S = [0, 1, 30, 600, 1200]

Id = TypeVar("Id", bound=str)


class RandomCommands:
    """`known` are the ids of all tickets ever drawn, `new` is the id of the next one."""

    def __init__(self, seed: str, model: Model, known: Sequence[TicketId], new: TicketId) -> None:
        self.random, self.model, self.known, self.new = Random(seed), model, known, new

    def one(self) -> c.Command:
        kinds = {
            self.draw: 26,
            self.call_next: 20,
            self.serve: 3,
            self.work: 24,
            self.ticket_move: 14,
            self.confirm: 5,
            self.undo: 8,
            self.appointment: 20,
            self.blocking: 2,
            self.staffing: 7,
        }
        return self.random.choices(list(kinds), list(kinds.values()))[0]()

    def _pick(self, ids: Sequence[Id]) -> Id:
        nonsense = self.random.random() < NONSENSE or not ids
        return type(self.random.choice(ids))("nobody") if nonsense and ids else self.random.choice(ids)

    def _counter(self, *states: CounterState) -> CounterId:
        """Mostly one in such a state."""
        fitting = [k.id for k in self.model.counters.values() if k.state in states]
        return self._pick(fitting if fitting and self.random.random() < 0.8 else [ONE, TWO, THREE])

    def _busy(self) -> CounterId:
        busy = [k.id for k in self.model.counters.values() if k.ticket]
        return self._pick(busy or [ONE])

    def _ticket(self) -> TicketId:
        inside = [t.id for t in self.model.open_tickets()]
        return self._pick(inside if inside and self.random.random() < 0.8 else self.known)

    def _service(self) -> ServiceId:
        return self._pick([NEW, SHORT])

    def draw(self) -> c.Command:
        service, visitor_class = self._service(), ClassId(self._pick(CLASSES))
        if self.random.random() < 0.1:
            claimed_ms = self.model.now_ms - 1000 * self.random.choice([-60, 0, 90, 100_000])
            lent = c.Issue(service, visitor_class, self.new, None, self._lent_number(), claimed_ms)
            series = SeriesId(self._pick(["", "a", "c"]))
            return replace(lent, series=series, outage_ms=self.random.choice([0, self.model.now_ms - 60_000]))
        further = (self._service(),) if self.random.random() < 0.25 else ()
        drawn = c.Issue(service, visitor_class, self.new, further=further)
        if self.random.random() < 0.25:
            shown = {"p10_s": 0, "p50_s": 60, "p90_s": self.random.choice(PAUSES_S)}
            return replace(drawn, remote=True, estimate=self.random.choice([None, shown]))
        return drawn

    def _lent_number(self) -> int:
        blocks = self.model.lent
        block = self.random.choice(blocks) if blocks and self.random.random() < 0.8 else None
        return self.random.randint(block.first, block.last) if block else self.random.randint(1, 12)

    def call_next(self) -> c.Command:
        counter = self._counter(CounterState.OPEN)
        return c.CallNext(counter, self.random.choice([None, None, *Current]), self._meant(counter))

    def serve(self) -> c.Command:
        return c.Serve(self._counter(CounterState.OPEN), self._service(), ClassId(self._pick(CLASSES)), self.new)

    def work(self) -> c.Command:
        counter = self._busy()
        meant = self._meant(counter)
        moves: list[c.Command] = [
            *[c.Start(counter, meant), c.Finish(counter, meant=meant)] * 2,
            c.Miss(counter, meant),
            c.Recall(counter, meant),
            c.Park(counter, self.random.choice(REASONS), meant),
        ]
        return self.random.choice(moves)

    def _meant(self, counter: CounterId) -> TicketId | None:
        """Often not said, mostly right."""
        place = self.model.counters.get(counter)
        held = place.ticket if place else ""
        return self.random.choice([None, None, TicketId(held) if held else None, self._ticket()])

    def ticket_move(self) -> c.Command:
        ticket, choose = self._ticket(), self.random.choice
        moves: list[c.Command] = [
            c.CallTicket(ticket, self._counter(CounterState.OPEN), self.random.random() < 0.7),
            c.Return(ticket, choose(list(ReturnMode)), choose(PAUSES_S)),
            self._transfer(ticket),
            self._transfer(ticket),
            c.ComeBack(self._pick([t.id for t in self.model.open_tickets() if t.missed_ms] or [ticket])),
            c.Delay(ticket),
            c.AddService(ticket, self._service()),
            c.Cancel(ticket, choose(["visitor", "staff"])),
        ]
        return choose(moves)

    def confirm(self) -> c.Command:
        """Mostly one that waits for it."""
        unconfirmed = [t.id for t in self.model.open_tickets() if t.confirm_by_ms]
        return c.ConfirmArrival(self._pick(unconfirmed) if unconfirmed else self._ticket())

    def _transfer(self, ticket: TicketId) -> c.Command:
        choose = self.random.choice
        to_counter = choose([CounterId(""), CounterId(""), self._counter(CounterState.OPEN)])
        by_counter = choose([CounterId(""), self._busy(), self._counter(CounterState.OPEN)])
        return c.Transfer(ticket, choose([ServiceId(""), NEW, SHORT]), to_counter, by_counter, choose(REASONS))

    def undo(self) -> c.Command:
        counter = self._pick(list(self.model.memories) or [ONE])
        memory = self.model.memories.get(counter)
        about = [before.id for before in memory.tickets] if memory else []
        return c.Undo(counter, self.random.choice([None, None, *about, self._ticket()]))

    def appointment(self) -> c.Command:
        model, choose = self.model, self.random.choice
        booking = choose(BOOKINGS)
        slot_ms = model.now_ms + 100_000 * self.random.randint(-10, 40)
        if booking not in {*model.bookings, *model.used, *model.holds} or self.random.random() < 0.1:
            service, visitor_class = self._service(), ClassId(self._pick(CLASSES))
            held = bc.HoldSlot(service, visitor_class, slot_ms, booking, self._ceiling(slot_ms))
            return choose([held, held, bc.Book(booking, service, visitor_class, slot_ms, choose([None, Within.FREE]))])
        if booking in model.holds and self.random.random() < 0.6:
            return bc.ConfirmBooking(booking)
        if self.random.random() < 0.6:
            return bc.CheckIn(booking, self.new)
        move = bc.MoveBooking(booking, slot_ms, choose([None, *Within]), self._ceiling(slot_ms))
        moves = [move, bc.CancelBooking(booking)]
        return choose([*moves, moves[0], bc.ConfirmBooking(booking)])

    def _ceiling(self, slot_ms: int) -> dict[str, int] | None:
        begin_ms = slot_ms - 100_000 * self.random.randint(0, 20)
        span = {"from_ms": begin_ms, "to_ms": begin_ms + 3_000_000, "most": self.random.randint(1, 2)}
        return self.random.choice([None, span])

    def blocking(self) -> c.Command:
        blocks, choose = [b.id for b in self.model.blocks], self.random.choice
        if blocks and self.random.random() < 0.6:
            return bc.UnblockSlots(self._pick(blocks))
        from_ms = self.model.now_ms + 100_000 * self.random.randint(-10, 40)
        services = choose([(), (self._service(),)])
        return bc.BlockSlots(from_ms, from_ms + 300_000, services, choose(REASONS), choose(BLOCKS))

    def staffing(self) -> c.Command:
        moves: list[c.Command] = [
            c.OpenCounter(self._counter(CounterState.CLOSED, CounterState.PAUSED)),
            c.OpenCounter(self._counter(CounterState.CLOSED, CounterState.PAUSED)),
            c.OpenCounter(self._counter(CounterState.CLOSED, CounterState.PAUSED)),
            c.OpenCounter(self._counter(*CounterState), (self._service(),)),
            c.PauseCounter(self._counter(CounterState.OPEN), self.random.choice(REASONS)),
            c.CloseCounter(self._counter(CounterState.OPEN, CounterState.PAUSED)),
            c.OpenService(self._service()),
            c.OpenService(self._service()),
            c.CloseService(self._service(), self.random.choice(REASONS)),
            c.ReserveNumbers(SeriesId(self._pick(["a", "c"])), self.random.randint(1, 2), "kiosk"),
        ]
        return self.random.choice(moves)
