"""A zone in plain Python, written from the rules and not from the Lua: what may happen, and what is then so.

It decides refusals as well, and shares neither the fold nor the policy nor the table of transitions with the product;
only the records are the same, so that the two can be compared. One long file on purpose: the rules in one reading.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Never

from queue_core.domain import booking_commands as bc
from queue_core.domain import commands as c
from queue_core.domain.calendar import BusinessDay, opening_ms
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import (
    Block,
    Booking,
    BookingId,
    Call,
    Counter,
    CounterId,
    CounterState,
    Current,
    Lent,
    ReturnMode,
    SeriesId,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
    Within,
)
from queue_core.domain.office import MissedReturn, Series, Zone
from queue_core.domain.slots import length_ms, limits
from queue_core.domain.snapshot import Snapshot

WAITING, CALLED, SERVING = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
PARKED, MISSED, FINISHED = TicketState.PARKED, TicketState.MISSED, TicketState.FINISHED
OPEN = (WAITING, CALLED, SERVING, PARKED, MISSED)
NOBODY = TicketId("")


@dataclass(frozen=True)
class Memory:
    """What a counter's last move found: the ground for undo."""

    first_seq: int
    last_seq: int
    at_ms: int
    counter: Counter
    tickets: tuple[Ticket, ...]


def refuse(code: Refusal) -> Never:
    raise Refused(code)


def require(holds: object, otherwise: Refusal) -> None:
    if not holds:
        refuse(otherwise)


