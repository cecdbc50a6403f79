"""Outcomes and records as JSON. What a command is answered follows from its events alone: repeated, it is the same."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from queue_core.domain.booking_code import grouped
from queue_core.domain.calendar import iso
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import BookingId, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.principal import Role
from queue_core.web.call import Call

NEXT_NOT_BEFORE = "Next-Not-Before"
_SERVICE_EVENTS = {EventType.SERVICE_OPENED: True, EventType.SERVICE_CLOSED: False}
_LIVING_BOOKINGS = frozenset({EventType.SLOT_HELD, EventType.BOOKED, EventType.BOOKING_MOVED})
_BOOKING_EVENTS = _LIVING_BOOKINGS | {EventType.BOOKING_CANCELLED}
_BLOCK_EVENTS = frozenset({EventType.SLOTS_BLOCKED, EventType.SLOTS_UNBLOCKED})


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


def done(call: Call, outcome: Outcome, status: int = 200) -> Response:
    """204 with `Next-Not-Before` where nobody was eligible."""
    if not outcome.events:
        return Response(status_code=204, headers=_until(call.in_zone, outcome))
    ticket, issued = outcome.ticket(), _issued(outcome)
    value: dict[str, Any] = {
        "epoch": outcome.epoch,
        "seq": outcome.seq,
        "ticket": ticket and {**ticket, **(_drawn(call.in_zone, issued) if issued else {})},
        "counter": _counter(outcome),
        **_others(call.in_zone, outcome.events[-1]),
        "estimate": issued and issued.get("estimate"),
        "links": links(call, TicketId(ticket["id"])) if ticket else _booking_links(call, outcome.events[-1]),
    }
    return json_response(value, status)


def links(call: Call, ticket: TicketId) -> dict[str, str]:
    """`own` can give the ticket back, so it is not for those who may only look."""
    zone = call.in_zone.id
    own = {} if call.by.role is Role.VIEWER else {"own": call.frame.links.path(zone, ticket)}
    return {"self": f"/api/v1/zones/{zone}/tickets/{ticket}", **own}


def _booking_links(call: Call, event: Event) -> dict[str, str]:
    if event.type not in _LIVING_BOOKINGS:
        return {}
    booking, made_ms = BookingId(event.data["booking"]), event.data.get("made_ms", 0)
    return {"own": call.frame.booking_links.path(call.in_zone.id, booking, made_ms)}


def ticket_record(zone: Zone, t: Ticket) -> dict[str, Any]:
    return {
        "id": t.id,
        "number": t.number,
        "service": t.service,
        "series": t.series,
        "visitor_class": t.visitor_class,
        "state": t.state.value,
        "issued_at": iso(zone, t.issued_ms),
        "arrival_at": iso(zone, t.arrival_ms),
        "not_before": moment(zone, t.not_before_ms),
        "called_at": moment(zone, t.called_ms),
        "started_at": moment(zone, t.started_ms),
        "ended_at": moment(zone, t.ended_ms),
        "recalls": t.recalls,
        "counter": t.counter or None,
        "pin": t.pin or None,
        "reason": t.reason,
        "booking": t.booking or None,
        "slot_at": moment(zone, t.slot_ms),
        "further": list(t.further),
    }


def moment(zone: Zone, at_ms: int | None) -> str | None:
    return iso(zone, at_ms) if at_ms else None


def _until(zone: Zone, outcome: Outcome) -> dict[str, str]:
    until = moment(zone, outcome.more.get("next_not_before_ms"))
    return {NEXT_NOT_BEFORE: until} if until else {}


def _issued(outcome: Outcome) -> Mapping[str, Any] | None:
    return next((e.data for e in outcome.events if e.type is EventType.ISSUED), None)


def _drawn(zone: Zone, issued: Mapping[str, Any]) -> dict[str, Any]:
    issued_ms, arrival_ms = issued["issued_ms"], issued["arrival_ms"]
    issued_at = iso(zone, issued_ms)
    return {
        "visitor_class": issued["visitor_class"],
        "series": issued["series"],
        "issued_at": issued_at,
        "arrival_at": issued_at if arrival_ms == issued_ms else iso(zone, arrival_ms),
        "not_before": moment(zone, issued.get("not_before_ms")),
        "slot_at": moment(zone, issued.get("slot_ms")),
    }


def _counter(outcome: Outcome) -> dict[str, Any] | None:
    counter = outcome.counter()
    if counter is None:
        return None
    return {"id": counter["id"], "state": counter.get("state", "closed"), "ticket": counter.get("ticket") or None}


def _others(zone: Zone, event: Event) -> dict[str, Any]:
    """What only some commands are about: a service, a booking, a block of numbers."""
    d = event.data
    if event.type in _SERVICE_EVENTS:
        return {"service": {"id": d["service"], "open": _SERVICE_EVENTS[event.type]}}
    if event.type in _BOOKING_EVENTS:
        slot_at, held_until = moment(zone, d.get("slot_ms")), moment(zone, d.get("held_until_ms"))
        code = grouped(BookingId(d["booking"]))
        return {"booking": {"id": d["booking"], "code": code, "slot_at": slot_at, "held_until": held_until}}
    if event.type in _BLOCK_EVENTS:
        return {"block": {"id": d["block"]}}
    if event.type is EventType.NUMBERS_RESERVED:
        return {"numbers": {"series": d["series"], "first": d["first"], "last": d["last"]}}
    return {}
