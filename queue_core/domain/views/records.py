"""The records that views are made of. Every record of a kind always has the same fields, unknown ones are null."""

from enum import StrEnum
from typing import Any

from queue_core.domain.model import Call, Counter, CounterId, ServiceId, TicketId, TicketState
from queue_core.domain.views.last_moves import LastMove
from queue_core.domain.views.scene import Scene

Json = dict[str, Any]


class ServiceState(StrEnum):
    """Whether a ticket can be drawn, and if not, why."""

    OPEN = "open"
    STOPPED = "stopped"
    CLOSED = "closed"
    FULL = "full"


def service_state(scene: Scene, service: ServiceId) -> ServiceState:
    quota = scene.zone.services[service].quota
    if not scene.openings[service].is_open:
        return ServiceState.CLOSED
    if not scene.snapshot.services.get(service, True):
        return ServiceState.STOPPED
    return ServiceState.FULL if quota and scene.snapshot.issued.get(service, 0) >= quota else ServiceState.OPEN


def service_waits(scene: Scene, service: ServiceId) -> Json:
    opening, state = scene.openings[service], service_state(scene, service)
    return {
        "id": service,
        "name": dict(scene.zone.services[service].name),
        "state": state.value,
        "open": state is ServiceState.OPEN,
        "opens_ms": opening.opens_ms,
        "closes_ms": opening.closes_ms,
        "waiting": scene.waiting.get(service, 0),
        "counters_open": scene.counters_open[service],
        "ahead": scene.outlook.ahead.get(service) if scene.outlook else None,
        **wait_of(scene, service),
    }


def service_traffic(scene: Scene, service: ServiceId) -> Json:
    """What the waits tell, and the traffic of calls."""
    return {
        **service_waits(scene, service),
        "serving": scene.serving.get(service, 0),
        "last_called": scene.last_called.get(service),
    }


def wait_of(scene: Scene, whose: ServiceId | TicketId) -> Json:
    """The range for a newcomer to a service or for a waiting ticket; null, with a reason if there is one."""
    if scene.outlook is None:
        return {"wait": None, "reason": None}
    found = scene.outlook.services.get(ServiceId(whose)) or scene.outlook.tickets.get(TicketId(whose))
    reason = scene.outlook.reasons.get(whose)
    return {"wait": found.to_json() if found else None, "reason": reason.value if reason else None}


def counter_place(scene: Scene, counter: CounterId) -> Json:
    place, now = scene.zone.counters[counter], counter_now(scene, counter)
    held = scene.snapshot.tickets.get(now.ticket)
    return {
        "id": counter,
        "name": dict(place.name),
        "way": dict(place.way),
        "state": now.state.value,
        "number": held.number if held else None,
    }


def counter_desk(scene: Scene, counter: CounterId) -> Json:
    now = counter_now(scene, counter)
    held, move = scene.snapshot.tickets.get(now.ticket), scene.last_moves.get(counter)
    until_ms = move.at_ms + 1000 * scene.zone.rules.undo_s if move else 0
    return {
        **counter_place(scene, counter),
        "services": list(scene.at_work.counters[counter].services),
        "skills": list(scene.zone.counters[counter].services),
        "since_ms": now.since_ms,
        "reason": now.reason,
        "ticket": scene.drawn.of(held) if held else None,
        "undo": _undo(move, until_ms) if move else None,
    }


def _undo(move: LastMove, until_ms: int) -> Json:
    return {"type": move.type.value, "ticket": move.ticket, "number": move.number, "until_ms": until_ms}


def counter_now(scene: Scene, counter: CounterId) -> Counter:
    return scene.snapshot.counters.get(counter, Counter(counter))


def call_number(call: Call) -> Json:
    return {"id": _call_id(call), "number": call.number}


def call_line(scene: Scene, call: Call) -> Json:
    """`current`: the visitor is still expected at that counter."""
    ticket = scene.snapshot.tickets.get(call.ticket)
    expected = ticket is not None and ticket.state is TicketState.CALLED and ticket.counter == call.counter
    return {
        **call_number(call),
        "service": call.service,
        "counter": call.counter,
        "at_ms": call.at_ms,
        "recalls": call.recalls,
        "current": expected,
    }


def _call_id(call: Call) -> str:
    return f"{call.number}-{call.seq}"
