"""A lost ticket printed again, at the wish of staff: the agent beside a printer is told, and the paper says "copy"."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
from pydantic import Field
from starlette.responses import Response

from queue_core.domain.alarms import KIOSK_SILENT_MS
from queue_core.domain.attendance import DeviceKind
from queue_core.domain.calendar import iso
from queue_core.domain.devices import KioskPlace, PrinterPlace
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import IN_THE_HOUSE, Ticket, TicketId
from queue_core.domain.orders import Order, OrderName, OrderState
from queue_core.domain.principal import STAFF
from queue_core.domain.views.scene import Scene
from queue_core.domain.views.states import own
from queue_core.watch.attending import Present
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import json_response
from queue_core.web.api.replies import Reply
from queue_core.web.call import Call
from queue_core.web.operation import Operation
from queue_core.web.problems import Problem
from queue_core.web.words import LANGUAGE_QUERY, languages, translations
from ticket_kiosk.receipt import Line, receipt

_PACKAGE = __name__.partition(".")[0]
_PATH = "/api/v1/zones/{zone}/tickets/{ticket}/print"
_UNDER_WAY = frozenset({OrderState.WAITING, OrderState.HANDED})


class PrintTicket(asked.Request):
    kiosk: asked.Id | None = Field(default=None, description="Where the paper comes out; any that can without it.")
    language: asked.Id | None = Field(default=None, description="Of the paper; the zone's first without it.")


class PrintReply(Reply):
    """`order`: what the kiosk's agent was told; the device page shows what became of it."""

    order: str
    kiosk: str


async def print_ticket(call: Call) -> Response:
    body: PrintTicket = call.body
    ticket = await call.frame.engine.ticket(call.in_zone.id, TicketId(call.path("ticket")))
    known = await _orders(call)
    assert call.once is not None
    for kiosk, order in known:
        if _value(order).get("once") == call.once.digest():
            return _told(kiosk, order)
    if ticket.state not in IN_THE_HOUSE:
        raise Refused(Refusal.WRONG_STATE, {"state": ticket.state.value})
    if any(_is_copied(ticket, order) for _, order in known):
        raise _under_way()
    agent = await _agent(call, body.kiosk)
    printer = call.frame.devices.kiosks[agent.name.id].printer
    lines = await _lines(call, ticket, body.language or _first_language(call), printer)
    once = call.once.digest()
    value = {"ticket": ticket.id, "once": once, "lines": orjson.loads(orjson.dumps(lines))}
    order = await call.frame.attendance.command(
        DeviceKind.AGENT, agent.name.id, OrderName.REPRINT, value, call.by.id, lambda given: _is_copied(ticket, given)
    )
    if _value(order).get("once") != once:
        raise _under_way()
    return _told(agent.name.id, order)


def _is_copied(ticket: Ticket, order: Order) -> bool:
    return _value(order).get("ticket") == ticket.id and order.state in _UNDER_WAY


def _under_way() -> Problem:
    return Problem(409, "copy_under_way", "A copy of this ticket is being printed already.")


def _told(kiosk: str, order: Order) -> Response:
    return json_response({"order": order.id, "kiosk": kiosk}, 202)


def _value(order: Order) -> Any:
    return order.value if order.name is OrderName.REPRINT else {}


async def _orders(call: Call) -> list[tuple[str, Order]]:
    return [(agent.name.id, order) for agent in await _agents(call) for order in agent.orders]


async def _agents(call: Call) -> list[Present]:
    """Of this zone's kiosks."""
    present = await call.frame.attendance.present()
    return [one for one in present if one.name.kind is DeviceKind.AGENT and call.in_zone.id in one.zones]


async def _agent(call: Call, kiosk: str | None) -> Present:
    """One that can print now. Raises `Problem` with the reason of the one that came nearest."""
    places = call.frame.devices.kiosks
    if kiosk is not None and (kiosk not in places or call.in_zone.id not in places[kiosk].zones):
        raise Problem(404, "unknown_kiosk", "This zone has no such kiosk.", kiosk=kiosk)
    agents = [one for one in await _agents(call) if kiosk in (None, one.name.id) and _prints(places[one.name.id], one)]
    if not agents:
        raise Problem(409, "no_printer", "No kiosk of this zone has a printer.", kiosk=kiosk)
    awake = [one for one in agents if call.frame.attendance.is_heard(one.attendance, KIOSK_SILENT_MS)]
    if not awake:
        raise _away(call, max(agents, key=lambda one: one.attendance.seen_ms))
    ready = [one for one in awake if not list(_troubles(one))]
    if not ready:
        raise Problem(
            409,
            "printer_not_ready",
            "The printer cannot print now.",
            kiosk=awake[0].name.id,
            reason=next(_troubles(awake[0])),
        )
    return ready[0]


def _prints(place: KioskPlace, agent: Present) -> bool:
    return place.printer is not None or bool(agent.attendance.facts.get("printer"))


def _away(call: Call, agent: Present) -> Problem:
    seen_ms = agent.attendance.seen_ms
    return Problem(
        409,
        "agent_away",
        "The agent beside the printer has not been heard of for a minute.",
        kiosk=agent.name.id,
        seen_at=iso(call.in_zone, seen_ms) if seen_ms else None,
    )


def _troubles(agent: Present) -> Iterator[str]:
    """Why its printer would refuse, as it said last."""
    said = agent.attendance.facts.get("printer") or {}
    if not said.get("online"):
        yield "offline"
    if said.get("cover_open"):
        yield "cover"
    if said.get("paper") == "out":
        yield "out"
    if said.get("fault"):
        yield "fault"


def _first_language(call: Call) -> str:
    spoken = languages(_PACKAGE)
    return next((language for language in call.in_zone.languages if language in spoken), spoken[0])


async def _lines(call: Call, ticket: Ticket, language: str, printer: PrinterPlace | None) -> tuple[Line, ...]:
    """As the queue stands now."""
    if language not in languages(_PACKAGE):
        raise Problem(422, "unknown_language", "Tickets are not printed in this language.", language=language)
    zone, frame = call.in_zone, call.frame
    snapshot, now_ms = await frame.engine.read(zone.id)
    told = own(Scene.at(zone, snapshot, frame.hub.forecast(zone.id), now_ms), ticket.id)
    address = frame.absolute(f"{frame.links.path(zone.id, ticket.id)}?{urlencode({LANGUAGE_QUERY: language})}")
    shown = {
        **told,
        "number": ticket.number,
        "service": ticket.service,
        "further": ticket.further,
        "issued_ms": ticket.issued_ms,
        "not_before_ms": ticket.not_before_ms,
        "url": address,
        "state": ticket.state.value,
        "told_ms": now_ms,
    }
    return receipt(shown, zone, translations(_PACKAGE, language), language, printer, copy=True)


OPERATIONS = (
    Operation(
        "POST",
        _PATH,
        print_ticket,
        "Print a copy of a ticket",
        STAFF,
        request=PrintTicket,
        reply=PrintReply,
        status=202,
        command=True,
        refusals=(Refusal.UNKNOWN_TICKET, Refusal.WRONG_STATE),
        example={"kiosk": "entrance"},
        tag="tickets",
    ),
)
