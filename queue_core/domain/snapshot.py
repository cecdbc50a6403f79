"""The open state of a zone, as a fold of its log: state = fold(log).

`Snapshot` holds what is in the house now; closed tickets live on only in the totals. The Lua moves keep the same state
in Redis; tests hold both together after every command.
"""

from collections import Counter as Tally
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from queue_core.domain.events import TRANSITIONS, Event, EventType
from queue_core.domain.model import (
    CLOSED,
    LAST_CALLS_KEPT,
    LENT_KEPT_MS,
    Block,
    Booking,
    BookingId,
    Call,
    ClassId,
    Counter,
    CounterId,
    CounterState,
    Lent,
    SeriesId,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)


class LogGap(ValueError):
    """The event does not follow the snapshot; a new snapshot is needed."""


@dataclass(slots=True)
class Snapshot:
    """`standing` counts the tickets by service and state; it follows from `tickets`. Appointments are `holds` until
    they are confirmed, `bookings` until their visitors come, and `arrived` until their day is over."""

    epoch: int = 0
    seq: int = 0
    day: str = ""
    day_from_ms: int = 0
    day_to_ms: int = 0
    at_ms: int = 0
    ordinal: int = 0
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    counters: dict[CounterId, Counter] = field(default_factory=dict)
    services: dict[ServiceId, bool] = field(default_factory=dict)
    issued: dict[ServiceId, int] = field(default_factory=dict)
    series_last: dict[SeriesId, int] = field(default_factory=dict)
    totals: dict[TicketState, int] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    lent: tuple[Lent, ...] = ()
    bookings: dict[BookingId, Booking] = field(default_factory=dict)
    holds: dict[BookingId, Booking] = field(default_factory=dict)
    arrived: dict[BookingId, Booking] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    remote: int = 0
    standing: dict[tuple[ServiceId, TicketState], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.standing = dict(Tally((t.service, t.state) for t in self.tickets.values()))

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "Snapshot":
        """From the `state` of `epoch_started` or of the store's snapshot reader."""

        def records(name: str) -> list[Mapping[str, Any]]:
            return list(state.get(name) or [])

        def bookings(name: str) -> dict[BookingId, Booking]:
            return {b["id"]: Booking.from_json(b) for b in records(name)}

        plain = ("epoch", "seq", "day", "day_from_ms", "day_to_ms", "at_ms", "ordinal", "remote")
        return cls(
            **{name: state[name] for name in plain if name in state},
            tickets={t["id"]: Ticket.from_json(t) for t in records("tickets")},
            counters={c["id"]: Counter.from_json(c) for c in records("counters")},
            services=dict(state.get("services") or {}),
            issued=dict(state.get("issued") or {}),
            series_last=dict(state.get("series_last") or {}),
            totals={TicketState(name): n for name, n in (state.get("totals") or {}).items()},
            calls=tuple(Call.from_json(c) for c in records("calls")),
            lent=tuple(Lent.from_json(b) for b in records("lent")),
            bookings=bookings("bookings"),
            holds=bookings("holds"),
            arrived=bookings("arrived"),
            blocks=tuple(Block.from_json(b) for b in records("blocks")),
        )

    def fold(self, event: Event) -> None:
        """Applies the next event. Raises `LogGap` when it is not the next, `ValueError` on an illegal transition."""
        starts = event.type is EventType.EPOCH_STARTED
        if not starts and (event.epoch, event.seq) != (self.epoch, self.seq + 1):
            raise LogGap(f"after {self.epoch}-{self.seq} came {event.epoch}-{event.seq}")
        _FOLDS[event.type](self, event)
        self.epoch, self.seq, self.at_ms = event.epoch, event.seq, event.at_ms

    def waiting(self) -> list[Ticket]:
        return [t for t in self.tickets.values() if t.state is TicketState.WAITING]

    def is_at_rest(self) -> bool:
        """Nobody in the house and every counter closed: until an event or other hours, all stays as it is."""
        return not self.tickets and all(c.state is CounterState.CLOSED for c in self.counters.values())

    def issued_today(self) -> int:
        """I6: issued = open tickets + closed ones, at every moment."""
        return len(self.tickets) + sum(self.totals.values())


def _put(s: Snapshot, ticket: Ticket) -> None:
    if before := s.tickets.get(ticket.id):
        _discount(s, before)
    s.tickets[ticket.id] = ticket
    place = ticket.service, ticket.state
    s.standing[place] = s.standing.get(place, 0) + 1


def _drop(s: Snapshot, ticket: Ticket) -> None:
    _discount(s, ticket)
    del s.tickets[ticket.id]


def _discount(s: Snapshot, ticket: Ticket) -> None:
    place = ticket.service, ticket.state
    s.standing[place] -= 1
    if not s.standing[place]:
        del s.standing[place]


def _restart(s: Snapshot, e: Event) -> None:
    fresh = Snapshot.from_json(e.data["state"])
    for name in Snapshot.__slots__:
        setattr(s, name, getattr(fresh, name))


def _configured(s: Snapshot, e: Event) -> None:
    s.services = {ServiceId(i): s.services.get(ServiceId(i), True) for i in e.data["services"]}
    s.counters = {CounterId(i): s.counters.get(CounterId(i), Counter(CounterId(i))) for i in e.data["counters"]}


def _issued(s: Snapshot, e: Event) -> None:
    d = e.data
    ticket = Ticket(
        id=d["ticket"],
        number=d["number"],
        series=d["series"],
        service=d["service"],
        visitor_class=d["visitor_class"],
        state=TicketState.WAITING,
        ordinal=d["ordinal"],
        issued_ms=d["issued_ms"],
        arrival_ms=d["arrival_ms"],
        rank_ms=d["rank_ms"],
        seq=e.seq,
        not_before_ms=d.get("not_before_ms", 0),
        booking=d.get("booking", BookingId("")),
        slot_ms=d.get("slot_ms", 0),
        further=tuple(d.get("further", ())),
        confirm_by_ms=d.get("confirm_by_ms", 0),
    )
    _put(s, ticket)
    s.remote += bool(ticket.confirm_by_ms)
    s.ordinal = ticket.ordinal
    if not ticket.booking and not d.get("belated"):
        s.issued[ticket.service] = s.issued.get(ticket.service, 0) + 1
    if not d.get("lent"):
        s.series_last[ticket.series] = d["n"]


def _change(s: Snapshot, e: Event, **changes: Any) -> Ticket:
    """Moves the event's ticket along `TRANSITIONS`; answers how it is now, or was before it was closed."""
    before = s.tickets[e.data["ticket"]]
    allowed, state = TRANSITIONS[e.type]
    if before.state not in allowed:
        raise ValueError(f"{e.type} at {e.epoch}-{e.seq}: ticket is {before.state}")
    if state in CLOSED:
        _drop(s, before)
        s.totals[state] = s.totals.get(state, 0) + 1
        return before
    after = _with(before, state=state, seq=e.seq, **changes)
    _put(s, after)
    return after


_NAMES = tuple(f.name for f in fields(Ticket))
_AT = {name: n for n, name in enumerate(_NAMES)}
_values = attrgetter(*_NAMES)


def _with(ticket: Ticket, **changes: Any) -> Ticket:
    """`dataclasses.replace` in half the time: every event does it."""
    values = list(_values(ticket))
    for name, value in changes.items():
        values[_AT[name]] = value
    return Ticket(*values)


def _hold(s: Snapshot, e: Event, ticket: TicketId) -> None:
    """The event's counter holds `ticket` from now on ("" for none); nothing where no counter takes part."""
    if counter := e.data.get("counter"):
        before = s.counters[counter]
        s.counters[counter] = Counter(before.id, before.state, ticket, e.at_ms, e.seq, before.reason, before.services)


def _called(s: Snapshot, e: Event) -> None:
    ticket = _change(
        s,
        e,
        counter=e.data["counter"],
        called_ms=e.at_ms,
        started_ms=0,
        recalls=0,
        recalled_ms=0,
        pin="",
        reason="",
        missed_ms=0,
        confirm_by_ms=0,
    )
    _hold(s, e, ticket.id)
    if not e.data.get("direct"):
        _list_call(s, e, ticket)


def _recalled(s: Snapshot, e: Event) -> None:
    ticket = _change(s, e, recalls=e.data["recalls"], recalled_ms=e.at_ms)
    _hold(s, e, ticket.id)
    _list_call(s, e, ticket)


def _list_call(s: Snapshot, e: Event, t: Ticket) -> None:
    line = Call(t.id, t.number, t.service, t.counter, e.at_ms, e.seq, t.recalls)
    others = tuple(c for c in s.calls if not (t.recalls and c.ticket == t.id))
    s.calls = (line, *others)[:LAST_CALLS_KEPT]


def _started(s: Snapshot, e: Event) -> None:
    _hold(s, e, _change(s, e, started_ms=e.at_ms).id)


def _left_counter(s: Snapshot, e: Event) -> None:
    """finished, missed, parked, expired: the counter is free, the ticket remembers it."""
    changes: dict[str, Any] = {"reason": e.data["reason"]} if e.data.get("reason") else {}
    if e.type is EventType.MISSED:
        changes["missed_ms"] = e.at_ms
    _change(s, e, **changes)
    _hold(s, e, TicketId(""))


def _queued(s: Snapshot, e: Event) -> None:
    """returned, transferred: back in the queue with the rank that the event gives."""
    d = e.data
    still: dict[str, Any] = {"further": tuple(d.get("further", ()))} if e.type is EventType.TRANSFERRED else {}
    if "delays" in d:
        still["delays"] = d["delays"]
    _change(
        s,
        e,
        **still,
        service=d["service"],
        rank_ms=d["rank_ms"],
        not_before_ms=d.get("not_before_ms", 0),
        pin=d.get("pin", ""),
        reason=d.get("reason", ""),
        counter="",
    )
    _hold(s, e, TicketId(""))


def _service_added(s: Snapshot, e: Event) -> None:
    ticket = s.tickets[e.data["ticket"]]
    s.tickets[ticket.id] = _with(ticket, further=tuple(e.data["further"]), seq=e.seq)


def _confirmed(s: Snapshot, e: Event) -> None:
    _change(s, e, confirm_by_ms=0)


def _cancelled(s: Snapshot, e: Event) -> None:
    _change(s, e)


def _undone(s: Snapshot, e: Event) -> None:
    d = e.data
    for record in d["tickets"]:
        ticket = replace(Ticket.from_json(record), seq=e.seq)
        if ticket.id not in s.tickets:
            s.totals[TicketState.FINISHED] -= 1
        _put(s, ticket)
    s.counters[d["counter"]] = replace(Counter.from_json(d["counter_record"]), seq=e.seq)
    undone = range(d["undoes_seq"], d["undoes_seq"] + d["undoes_count"])
    s.calls = tuple(c for c in s.calls if c.seq not in undone)


def _counter_is(state: CounterState) -> Callable[[Snapshot, Event], None]:
    def fold(s: Snapshot, e: Event) -> None:
        counter = CounterId(e.data["counter"])
        paused, reason = state is CounterState.PAUSED, e.data.get("reason", "")
        services = s.counters[counter].services if paused else e.data.get("services", ())
        s.counters[counter] = Counter(counter, state, since_ms=e.at_ms, seq=e.seq, reason=reason, services=services)
        if state is CounterState.CLOSED:
            for t in s.tickets.values():
                if t.pin == counter:
                    s.tickets[t.id] = replace(t, pin=CounterId(""))

    return fold


def _service_is(is_open: bool) -> Callable[[Snapshot, Event], None]:
    def fold(s: Snapshot, e: Event) -> None:
        s.services[e.data["service"]] = is_open

    return fold


def _numbers_reserved(s: Snapshot, e: Event) -> None:
    d = e.data
    s.lent = (*s.lent, Lent(d["series"], d["first"], d["last"], d["holder"], e.at_ms))
    s.series_last[d["series"]] = d["last"]


def _booking(d: Mapping[str, Any]) -> Booking:
    return Booking(
        BookingId(d["booking"]),
        ServiceId(d["service"]),
        ClassId(d["visitor_class"]),
        d["slot_ms"],
        d.get("length_ms", 0),
        d.get("held_until_ms", 0),
        made_ms=d.get("made_ms", 0),
    )


def _slot_held(s: Snapshot, e: Event) -> None:
    hold = _booking(e.data)
    s.holds[hold.id] = hold


def _holds_lapsed(s: Snapshot, e: Event) -> None:
    """A log that begins with a day does not know the holds of the night before."""
    for booking in e.data["bookings"]:
        s.holds.pop(booking, None)


def _booked(s: Snapshot, e: Event) -> None:
    booking = _booking(e.data)
    s.holds.pop(booking.id, None)
    s.bookings[booking.id] = booking


def _booking_moved(s: Snapshot, e: Event) -> None:
    d = e.data
    among = s.holds if d["booking"] in s.holds else s.bookings
    known = among[d["booking"]]
    length_ms, changes = d.get("length_ms", known.length_ms), d.get("changes", known.changes)
    among[known.id] = replace(known, slot_ms=d["slot_ms"], length_ms=length_ms, changes=changes)


def _booking_cancelled(s: Snapshot, e: Event) -> None:
    if not s.holds.pop(e.data["booking"], None):
        del s.bookings[e.data["booking"]]


def _checked_in(s: Snapshot, e: Event) -> None:
    booking = s.bookings.pop(e.data["booking"])
    s.arrived[booking.id] = replace(booking, used=e.data.get("ticket", ""))


def _slots_blocked(s: Snapshot, e: Event) -> None:
    d = e.data
    block = Block(d["block"], d["from_ms"], d["to_ms"], d.get("services", ()), d.get("reason", ""))
    s.blocks = (*s.blocks, block)


def _slots_unblocked(s: Snapshot, e: Event) -> None:
    s.blocks = tuple(block for block in s.blocks if block.id != e.data["block"])


def _since(bookings: Mapping[BookingId, Booking], from_ms: int) -> dict[BookingId, Booking]:
    return {i: b for i, b in bookings.items() if b.slot_ms >= from_ms}


def _day_rolled(s: Snapshot, e: Event) -> None:
    d = e.data
    s.day, s.day_from_ms, s.day_to_ms = d["day"], d["day_from_ms"], d["day_to_ms"]
    s.ordinal, s.calls, s.remote = 0, (), 0
    s.lent = tuple(block for block in s.lent if block.at_ms >= s.day_from_ms - LENT_KEPT_MS)
    s.issued, s.series_last, s.totals = {}, {}, {}
    s.services = dict.fromkeys(s.services, True)
    s.bookings, s.holds, s.arrived = (_since(kept, s.day_from_ms) for kept in (s.bookings, s.holds, s.arrived))
    s.blocks = tuple(block for block in s.blocks if block.to_ms > s.day_from_ms)


_FOLDS: Mapping[EventType, Callable[[Snapshot, Event], None]] = {
    EventType.EPOCH_STARTED: _restart,
    EventType.CONFIGURED: _configured,
    EventType.ISSUED: _issued,
    EventType.CALLED: _called,
    EventType.RECALLED: _recalled,
    EventType.STARTED: _started,
    EventType.FINISHED: _left_counter,
    EventType.MISSED: _left_counter,
    EventType.PARKED: _left_counter,
    EventType.EXPIRED: _left_counter,
    EventType.RETURNED: _queued,
    EventType.TRANSFERRED: _queued,
    EventType.SERVICE_ADDED: _service_added,
    EventType.CONFIRMED: _confirmed,
    EventType.CANCELLED: _cancelled,
    EventType.UNDONE: _undone,
    EventType.COUNTER_OPENED: _counter_is(CounterState.OPEN),
    EventType.COUNTER_PAUSED: _counter_is(CounterState.PAUSED),
    EventType.COUNTER_CLOSED: _counter_is(CounterState.CLOSED),
    EventType.SERVICE_OPENED: _service_is(True),
    EventType.SERVICE_CLOSED: _service_is(False),
    EventType.NUMBERS_RESERVED: _numbers_reserved,
    EventType.SLOT_HELD: _slot_held,
    EventType.HOLDS_LAPSED: _holds_lapsed,
    EventType.BOOKED: _booked,
    EventType.BOOKING_MOVED: _booking_moved,
    EventType.BOOKING_CANCELLED: _booking_cancelled,
    EventType.CHECKED_IN: _checked_in,
    EventType.SLOTS_BLOCKED: _slots_blocked,
    EventType.SLOTS_UNBLOCKED: _slots_unblocked,
    EventType.DAY_ROLLED: _day_rolled,
}
