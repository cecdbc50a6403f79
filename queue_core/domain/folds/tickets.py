"""What events make of tickets, and of the counters that hold them."""

from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from queue_core.domain.events import TRANSITIONS, Event, EventType
from queue_core.domain.model import (
    CLOSED,
    LAST_CALLS_KEPT,
    BookingId,
    Call,
    Counter,
    Ticket,
    TicketId,
    TicketState,
)
from queue_core.domain.state import State


def issued(s: State, e: Event) -> None:
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
    s.put(ticket)
    s.remote += bool(ticket.confirm_by_ms)
    s.ordinal = ticket.ordinal
    if not ticket.booking and not d.get("belated"):
        s.issued[ticket.service] = s.issued.get(ticket.service, 0) + 1
    if not d.get("lent"):
        s.series_last[ticket.series] = d["n"]


def called(s: State, e: Event) -> None:
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


def recalled(s: State, e: Event) -> None:
    ticket = _change(s, e, recalls=e.data["recalls"], recalled_ms=e.at_ms)
    _hold(s, e, ticket.id)
    _list_call(s, e, ticket)


def started(s: State, e: Event) -> None:
    _hold(s, e, _change(s, e, started_ms=e.at_ms).id)


def left_counter(s: State, e: Event) -> None:
    """finished, missed, parked, expired: the counter is free, the ticket remembers it."""
    changes: dict[str, Any] = {"reason": e.data["reason"]} if e.data.get("reason") else {}
    if e.type is EventType.MISSED:
        changes["missed_ms"] = e.at_ms
    _change(s, e, **changes)
    _hold(s, e, TicketId(""))


def queued(s: State, e: Event) -> None:
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


def service_added(s: State, e: Event) -> None:
    ticket = s.tickets[e.data["ticket"]]
    s.tickets[ticket.id] = _with(ticket, further=tuple(e.data["further"]), seq=e.seq)


def confirmed(s: State, e: Event) -> None:
    _change(s, e, confirm_by_ms=0)


def cancelled(s: State, e: Event) -> None:
    _change(s, e)


def undone(s: State, e: Event) -> None:
    d = e.data
    for record in d["tickets"]:
        ticket = replace(Ticket.from_json(record), seq=e.seq)
        if ticket.id not in s.tickets:
            s.totals[TicketState.FINISHED] -= 1
        s.put(ticket)
    s.counters[d["counter"]] = replace(Counter.from_json(d["counter_record"]), seq=e.seq)
    undone = range(d["undoes_seq"], d["undoes_seq"] + d["undoes_count"])
    s.calls = tuple(c for c in s.calls if c.seq not in undone)


def _change(s: State, e: Event, **changes: Any) -> Ticket:
    """Moves the event's ticket along `TRANSITIONS`; answers how it is now, or was before it was closed."""
    before = s.tickets[e.data["ticket"]]
    allowed, state = TRANSITIONS[e.type]
    if before.state not in allowed:
        raise ValueError(f"{e.type} at {e.epoch}-{e.seq}: ticket is {before.state}")
    if state in CLOSED:
        s.drop(before)
        s.totals[state] = s.totals.get(state, 0) + 1
        return before
    after = _with(before, state=state, seq=e.seq, **changes)
    s.put(after)
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


def _hold(s: State, e: Event, ticket: TicketId) -> None:
    """The event's counter holds `ticket` from now on ("" for none); nothing where no counter takes part."""
    if counter := e.data.get("counter"):
        before = s.counters[counter]
        s.counters[counter] = Counter(before.id, before.state, ticket, e.at_ms, e.seq, before.reason, before.services)


def _list_call(s: State, e: Event, t: Ticket) -> None:
    line = Call(t.id, t.number, t.service, t.counter, e.at_ms, e.seq, t.recalls)
    others = tuple(c for c in s.calls if not (t.recalls and c.ticket == t.id))
    s.calls = (line, *others)[:LAST_CALLS_KEPT]