class Model:
    """`do` runs a command at `now_ms`; it raises `Refused` and then nothing has changed."""

    def __init__(self, zone: Zone, day: BusinessDay) -> None:
        self.zone, self.day, self.now_ms, self.seq = zone, day, day.from_ms, 0
        self.services: dict[ServiceId, bool] = {}
        self.counters: dict[CounterId, Counter] = {}
        self.bookings: dict[BookingId, Booking] = {}
        self.used: dict[BookingId, Booking] = {}
        self.holds: dict[BookingId, Booking] = {}
        self.blocks: list[Block] = []
        self.lent: list[Lent] = []
        self.remote = 0
        self._clear_day()
        self.seq = 1
        self.configure(zone)

    def _clear_day(self) -> None:
        self.tickets: dict[TicketId, Ticket] = {}
        self.issued: dict[ServiceId, int] = {}
        self.last: dict[SeriesId, int] = {}
        self.calls: list[Call] = []
        self.lent = [b for b in self.lent if b.at_ms >= self.day.from_ms - 10 * 86_400_000]
        self.memories: dict[CounterId, Memory] = {}

    def do(self, command: c.Command) -> None:
        _RULES[type(command)](self, command)

    def configure(self, zone: Zone) -> None:
        self.zone, self.memories = zone, {}
        self.services = {i: self.services.get(i, True) for i in zone.services}
        self.counters = {i: self.counters.get(i, Counter(i)) for i in zone.counters}
        self.seq += 1

    def begin_epoch(self) -> None:
        self.memories, self.seq = {}, 1

    def roll(self, day: BusinessDay) -> None:
        """Everything open expires, counters close, the new day is announced."""
        self.seq += len(self.open_tickets()) + sum(k.state is not CounterState.CLOSED for k in self.counters.values())
        last_event = self.seq
        seq = last_event - sum(k.state is not CounterState.CLOSED for k in self.counters.values())
        for counter in sorted(self.counters):
            if self.counters[counter].state is not CounterState.CLOSED:
                seq += 1
                self.counters[counter] = Counter(counter, since_ms=self.now_ms, seq=seq)
        self.seq, self.day, self.remote = last_event + 1, day, 0
        self._clear_day()
        self.services = dict.fromkeys(self.services, True)
        self.bookings = {i: b for i, b in self.bookings.items() if b.slot_ms >= day.from_ms}
        self.used = {i: b for i, b in self.used.items() if b.slot_ms >= day.from_ms}
        self.holds = {i: b for i, b in self.holds.items() if b.slot_ms >= day.from_ms}
        self.blocks = [b for b in self.blocks if b.to_ms > day.from_ms]

    def snapshot(self, epoch: int, at_ms: int) -> Snapshot:
        closed = [t.state for t in self.tickets.values() if t.state not in OPEN]
        return Snapshot(
            epoch,
            self.seq,
            self.day.day.isoformat(),
            self.day.from_ms,
            self.day.to_ms,
            at_ms,
            len(self.tickets),
            {t.id: t for t in self.open_tickets()},
            dict(self.counters),
            dict(self.services),
            dict(self.issued),
            dict(self.last),
            {state: closed.count(state) for state in set(closed)},
            tuple(self.calls),
            tuple(self.lent),
            dict(self.bookings),
            dict(self.holds),
            dict(self.used),
            tuple(self.blocks),
            remote=self.remote,
        )

    def open_tickets(self) -> list[Ticket]:
        return [t for t in self.tickets.values() if t.state in OPEN]

    # What commands ask for

    def _ticket(self, ticket: TicketId, *states: TicketState) -> Ticket:
        require(ticket in self.tickets, Refusal.UNKNOWN_TICKET)
        require(self.tickets[ticket].state in states, Refusal.WRONG_STATE)
        return self.tickets[ticket]

    def _counter(self, counter: CounterId) -> Counter:
        require(counter in self.counters, Refusal.UNKNOWN_COUNTER)
        return self.counters[counter]

    def _at_work(self, counter: CounterId) -> Counter:
        found = self._counter(counter)
        require(found.state is not CounterState.CLOSED, Refusal.COUNTER_CLOSED)
        require(found.state is not CounterState.PAUSED, Refusal.COUNTER_PAUSED)
        return found

    def _held(self, command: c.Recall | c.Start | c.Finish | c.Miss | c.Park, *states: TicketState) -> Ticket:
        held = self._counter(command.counter).ticket
        require(held, Refusal.COUNTER_IDLE)
        require(command.meant in (None, held), Refusal.OTHER_TICKET)
        return self._ticket(held, *states)

    def _series(self, series: SeriesId) -> Series:
        require(series in self.zone.series, Refusal.UNKNOWN_SERIES)
        return self.zone.series[series]

    def _number_held(self, number: str) -> bool:
        return any(t.number == number for t in self.open_tickets())

    def _free(self, series: Series, count: int) -> int:
        def is_free(n: int) -> bool:
            return not self._block(series, n, False) and not self._number_held(series.number(n))

        size, last = series.last - series.first + 1, self.last.get(series.id, series.first - 1)
        for k in range(size):
            start = series.first + (last + 1 + k - series.first) % size
            if start + count - 1 <= series.last and all(map(is_free, range(start, start + count))):
                return start
        refuse(Refusal.SERIES_FULL)

    # What commands change

    def _put(self, ticket: Ticket, **changes: Any) -> Ticket:
        """One event about a ticket."""
        self.seq += 1
        self.tickets[ticket.id] = replace(ticket, seq=self.seq, **changes)
        return self.tickets[ticket.id]

    def _hold(self, counter: CounterId, ticket: TicketId) -> None:
        self.counters[counter] = replace(self.counters[counter], ticket=ticket, since_ms=self.now_ms, seq=self.seq)

    def _remember(self, counter: CounterId, tickets: Iterable[Ticket], move: Callable[[], object]) -> None:
        """Runs an undoable move."""
        before, first, tickets = self.counters[counter], self.seq + 1, tuple(tickets)
        move()
        self.memories[counter] = Memory(first, self.seq, self.now_ms, before, tickets)

    def _list_call(self, t: Ticket) -> None:
        others = [call for call in self.calls if not (t.recalls and call.ticket == t.id)]
        line = Call(t.id, t.number, t.service, t.counter, self.now_ms, self.seq, t.recalls)
        self.calls = [line, *others][:12]

    def _draw(self, command: c.Issue | bc.CheckIn | c.Serve, series: Series, n: int, **more: Any) -> None:
        self.seq += 1
        t = Ticket(
            id=command.ticket,
            number=series.number(n),
            series=series.id,
            state=WAITING,
            ordinal=len(self.tickets) + 1,
            issued_ms=self.now_ms,
            seq=self.seq,
            **more,
        )
        self.tickets[t.id] = t

    # Commands

    def _require_further(self, service: ServiceId, further: tuple[ServiceId, ...]) -> None:
        for n, following in enumerate(further):
            require(following not in (service, *further[:n]), Refusal.SERVICE_LISTED)
            require(following in self.zone.services, Refusal.UNKNOWN_SERVICE)

    def _require_drawing(self, service: ServiceId) -> None:
        require(self.services[service], Refusal.SERVICE_CLOSED)
        hours = opening_ms(self.zone, self.zone.hours_of(service), self.day)
        require(any(a <= self.now_ms < b for a, b in hours), Refusal.OUTSIDE_HOURS)
        quota = self.zone.services[service].quota
        require(not quota or self.issued.get(service, 0) < quota, Refusal.QUOTA_EXHAUSTED)

    def issue(self, command: c.Issue) -> None:
        require(command.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        require(command.visitor_class in self.zone.classes, Refusal.UNKNOWN_CLASS)
        self._require_further(command.service, command.further)
        service, arrival_ms, belated = self.zone.services[command.service], self.now_ms, False
        confirm_by_ms = 0
        series = self._series(command.series or service.series) if command.lent_number else None
        if series:
            n, claimed_ms = command.lent_number, command.claimed_ms
            belated = claimed_ms < self.day.from_ms
            block = self._block(series, n, belated) or refuse(Refusal.NUMBER_NOT_LENT)
            require(belated or not self._number_held(series.number(n)), Refusal.NUMBER_TAKEN)
            arrival_ms = min(max(claimed_ms, command.outage_ms, block.at_ms), self.now_ms)
        else:
            for each in (service.id, *command.further):
                self._require_drawing(each)
            confirm_by_ms = self._confirm_by_ms(command) if command.remote else 0
            series = self._series(service.series)
            n = self.last[series.id] = self._free(series, 1)
        rank_ms = arrival_ms - self.zone.head_start_ms(service.id, command.visitor_class)
        kind: dict[str, Any] = {"service": service.id, "visitor_class": command.visitor_class}
        kind |= {"further": command.further, "confirm_by_ms": confirm_by_ms}
        self.remote += bool(confirm_by_ms)
        self._draw(command, series, n, **kind, arrival_ms=arrival_ms, rank_ms=rank_ms)
        if belated:
            self._put(self.tickets[command.ticket], state=TicketState.EXPIRED)
        else:
            self.issued[service.id] = self.issued.get(service.id, 0) + 1

    def _confirm_by_ms(self, command: c.Issue) -> int:
        given = self.zone.remote or refuse(Refusal.REMOTE_NOT_OFFERED)
        unconfirmed = [t for t in self.tickets.values() if t.state is WAITING and t.confirm_by_ms > self.now_ms]
        require(self.remote < given.day_most, Refusal.REMOTE_EXHAUSTED)
        require(len(unconfirmed) < given.open_most, Refusal.REMOTE_EXHAUSTED)
        shown_s = command.estimate["p90_s"] if command.estimate else 0
        return self.now_ms + 1000 * (shown_s + given.confirm_s)

    def confirm_arrival(self, command: c.ConfirmArrival) -> None:
        t = self._ticket(command.ticket, WAITING)
        require(t.confirm_by_ms, Refusal.NOTHING_TO_CONFIRM)
        require(self.now_ms < t.confirm_by_ms, Refusal.CONFIRM_TOO_LATE)
        self._put(t, confirm_by_ms=0)

    def _lapse(self) -> None:
        """Whoever looks for the next visitor finds those whose time to confirm has passed."""
        late = [t for t in self.tickets.values() if t.state is WAITING and 0 < t.confirm_by_ms <= self.now_ms]
        for t in sorted(late, key=lambda t: (t.confirm_by_ms, t.ordinal)):
            self._put(t, state=TicketState.CANCELLED)

    def _block(self, series: Series, n: int, belated: bool) -> Lent | None:
        blocks = [b for b in self.lent if (b.at_ms < self.day.from_ms) is belated]
        return next((b for b in blocks if b.series == series.id and b.first <= n <= b.last), None)

    def check_in(self, command: bc.CheckIn) -> None:
        b, rules = self._unused(command.booking), self.zone.rules
        require(b.id in self.bookings, Refusal.BOOKING_UNCONFIRMED)
        require(self.now_ms >= b.slot_ms - 1000 * rules.booking_earliest_s, Refusal.BOOKING_TOO_EARLY)
        require(b.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        series = self._series(self.zone.services[b.service].series)
        n = self._free(series, 1)
        require(b.visitor_class in self.zone.classes, Refusal.UNKNOWN_CLASS)
        on_time = self.now_ms <= b.slot_ms + 1000 * rules.booking_grace_s
        base_ms, ready_ms = b.slot_ms if on_time else self.now_ms, b.slot_ms - 1000 * rules.booking_lead_s
        self.used[b.id] = replace(self.bookings.pop(b.id), used=command.ticket)
        self.seq += 1
        self._draw(
            command,
            series,
            n,
            service=b.service,
            visitor_class=b.visitor_class,
            arrival_ms=self.now_ms,
            rank_ms=base_ms - self.zone.head_start_ms(b.service, b.visitor_class),
            not_before_ms=ready_ms if ready_ms > self.now_ms else 0,
            booking=b.id,
            slot_ms=b.slot_ms,
        )
        self.last[series.id] = n

    def next_ticket(self, counter: CounterId) -> Ticket | None:
        place, chosen = self.zone.counters[counter], self.counters[counter].services
        here = [t for t in self.tickets.values() if t.state is WAITING and not t.confirm_by_ms]
        mine = [t for t in here if t.not_before_ms <= self.now_ms]
        if pinned := [t for t in mine if t.pin == counter]:
            return min(pinned, key=lambda t: (t.rank_ms, t.ordinal))
        served = [
            t for t in mine if not t.pin and t.service in (chosen or place.services) and t.service in place.services
        ]
        return min(served, key=lambda t: (t.rank_ms + 1000 * place.offset_s.get(t.service, 0), t.ordinal), default=None)

    def call_next(self, command: c.CallNext) -> None:
        counter = self._at_work(command.counter)
        held = self.tickets[counter.ticket] if counter.ticket else None
        require(not held or command.meant in (None, held.id), Refusal.OTHER_TICKET)
        require(not held or command.current, Refusal.COUNTER_BUSY)
        if held and command.current is Current.MISS:
            require(held.state is CALLED, Refusal.WRONG_STATE)
        self._lapse()
        before, first = dict(self.tickets), self.seq + 1
        if held:
            (self._finish if command.current is Current.FINISH else self._miss)(held)
        if found := self.next_ticket(counter.id):
            self._call(found, counter.id)
        if touched := {t.id: before[t.id] for t in (held, found) if t}:
            memory = Memory(first, self.seq, self.now_ms, counter, tuple(touched.values()))
            self.memories[counter.id] = memory

    def call_ticket(self, command: c.CallTicket) -> None:
        counter = self._at_work(command.counter)
        t = self._ticket(command.ticket, WAITING, PARKED, MISSED)
        require(command.pick or (t.state is PARKED and t.counter == counter.id), Refusal.NOT_YOURS)
        require(not counter.ticket, Refusal.COUNTER_BUSY)
        self._remember(counter.id, [t], lambda: self._call(t, counter.id))

    def _call(self, t: Ticket, counter: CounterId, *, listed: bool = True) -> Ticket:
        fresh: dict[str, Any] = {
            "started_ms": 0,
            "recalls": 0,
            "recalled_ms": 0,
            "pin": "",
            "reason": "",
            "missed_ms": 0,
            "confirm_by_ms": 0,
        }
        called = self._put(t, state=CALLED, counter=counter, called_ms=self.now_ms, **fresh)
        self._hold(counter, t.id)
        if listed:
            self._list_call(called)
        return called

    def serve(self, command: c.Serve) -> None:
        counter = self._at_work(command.counter)
        require(not counter.ticket, Refusal.COUNTER_BUSY)
        require(command.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        require(command.visitor_class in self.zone.classes, Refusal.UNKNOWN_CLASS)
        service = self.zone.services[command.service]
        series = self._series(service.series)
        n = self.last[series.id] = self._free(series, 1)
        rank_ms = self.now_ms - self.zone.head_start_ms(service.id, command.visitor_class)
        kind: dict[str, Any] = {"service": service.id, "visitor_class": command.visitor_class}
        self._draw(command, series, n, **kind, arrival_ms=self.now_ms, rank_ms=rank_ms)
        self.issued[service.id] = self.issued.get(service.id, 0) + 1
        self._start(self._call(self.tickets[command.ticket], counter.id, listed=False))

    def recall(self, command: c.Recall) -> None:
        t = self._held(command, CALLED)
        require(t.recalls < self.zone.rules.recalls_most, Refusal.RECALLS_EXHAUSTED)
        rested_ms = self.now_ms - max(t.called_ms, t.recalled_ms)
        require(rested_ms >= 1000 * self.zone.rules.recall_pause_s, Refusal.RECALL_TOO_SOON)
        recalled = self._put(t, recalls=t.recalls + 1, recalled_ms=self.now_ms)
        self._hold(command.counter, t.id)
        self._list_call(recalled)

    def start(self, command: c.Start) -> None:
        t = self._held(command, CALLED)
        self._remember(command.counter, [t], lambda: self._start(t))

    def _start(self, t: Ticket) -> Ticket:
        started = self._put(t, state=SERVING, started_ms=self.now_ms)
        self._hold(t.counter, t.id)
        return started

    def finish(self, command: c.Finish) -> None:
        t = self._held(command, CALLED, SERVING)
        self._remember(command.counter, [t], lambda: self._finish(t))

    def _finish(self, t: Ticket) -> None:
        serving = self._start(t) if t.state is CALLED else t
        if serving.further:
            self._go_to(serving, serving.further[0], not_before_ms=0, pin="", reason="")
            return
        self._put(serving, state=FINISHED, ended_ms=self.now_ms)
        self._hold(t.counter, NOBODY)

    def _go_to(self, t: Ticket, service: ServiceId, **changes: Any) -> None:
        anew_ms = t.arrival_ms - self.zone.head_start_ms(service, t.visitor_class)
        rank_ms = t.rank_ms if service == t.service else anew_ms
        still = tuple(s for s in t.further if s != service)
        self._queue(t, service=service, rank_ms=rank_ms, further=still, **changes)

    def add_service(self, command: c.AddService) -> None:
        t = self._ticket(command.ticket, *OPEN)
        self._require_further(t.service, (*t.further, command.service))
        require(self.services[command.service], Refusal.SERVICE_CLOSED)

        def move() -> None:
            self._put(t, further=(*t.further, command.service))

        if t.state in (CALLED, SERVING):
            self._remember(t.counter, [t], move)
        else:
            move()

    def miss(self, command: c.Miss) -> None:
        t = self._held(command, CALLED)
        self._remember(command.counter, [t], lambda: self._miss(t))

    def _miss(self, t: Ticket) -> None:
        self._put(t, state=MISSED, missed_ms=self.now_ms)
        self._hold(t.counter, NOBODY)

    def park(self, command: c.Park) -> None:
        t = self._held(command, CALLED, SERVING)

        def move() -> None:
            self._put(t, state=PARKED, reason=command.reason or t.reason)
            self._hold(command.counter, NOBODY)

        self._remember(command.counter, [t], move)

    def _queue(self, t: Ticket, **changes: Any) -> None:
        self._put(t, state=WAITING, counter="", **changes)
        if t.state in (CALLED, SERVING):
            self._hold(t.counter, NOBODY)

    def return_ticket(self, command: c.Return) -> None:
        t = self._ticket(command.ticket, CALLED, PARKED, MISSED)
        rank_ms, not_before_ms = t.rank_ms, 0
        if command.mode is ReturnMode.END:
            rank_ms = self.now_ms - self.zone.head_start_ms(t.service, t.visitor_class)
        if command.mode is ReturnMode.AFTER:
            not_before_ms = self.now_ms + 1000 * command.after_s
        self._queue(t, rank_ms=rank_ms, not_before_ms=not_before_ms, reason="")

    def come_back(self, command: c.ComeBack) -> None:
        t, rules = self._ticket(command.ticket, MISSED), self.zone.rules
        require(rules.missed_return is not MissedReturn.NO, Refusal.RETURN_NOT_ALLOWED)
        require(self.now_ms <= t.missed_ms + 1000 * rules.missed_return_s, Refusal.RETURN_TOO_LATE)
        anew_ms = self.now_ms - self.zone.head_start_ms(t.service, t.visitor_class)
        rank_ms = anew_ms if rules.missed_return is MissedReturn.END else t.rank_ms
        self._queue(t, rank_ms=rank_ms, not_before_ms=0, reason="")

    def delay(self, command: c.Delay) -> None:
        t, rules = self._ticket(command.ticket, WAITING), self.zone.rules
        require(t.delays < rules.delays_most, Refusal.DELAYS_EXHAUSTED)
        not_before_ms = max(self.now_ms, t.not_before_ms) + 1000 * rules.delay_s
        self._put(t, not_before_ms=not_before_ms, delays=t.delays + 1)

    def transfer(self, command: c.Transfer) -> None:
        require(command.ticket in self.tickets, Refusal.UNKNOWN_TICKET)
        require(not command.by_counter or command.by_counter in self.counters, Refusal.UNKNOWN_COUNTER)
        t = self._ticket(command.ticket, WAITING, CALLED, SERVING, PARKED)
        holder = t.counter if t.state in (CALLED, SERVING) else CounterId("")
        require(not holder or command.by_counter in ("", holder), Refusal.NOT_YOURS)
        service = command.to_service or t.service
        require(service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        require(not command.to_service or self.services[service], Refusal.SERVICE_CLOSED)
        if to := command.to_counter:
            require(self._counter(to).state is not CounterState.CLOSED, Refusal.COUNTER_CLOSED)

        def move() -> None:
            self._go_to(t, service, pin=command.to_counter, reason=command.reason)

        if by := holder or command.by_counter:
            self._remember(by, [t], move)
        else:
            move()

    def cancel(self, command: c.Cancel) -> None:
        self._put(self._ticket(command.ticket, WAITING, PARKED, MISSED), state=TicketState.CANCELLED)

    def undo(self, command: c.Undo) -> None:
        counter = self._counter(command.counter)
        memory = self.memories.get(counter.id) or refuse(Refusal.NOTHING_TO_UNDO)
        require(command.meant in (None, *(before.id for before in memory.tickets)), Refusal.OTHER_TICKET)
        require(self.now_ms - memory.at_ms <= 1000 * self.zone.rules.undo_s, Refusal.UNDO_TOO_LATE)
        require(counter.seq <= memory.last_seq, Refusal.CHANGED_SINCE)
        for before in memory.tickets:
            now = self.tickets[before.id]
            require(now.seq <= memory.last_seq, Refusal.CHANGED_SINCE)
            if now.state not in OPEN:
                later = [b for b in self.lent if b.at_ms >= memory.at_ms and b.series == now.series]
                ours = [self.zone.series[b.series].number(n) for b in later for n in range(b.first, b.last + 1)]
                require(not self._number_held(now.number) and now.number not in ours, Refusal.NUMBER_TAKEN)
        self.seq += 1
        for before in memory.tickets:
            pin_fell = before.pin and self.counters[before.pin].state is CounterState.CLOSED
            self.tickets[before.id] = replace(before, seq=self.seq, pin=CounterId("") if pin_fell else before.pin)
        self.counters[counter.id] = replace(memory.counter, seq=self.seq)
        self.calls = [call for call in self.calls if not memory.first_seq <= call.seq <= memory.last_seq]
        del self.memories[counter.id]

    def _set_counter(
        self, counter: CounterId, state: CounterState, reason: str = "", services: tuple[ServiceId, ...] = ()
    ) -> None:
        self.seq += 1
        now = Counter(counter, state, since_ms=self.now_ms, seq=self.seq, reason=reason, services=services)
        self.counters[counter] = now

    def open_counter(self, command: c.OpenCounter) -> None:
        counter = self._counter(command.counter)
        place, wanted = self.zone.counters[counter.id], command.services
        require(set(wanted) <= set(place.services), Refusal.NOT_SERVED)
        require(wanted or counter.state is not CounterState.OPEN, Refusal.COUNTER_OPEN)
        require(not counter.ticket, Refusal.COUNTER_BUSY)
        found = tuple(s for s in place.services if s in wanted) if wanted else counter.services
        everything = wanted and len(found) == len(place.services)
        self._set_counter(counter.id, CounterState.OPEN, services=() if everything else found)

    def pause_counter(self, command: c.PauseCounter) -> None:
        counter = self._at_work(command.counter)
        require(not counter.ticket, Refusal.COUNTER_BUSY)
        self._set_counter(command.counter, CounterState.PAUSED, command.reason, counter.services)

    def close_counter(self, command: c.CloseCounter) -> None:
        counter = self._counter(command.counter)
        require(counter.state is not CounterState.CLOSED, Refusal.COUNTER_CLOSED)
        require(not counter.ticket, Refusal.COUNTER_BUSY)
        self._set_counter(command.counter, CounterState.CLOSED)
        for t in self.open_tickets():
            if t.pin == counter.id:
                self.tickets[t.id] = replace(t, pin=CounterId(""))

    def _set_service(self, service: ServiceId, is_open: bool, otherwise: Refusal) -> None:
        require(service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        require(self.services[service] is not is_open, otherwise)
        self.seq += 1
        self.services[service] = is_open

    def open_service(self, command: c.OpenService) -> None:
        self._set_service(command.service, True, Refusal.SERVICE_OPEN)

    def close_service(self, command: c.CloseService) -> None:
        self._set_service(command.service, False, Refusal.SERVICE_CLOSED)

    def reserve_numbers(self, command: c.ReserveNumbers) -> None:
        first = self._free(self._series(command.series), command.count)
        block = Lent(command.series, first, first + command.count - 1, command.holder, self.now_ms)
        self.lent.append(block)
        self.last[block.series] = block.last
        self.seq += 1

    def _length_ms(self, service: ServiceId) -> int:
        given = self.zone.appointments
        return length_ms(self.zone, service) if given and service in given.services else 0

    def _has_place(self, service: ServiceId, slot_ms: int, but: BookingId | None = None) -> Refusal | None:
        """Second by second would be the definition; whatever is booked in these days begins at whole 100 seconds."""
        require(self._length_ms(service), Refusal.NOT_BOOKABLE)
        to_ms = slot_ms + self._length_ms(service)
        for block in self.blocks:
            if block.from_ms < to_ms and block.to_ms > slot_ms and service in (block.services or self.zone.services):
                return Refusal.SLOT_BLOCKED
        held = [b for b in self.holds.values() if b.held_until_ms > self.now_ms]
        there = [b for b in (*self.bookings.values(), *self.used.values(), *held) if b.id != but]
        for limit in limits(self.zone, service):
            for at_ms in range(slot_ms, to_ms, 1000):
                busy = [
                    b for b in there if b.slot_ms <= at_ms < b.slot_ms + b.length_ms and b.service in limit.services
                ]
                if len(busy) >= limit.places:
                    return Refusal.SLOT_FULL
        return None

    def _require_place(self, service: ServiceId, slot_ms: int, within: Within | None, but: BookingId | None) -> None:
        if within is None:
            return
        refusal, given = self._has_place(service, slot_ms, but), self.zone.appointments
        assert given
        notice_ms = 1000 * given.notice_s if within is Within.RULES else 0
        require(slot_ms >= self.now_ms + notice_ms, Refusal.TOO_SHORT_NOTICE)
        if refusal:
            refuse(refusal)

    def _require_few_held(self, service: ServiceId, ceiling: Mapping[str, int] | None, but: BookingId | None) -> None:
        held = [b for b in self.holds.values() if b.held_until_ms > self.now_ms and b.service == service]
        if ceiling:
            among = [b for b in held if ceiling["from_ms"] <= b.slot_ms < ceiling["to_ms"] and b.id != but]
            require(len(among) < ceiling["most"], Refusal.HOLDS_EXHAUSTED)

    def _new_booking(self, command: bc.Book | bc.HoldSlot, within: Within | None) -> Booking:
        require(command.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        require(command.visitor_class in self.zone.classes, Refusal.UNKNOWN_CLASS)
        require(command.booking not in {*self.bookings, *self.used, *self.holds}, Refusal.BOOKING_EXISTS)
        self._require_place(command.service, command.slot_ms, within, None)
        length_ms = self._length_ms(command.service)
        b = Booking(command.booking, command.service, command.visitor_class, command.slot_ms, length_ms)
        return replace(b, made_ms=self.now_ms)

    def book(self, command: bc.Book) -> None:
        self.bookings[command.booking] = self._new_booking(command, command.within)
        self.seq += 1

    def hold_slot(self, command: bc.HoldSlot) -> None:
        hold, given = self._new_booking(command, Within.RULES), self.zone.appointments
        self._require_few_held(command.service, command.ceiling, None)
        assert given
        kept = {i: b for i, b in self.holds.items() if b.held_until_ms > self.now_ms - 3_600_000}
        self.seq += 1 + (len(kept) < len(self.holds))
        self.holds = {**kept, hold.id: replace(hold, held_until_ms=self.now_ms + 1000 * given.hold_s)}

    def confirm_booking(self, command: bc.ConfirmBooking) -> None:
        b = self._unused(command.booking)
        require(b.id in self.holds, Refusal.BOOKING_CONFIRMED)
        require(b.slot_ms > self.now_ms, Refusal.BOOKING_OVER)
        if b.held_until_ms <= self.now_ms:
            require(b.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
            require(not self._has_place(b.service, b.slot_ms, b.id), Refusal.HOLD_LAPSED)
        self.bookings[b.id] = replace(self.holds.pop(b.id), held_until_ms=0)
        self.seq += 1

    def _unused(self, booking: BookingId) -> Booking:
        require(booking in {*self.bookings, *self.used, *self.holds}, Refusal.UNKNOWN_BOOKING)
        require(booking not in self.used, Refusal.BOOKING_USED)
        return self.bookings.get(booking) or self.holds[booking]

    def move_booking(self, command: bc.MoveBooking) -> None:
        b, changes = self._unused(command.booking), 0
        if command.within is Within.RULES:
            require(b.slot_ms > self.now_ms, Refusal.BOOKING_OVER)
            if b.id in self.holds:
                require(b.held_until_ms > self.now_ms, Refusal.HOLD_LAPSED)
            else:
                most = self.zone.appointments.changes_most if self.zone.appointments else 0
                require(b.changes < most, Refusal.CHANGES_SPENT)
                changes = 1
        if command.within:
            require(b.service in self.zone.services, Refusal.UNKNOWN_SERVICE)
        self._require_place(b.service, command.slot_ms, command.within, b.id)
        if b.held_until_ms:
            self._require_few_held(b.service, command.ceiling, b.id)
        length_ms = self._length_ms(b.service) if command.within else b.length_ms
        moved = replace(b, slot_ms=command.slot_ms, length_ms=length_ms, changes=b.changes + changes)
        (self.holds if b.id in self.holds else self.bookings)[b.id] = moved
        self.seq += 1

    def cancel_booking(self, command: bc.CancelBooking) -> None:
        booking = self._unused(command.booking).id
        (self.holds if booking in self.holds else self.bookings).pop(booking)
        self.seq += 1

    def block_slots(self, command: bc.BlockSlots) -> None:
        require(set(command.services) <= set(self.zone.services), Refusal.UNKNOWN_SERVICE)
        require(command.block not in [b.id for b in self.blocks], Refusal.BLOCK_EXISTS)
        block = Block(command.block, command.from_ms, command.to_ms, command.services, command.reason)
        self.blocks.append(block)
        self.seq += 1

    def unblock_slots(self, command: bc.UnblockSlots) -> None:
        require(command.block in [b.id for b in self.blocks], Refusal.UNKNOWN_BLOCK)
        self.blocks = [b for b in self.blocks if b.id != command.block]
        self.seq += 1


_RULES: Mapping[type[c.Command], Callable[[Model, Any], None]] = {
    kind: getattr(Model, kind.move)
    for kind in (*vars(c).values(), *vars(bc).values())
    if isinstance(kind, type) and issubclass(kind, c.Command) and hasattr(Model, getattr(kind, "move", ""))
}
