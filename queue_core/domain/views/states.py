"""The views' states."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from queue_core.domain.model import AT_COUNTER, CLOSED, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import MissedReturn
from queue_core.domain.views.records import (
    Json,
    call_line,
    call_number,
    counter_desk,
    counter_place,
    service_traffic,
    service_waits,
    wait_of,
)
from queue_core.domain.views.scene import Scene
from queue_core.domain.views.view import View

_OF_A_TICKET = (
    *("number", "service", "service_name", "counter", "counter_name", "way", "arrow", "floor", "room"),
    *("ahead", "wait", "reason", "later", "issued_ms", "not_before_ms", "slot_ms", "called_ms", "recalls"),
    *("recalled_ms", "started_ms", "return_until_ms", "confirm_by_ms", "delay_s", "delays_left"),
)


def state(view: View, scene: Scene, ticket: TicketId | None = None) -> Json:
    """What this view shows of the scene; `own` needs the ticket."""
    return own(scene, ticket or TicketId("")) if view is View.OWN else _STATES[view](scene)


def waits(scene: Scene) -> Json:
    return {**_place(scene), "services": [service_waits(scene, s) for s in scene.zone.services]}


def public(scene: Scene) -> Json:
    return {
        **_place(scene),
        "services": [service_traffic(scene, s) for s in scene.zone.services],
        "counters": [counter_place(scene, c) for c in scene.zone.counters],
        "calls": _distinct([call_number(c) for c in scene.snapshot.calls]),
        "totals": _totals(scene),
    }


def lobby(scene: Scene) -> Json:
    return {
        **_place(scene),
        "services": [service_traffic(scene, s) for s in scene.zone.services],
        "counters": [counter_place(scene, c) for c in scene.zone.counters],
        "calls": _distinct([call_line(scene, c) for c in scene.snapshot.calls]),
    }


def desk(scene: Scene) -> Json:
    return {
        **_place(scene),
        "rules": asdict(scene.zone.rules),
        "classes": [{"id": c.id, "name": dict(c.name)} for c in scene.zone.classes.values()],
        "services": [service_traffic(scene, s) for s in scene.zone.services],
        "counters": [counter_desk(scene, c) for c in scene.zone.counters],
        "tickets": scene.drawn.in_order(scene.snapshot.tickets),
        "bookings": scene.expected.of(scene.snapshot),
        "calls": _distinct([call_line(scene, c) for c in scene.snapshot.calls]),
        "totals": _totals(scene),
        "estimates": _estimates(scene),
    }


def own(scene: Scene, ticket_id: TicketId) -> Json:
    ticket = scene.snapshot.tickets.get(ticket_id) or scene.closed.get(ticket_id)
    return {**_place(scene), **(_unknown() if ticket is None else _followed(scene, ticket))}


def _followed(scene: Scene, ticket: Ticket) -> Json:
    service = scene.zone.services.get(ticket.service)
    waits_now, rules = ticket.state is TicketState.WAITING, scene.zone.rules
    delays_left = max(0, rules.delays_most - ticket.delays) if waits_now else 0
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "final": ticket.state in CLOSED,
        "service": ticket.service,
        "service_name": dict(service.name) if service else {},
        **_where_to(scene, ticket),
        "ahead": scene.ahead_of(ticket.id) if waits_now else None,
        **(wait_of(scene, ticket.id) if waits_now else {"wait": None, "reason": None}),
        "later": _later(scene, ticket.id) if waits_now else None,
        "issued_ms": ticket.issued_ms,
        "not_before_ms": ticket.not_before_ms,
        "slot_ms": ticket.slot_ms,
        "called_ms": ticket.called_ms,
        "recalls": ticket.recalls,
        "recalled_ms": ticket.recalled_ms,
        "started_ms": ticket.started_ms,
        "return_until_ms": _return_until_ms(scene, ticket),
        "confirm_by_ms": ticket.confirm_by_ms if waits_now else 0,
        "delay_s": rules.delay_s if delays_left else None,
        "delays_left": delays_left,
        "further": [_service_named(scene, s) for s in ticket.further],
    }


def _where_to(scene: Scene, ticket: Ticket) -> Json:
    """The counter that expects the visitor, and how to find it; nulls while none does."""
    at = scene.zone.counters.get(ticket.counter) if ticket.state in AT_COUNTER else None
    if at is None:
        return dict.fromkeys(("counter", "counter_name", "way", "arrow", "floor", "room"))
    texts = {"counter_name": at.name, "way": at.way, "floor": at.floor, "room": at.room}
    return {"counter": at.id, "arrow": at.arrow.value, **{name: dict(text) for name, text in texts.items()}}


def _return_until_ms(scene: Scene, ticket: Ticket) -> int | None:
    """Until when a missed visitor may come back by themselves; null for all others, and where the zone allows it to
    nobody."""
    rules = scene.zone.rules
    if ticket.state is not TicketState.MISSED or rules.missed_return is MissedReturn.NO:
        return None
    return ticket.missed_ms + 1000 * rules.missed_return_s


def _service_named(scene: Scene, service: ServiceId) -> Json:
    known = scene.zone.services.get(service)
    return {"id": service, "name": dict(known.name) if known else {}}


def _later(scene: Scene, ticket: TicketId) -> str | None:
    """Why the call that was announced comes later; None where it does not."""
    why = scene.outlook.later.get(ticket) if scene.outlook else None
    return why.value if why else None


def _unknown() -> Json:
    """A ticket that today has not seen: the page says that it is over, and shows nothing else."""
    return {"state": "unknown", "final": True, **dict.fromkeys(_OF_A_TICKET), "further": []}


def _place(scene: Scene) -> Json:
    zone = scene.zone
    return {
        "zone": zone.id,
        "name": dict(zone.name),
        "site": dict(zone.site),
        "time_zone": zone.time_zone.key,
        "day": scene.snapshot.day,
    }


def _estimates(scene: Scene) -> Json | None:
    """For staff: who says how long people wait, and as of when; null without a forecast that still holds."""
    said = scene.outlook
    return {"method": said.method or None, "as_of_ms": said.at_ms} if said else None


def _totals(scene: Scene) -> Json:
    """I6: issued = the sum of all the others."""
    return {"issued": scene.snapshot.issued_today(), **{s.value: n for s, n in scene.totals.items()}}


def _distinct(lines: list[Json]) -> list[Json]:
    """A list that survived a new epoch may hold two calls of one number at one seq: the newer stands."""
    return list({line["id"]: line for line in reversed(lines)}.values())[::-1]


_STATES: Mapping[View, Callable[[Scene], Json]] = {
    View.WAITS: waits,
    View.PUBLIC: public,
    View.LOBBY: lobby,
    View.DESK: desk,
}
