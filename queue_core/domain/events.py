"""The events of a zone's log: their types, their fields, and what each may carry.

An event is one JSON object. Every event carries `type`, `at_ms` and `command` (the random id of the command that
caused it); its place in the log is (epoch, seq). Ticket events also carry `TICKET_FIELDS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from queue_core.domain.model import TicketState


class EventType(StrEnum):
    EPOCH_STARTED = "epoch_started"
    CONFIGURED = "configured"
    ISSUED = "issued"
    CALLED = "called"
    RECALLED = "recalled"
    STARTED = "started"
    FINISHED = "finished"
    MISSED = "missed"
    PARKED = "parked"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    SERVICE_ADDED = "service_added"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNDONE = "undone"
    COUNTER_OPENED = "counter_opened"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_CLOSED = "counter_closed"
    SERVICE_OPENED = "service_opened"
    SERVICE_CLOSED = "service_closed"
    NUMBERS_RESERVED = "numbers_reserved"
    SLOT_HELD = "slot_held"
    HOLDS_LAPSED = "holds_lapsed"
    BOOKED = "booked"
    BOOKING_MOVED = "booking_moved"
    BOOKING_CANCELLED = "booking_cancelled"
    CHECKED_IN = "checked_in"
    SLOTS_BLOCKED = "slots_blocked"
    SLOTS_UNBLOCKED = "slots_unblocked"
    DAY_ROLLED = "day_rolled"


_W, _C, _S = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
_P, _M = TicketState.PARKED, TicketState.MISSED

#: event type -> (states it may come from, state it leads to): the only legal moves of a ticket.
TRANSITIONS: Mapping[EventType, tuple[frozenset[TicketState], TicketState]] = MappingProxyType(
    {
        EventType.ISSUED: (frozenset(), _W),
        EventType.CALLED: (frozenset({_W, _P, _M}), _C),
        EventType.RECALLED: (frozenset({_C}), _C),
        EventType.STARTED: (frozenset({_C}), _S),
        EventType.FINISHED: (frozenset({_S}), TicketState.FINISHED),
        EventType.MISSED: (frozenset({_C}), _M),
        EventType.PARKED: (frozenset({_C, _S}), _P),
        EventType.RETURNED: (frozenset({_W, _C, _P, _M}), _W),
        EventType.TRANSFERRED: (frozenset({_W, _C, _S, _P}), _W),
        EventType.CONFIRMED: (frozenset({_W}), _W),
        EventType.CANCELLED: (frozenset({_W, _P, _M}), TicketState.CANCELLED),
        EventType.EXPIRED: (frozenset({_W, _C, _S, _P, _M}), TicketState.EXPIRED),
    }
)

#: They change a zone as a whole: what followed from the events before is to be built anew.
RESHAPES = frozenset({EventType.EPOCH_STARTED, EventType.CONFIGURED, EventType.DAY_ROLLED})

TICKET_FIELDS = frozenset({"ticket", "number", "service", "from"})
#: Lists in the state of `epoch_started`: Lua writes an empty one as {}.
_STATE_LISTS = ("tickets", "counters", "calls", "lent", "bookings", "holds", "arrived", "blocks")
_HELD = TICKET_FIELDS | {"counter"}
_BOOKING = frozenset({"booking", "service", "visitor_class", "slot_ms", "length_ms", "made_ms"})
_RANKED = TICKET_FIELDS | {"rank_ms", "not_before_ms", "pin", "counter", "reason"}

#: event type -> fields it may carry beside the common ones. `direct`: the visitor stands at the counter already, so
#: nobody is to be shown or told the call. `onward`: a finished visit went on to what is still to come of it, `further`.
#: `belated`: of an ended day, and told only now.
FIELDS: Mapping[EventType, frozenset[str]] = MappingProxyType(
    {
        EventType.EPOCH_STARTED: frozenset({"state", "cause"}),
        EventType.CONFIGURED: frozenset({"digest", "services", "counters"}),
        EventType.ISSUED: _RANKED
        | {
            "series",
            "n",
            "ordinal",
            "visitor_class",
            "issued_ms",
            "arrival_ms",
            "booking",
            "slot_ms",
            "estimate",
            "lent",
            "further",
            "belated",
            "confirm_by_ms",
        },
        EventType.CALLED: _HELD | {"direct"},
        EventType.RECALLED: _HELD | {"recalls"},
        EventType.STARTED: _HELD,
        EventType.FINISHED: _HELD | {"outcome"},
        EventType.MISSED: _HELD,
        EventType.PARKED: _HELD | {"reason"},
        EventType.RETURNED: _RANKED | {"mode", "by", "delays"},
        EventType.TRANSFERRED: _RANKED | {"from_service", "further", "onward", "outcome"},
        EventType.SERVICE_ADDED: _HELD | {"further"},
        EventType.CONFIRMED: TICKET_FIELDS | {"by"},
        EventType.CANCELLED: TICKET_FIELDS | {"counter", "by"},
        EventType.EXPIRED: TICKET_FIELDS | {"counter", "belated"},
        EventType.UNDONE: frozenset({"counter", "undoes_seq", "undoes_count", "tickets", "counter_record"}),
        EventType.COUNTER_OPENED: frozenset({"counter", "services"}),
        EventType.COUNTER_PAUSED: frozenset({"counter", "reason"}),
        EventType.COUNTER_CLOSED: frozenset({"counter"}),
        EventType.SERVICE_OPENED: frozenset({"service"}),
        EventType.SERVICE_CLOSED: frozenset({"service", "reason"}),
        EventType.NUMBERS_RESERVED: frozenset({"series", "first", "last", "holder"}),
        EventType.SLOT_HELD: _BOOKING | {"held_until_ms"},
        EventType.HOLDS_LAPSED: frozenset({"bookings"}),
        EventType.BOOKED: _BOOKING,
        EventType.BOOKING_MOVED: frozenset({"booking", "slot_ms", "length_ms", "made_ms", "changes"}),
        EventType.BOOKING_CANCELLED: frozenset({"booking"}),
        EventType.CHECKED_IN: frozenset({"booking", "service", "visitor_class", "slot_ms", "ticket", "late"}),
        EventType.SLOTS_BLOCKED: frozenset({"block", "from_ms", "to_ms", "services", "reason"}),
        EventType.SLOTS_UNBLOCKED: frozenset({"block"}),
        EventType.DAY_ROLLED: frozenset({"day", "from_day", "day_from_ms", "day_to_ms", "bookings"}),
    }
)

#: The enum's own look-up costs as much as the rest of an event.
_KINDS: Mapping[str, EventType] = {kind.value: kind for kind in EventType}


@dataclass(frozen=True, slots=True)
class Event:
    """One numbered event; `data` holds its own fields (see `FIELDS`).

    Raises `ValueError` for an unknown type or field: a reader never guesses what a newer writer meant.
    """

    epoch: int
    seq: int
    at_ms: int
    type: EventType
    command: str
    data: Mapping[str, Any]

    @classmethod
    def from_json(cls, epoch: int, seq: int, payload: Mapping[str, Any]) -> "Event":
        data = dict(payload)
        name, at_ms, command = data.pop("type"), int(data.pop("at_ms")), str(data.pop("command"))
        kind = _KINDS.get(name) or EventType(name)
        if kind is EventType.EPOCH_STARTED:
            state = data["state"]
            data["state"] = {**state, **{name: list(state.get(name) or ()) for name in _STATE_LISTS}}
        if not data.keys() <= FIELDS[kind]:
            unknown = ", ".join(sorted(data.keys() - FIELDS[kind]))
            raise ValueError(f"event {kind} at {epoch}-{seq} carries unknown fields: {unknown}")
        return cls(epoch, seq, at_ms, kind, command, data)

    def to_json(self) -> dict[str, Any]:
        """The event as it is exported and streamed: (epoch, seq) first."""
        return {"epoch": self.epoch, "seq": self.seq, "at_ms": self.at_ms, "type": self.type.value, **self.data}
