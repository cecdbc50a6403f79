"""What a kiosk's agent gets from the server to go on without it: what it must know, and numbers ahead of time."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.calendar import BusinessDay, business_day, opening_ms
from queue_core.domain.commands import ReserveNumbers
from queue_core.domain.devices import MEDIA, PrinterPlace
from queue_core.domain.events import EventType
from queue_core.domain.office import Zone
from queue_core.domain.principal import Role
from queue_core.domain.views.view import View
from queue_core.web.access import Endpoint, principal_of, requires
from queue_core.web.api.answers import json_response
from queue_core.web.assets import OWNER_OF_FRAME
from queue_core.web.face import Frame
from queue_core.web.problems import Problem
from queue_core.web.reading import once
from ticket_kiosk.place import Kiosk
from ticket_kiosk.service import is_out_of_service
from ticket_kiosk.trust import kiosk_of
from ticket_kiosk.uploading import upload

_STOPPED = "stopped"


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/kiosk/{kiosk}/emergency", emergency(frame)),
        Route("/kiosk/{kiosk}/blocks", lend(frame), methods=["POST"]),
        Route("/kiosk/{kiosk}/uploads", upload(frame), methods=["POST"]),
    ]


def emergency(frame: Frame) -> Endpoint:
    """All that the agent needs for a ticket of its own, and the files of the kiosk's page."""

    @requires(Role.DEVICE)
    async def emergency(request: Request) -> Response:
        kiosk = kiosk_of(frame, request)
        return json_response({**_document(frame, kiosk), "out_of_service": await is_out_of_service(frame, kiosk)})

    return emergency


def lend(frame: Frame) -> Endpoint:
    @requires(Role.DEVICE)
    async def lend(request: Request) -> Response:
        kiosk = kiosk_of(frame, request)
        series = kiosk.place.emergency_series
        if series not in kiosk.zone.series:
            raise Problem(409, "nothing_lent", "No emergency series is configured for this kiosk.")
        command = ReserveNumbers(series, kiosk.place.emergency_block, f"kiosk {kiosk.place.id}")
        outcome = await frame.engine.do(kiosk.zone.id, command, once(request, principal_of(request)))
        lent = next(event for event in outcome.events if event.type is EventType.NUMBERS_RESERVED)
        day = business_day(kiosk.zone, lent.at_ms).day.isoformat()
        block = {name: lent.data[name] for name in ("series", "first", "last")}
        named = kiosk.zone.series[series]
        told = {**block, "zone": kiosk.zone.id, "prefix": named.prefix, "digits": named.digits, "day": day}
        return json_response(told, status=201)

    return lend


def _document(frame: Frame, kiosk: Kiosk) -> dict[str, Any]:
    zone, series = kiosk.zone, kiosk.zone.series.get(kiosk.place.emergency_series)
    now_ms = frame.hub.now_ms(zone.id)
    day = business_day(zone, now_ms)
    return {
        "kiosk": kiosk.place.id,
        "build": frame.assets.build,
        "zones": [each.id for each in kiosk.zones],
        "now_ms": now_ms,
        "rate": frame.engine.clock(zone.id).rate,
        "day": day.day.isoformat(),
        "day_to_ms": day.to_ms,
        "series": series and series.id,
        "block": kiosk.place.emergency_block,
        "zone": _zone(frame, zone, day),
        "printer": kiosk.place.printer and _printer(kiosk.place.printer, frame.devices.folder),
        "files": frame.assets.urls(OWNER_OF_FRAME, frame.face),
    }


def _zone(frame: Frame, zone: Zone, day: BusinessDay) -> dict[str, Any]:
    """Today's hours and tomorrow's: an outage may last over the night."""
    records = {s["id"]: s["state"] for s in orjson.loads(frame.hub.state(zone.id, View.WAITS))["services"]}
    days = (day, business_day(zone, day.to_ms))
    services = [
        {
            "id": service.id,
            "name": dict(service.name),
            "stopped": records.get(service.id) == _STOPPED,
            "hours": [
                list(interval) for each in days for interval in opening_ms(zone, zone.hours_of(service.id), each)
            ],
        }
        for service in zone.services.values()
    ]
    named = {"name": dict(zone.name), "site": dict(zone.site), "time_zone": zone.time_zone.key}
    return {"id": zone.id, **named, "services": services}


def _printer(printer: PrinterPlace, folder: str) -> dict[str, Any]:
    logo = Path(folder) / MEDIA / printer.logo
    return {
        "address": printer.address,
        "width_dots": printer.width_dots,
        "head": dict(printer.head),
        "foot": dict(printer.foot),
        "logo": b64encode(logo.read_bytes()).decode() if printer.logo and logo.is_file() else "",
    }
