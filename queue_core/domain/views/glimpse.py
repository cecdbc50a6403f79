"""An event's face in a view: which events it lets through, and what of them."""

from collections.abc import Mapping

from queue_core.domain.events import TICKET_FIELDS, TRANSITIONS, Event, EventType
from queue_core.domain.model import TicketId
from queue_core.domain.views.records import Json
from queue_core.domain.views.view import View

_COUNTERS = {
    EventType.COUNTER_OPENED: frozenset({"counter"}),
    EventType.COUNTER_PAUSED: frozenset({"counter"}),
    EventType.COUNTER_CLOSED: frozenset({"counter"}),
}
_SERVICES = {
    EventType.SERVICE_OPENED: frozenset({"service"}),
    EventType.SERVICE_CLOSED: frozenset({"service"}),
}
_CALL = frozenset({"number", "service", "counter"})
_CALLS = {
    EventType.CALLED: _CALL,
    EventType.RECALLED: _CALL | {"recalls"},
    EventType.UNDONE: frozenset({"counter", "numbers"}),
}
_DESK_EXTRAS = frozenset(
    {
        *TICKET_FIELDS,
        *("counter", "reason", "recalls", "outcome", "mode", "pin", "rank_ms", "not_before_ms", "from_service", "by"),
        *("visitor_class", "booking", "slot_ms", "further", "onward", "direct"),
    }
)
_OWN_FIELDS = frozenset({"number", "service", "counter", "recalls", "not_before_ms"})

_SHOWN: Mapping[View, Mapping[EventType, frozenset[str]]] = {
    View.WAITS: {**_COUNTERS, **_SERVICES},
    View.PUBLIC: {**_COUNTERS, **_SERVICES, **_CALLS},
    View.LOBBY: {**_COUNTERS, **_SERVICES, **_CALLS},
    View.DESK: {
        **dict.fromkeys((*TRANSITIONS, EventType.SERVICE_ADDED), _DESK_EXTRAS),
        **{kind: fields | {"reason"} for kind, fields in (_COUNTERS | _SERVICES).items()},
        EventType.COUNTER_OPENED: frozenset({"counter", "services"}),
        EventType.UNDONE: frozenset({"counter", "numbers", "undoes_seq", "undoes_count"}),
    },
    View.OWN: {
        **dict.fromkeys((*TRANSITIONS, EventType.SERVICE_ADDED), _OWN_FIELDS),
        EventType.UNDONE: frozenset({"counter", "numbers"}),
    },
}
#: Who would look for a call there; of a visitor who stands at the counter already they hear nothing.
_TO_THE_HALL = frozenset({View.PUBLIC, View.LOBBY})


def shown_in(view: View) -> Mapping[EventType, frozenset[str]]:
    """The events that a view tells, each with the fields that it may have beside its type and time."""
    return _SHOWN[view]


def glimpse(view: View, event: Event, ticket: TicketId | None = None) -> Json | None:
    """{type, at_ms, number, ...} as this view may see it; None where it may not, or need not."""
    shown = _SHOWN[view].get(event.type)
    if shown is None or (view is View.OWN and ticket not in tickets_of(event)):
        return None
    if view in _TO_THE_HALL and event.data.get("direct"):
        return None
    data = {**event.data, "numbers": [t["number"] for t in event.data.get("tickets", ())]}
    return {"type": event.type.value, "at_ms": event.at_ms, **{f: data[f] for f in sorted(shown & data.keys())}}


def tickets_of(event: Event) -> frozenset[TicketId]:
    """The tickets that the event is about."""
    named = {event.data["ticket"]} if "ticket" in event.data else set()
    return frozenset(named | {t["id"] for t in event.data.get("tickets", ())})
