"""Somebody shows a ticket at the kiosk: where it stands; whoever missed the call comes back by the zone's rule, and
whoever drew at home is there from now on.

Of whoever drew at home the number is enough, since it is typed in the house: it is confirmed, and nothing else.
"""

from typing import Any

from queue_core.domain.booking_code import as_typed
from queue_core.domain.commands import ComeBack, ConfirmArrival
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import EventType
from queue_core.domain.model import CLOSED, Ticket, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.views.scene import Scene
from queue_core.domain.views.states import own
from queue_core.engine import Once
from queue_core.web.face import Frame

Told = dict[str, Any]
CONFIRMED = EventType.CONFIRMED.value
_OVER: Told = {"kind": "over"}
_STAYS_OUT = frozenset({Refusal.RETURN_NOT_ALLOWED, Refusal.RETURN_TOO_LATE})


async def come_back(frame: Frame, zone: Zone, ticket_id: TicketId, repeatable: Once) -> Told:
    """`kind`: the ticket's state, `returned`, `too_late` (the rule lets nobody back), `confirmed`, `lapsed` (came too
    late for a number from home) or `over`."""
    try:
        ticket = await frame.engine.ticket(zone.id, ticket_id)
    except Refused:
        return {**_OVER, "zone": zone.id}
    if ticket.state in CLOSED:
        return {**_OVER, "zone": zone.id, "number": ticket.number}
    kind: str = ticket.state
    if ticket.state is TicketState.MISSED:
        kind = await _returned(frame, zone, ticket, repeatable)
    elif ticket.state is TicketState.WAITING and ticket.confirm_by_ms:
        kind = await _confirmed(frame, zone, ticket, repeatable)
    return {"kind": str(kind), **await _standing(frame, zone, ticket)}


async def waiting_under(frame: Frame, zone: Zone, typed: str) -> TicketId | None:
    """Who waits with this number, in a zone that gives numbers to people at home."""
    if zone.remote is None:
        return None
    snapshot, _ = await frame.engine.read(zone.id)
    waiting = (t for t in snapshot.tickets.values() if t.state is TicketState.WAITING)
    return next((t.id for t in waiting if as_typed(t.number) == as_typed(typed)), None)


async def _confirmed(frame: Frame, zone: Zone, ticket: Ticket, repeatable: Once) -> str:
    try:
        await frame.engine.do(zone.id, ConfirmArrival(ticket.id), repeatable)
    except Refused as refused:
        if refused.code is Refusal.CONFIRM_TOO_LATE:
            return "lapsed"
        if refused.code is not Refusal.NOTHING_TO_CONFIRM:
            raise
        return TicketState.WAITING
    return CONFIRMED


async def _returned(frame: Frame, zone: Zone, ticket: Ticket, repeatable: Once) -> str:
    try:
        await frame.engine.do(zone.id, ComeBack(ticket.id), repeatable)
    except Refused as refused:
        if refused.code not in _STAYS_OUT:
            raise
        return "too_late"
    return "returned"


async def _standing(frame: Frame, zone: Zone, ticket: Ticket) -> Told:
    """As the store has it now: the log's reader may be a moment behind."""
    snapshot, now_ms = await frame.engine.read(zone.id)
    scene = Scene.at(frame.engine.zone(zone.id), snapshot, frame.hub.forecast(zone.id), now_ms)
    told = own(scene, ticket.id)
    stands_like_a_newcomer = ticket.visitor_class == zone.default_class and not ticket.slot_ms
    waits = told["state"] == TicketState.WAITING
    wait = told["wait"] or (frame.hub.shown(zone.id, ticket.service) if waits and stands_like_a_newcomer else None)
    return {**told, "zone": zone.id, "wait": wait, "now_ms": now_ms}
