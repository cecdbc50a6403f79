"""What a kiosk's tickets look like: the very picture that its printer gets, of a ticket that nobody has."""

import asyncio
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.devices import MEDIA, PrinterPlace
from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.principal import STAFF
from queue_core.web.access import Endpoint, identified, public
from queue_core.web.address import client_address
from queue_core.web.device import is_local
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, not_found, unauthenticated
from queue_core.web.words import LANGUAGE_QUERY, direction, endonym, translations
from ticket_kiosk.offer import offered_languages
from ticket_kiosk.paper import LogoUnusable, PaperUnready, picture, style_of
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.receipt import Line, receipt

_SERVICE_QUERY = "service"
_KIND_QUERY = "kind"
_SPECIMEN_NUMBER = 47
_SPECIMEN_AHEAD = 4
_SPECIMEN_WAIT = {"p10_s": 900, "p50_s": 1200, "p90_s": 1500}
_SLOT_AFTER_MS = 80 * 60_000
#: As long as a real one, so that the code on paper is as fine.
_SPECIMEN_TICKET = TicketId("specimen-abc")


class Kind(StrEnum):
    TICKET = "ticket"
    APPOINTMENT = "appointment"
    COPY = "copy"
    EMERGENCY = "emergency"


def show(frame: Frame) -> Endpoint:
    @public
    async def show(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        await _require_insight(frame, request, kiosk)
        zone, service = kiosk.zone, _service(kiosk, request)
        context = {
            "kiosk": kiosk,
            "zone": zone,
            "service": service,
            "kind": _kind(request),
            "kinds": list(Kind),
            "offered": [(tag, endonym(tag), direction(tag)) for tag in offered_languages(kiosk, frame.languages)],
        }
        return frame.page(request, "paper.html", context)

    return show


def draw(frame: Frame) -> Endpoint:
    @public
    async def draw(request: Request) -> Response:
        kiosk = kiosk_in(frame, request)
        await _require_insight(frame, request, kiosk)
        printer = kiosk.place.printer or PrinterPlace("")
        lines = _specimen(frame, request, kiosk, printer)
        content = await asyncio.to_thread(_png, lines, printer, frame.devices.folder)
        return Response(content, 200, {"Cache-Control": "no-store"}, "image/png")

    return draw


async def _require_insight(frame: Frame, request: Request, kiosk: Kiosk) -> None:
    """Staff of its zone, and whoever sits at this machine."""
    if is_local(request.headers, client_address(request, frame.settings)):
        return
    principal = await identified(request)
    if principal is None or principal.role not in STAFF or not principal.may_enter(kiosk.zone.id):
        raise unauthenticated()


def _specimen(frame: Frame, request: Request, kiosk: Kiosk, printer: PrinterPlace) -> tuple[Line, ...]:
    zone, kind, language = kiosk.zone, _kind(request), _language(frame, request)
    now_ms = frame.hub.now_ms(zone.id)
    service = zone.services[_service(kiosk, request)]
    address = frame.absolute(f"{frame.links.path(zone.id, _SPECIMEN_TICKET)}?{LANGUAGE_QUERY}={language}")
    lent = kiosk.place.emergency_series if kind is Kind.EMERGENCY else None
    ticket: dict[str, Any] = {
        "number": zone.series[lent or service.series].number(_SPECIMEN_NUMBER),
        "service": service.id,
        "issued_ms": now_ms,
        "wait": _SPECIMEN_WAIT,
        "reason": None,
        "ahead": _SPECIMEN_AHEAD,
        "not_before_ms": now_ms + _SLOT_AFTER_MS if kind is Kind.APPOINTMENT else 0,
        "url": None if kind is Kind.EMERGENCY else address,
        "emergency": kind is Kind.EMERGENCY,
    }
    words = translations(frame.package, language)
    return receipt(ticket, zone, words, language, printer, copy=kind is Kind.COPY)


def _png(lines: tuple[Line, ...], printer: PrinterPlace, folder: str) -> bytes:
    try:
        drawn = picture(lines, style_of(printer, Path(folder) / MEDIA))
    except LogoUnusable as e:
        raise Problem(409, "logo_unusable", str(e)) from e
    except PaperUnready as e:
        raise Problem(503, "paper_unready", str(e)) from e
    content = BytesIO()
    drawn.save(content, "PNG")
    return content.getvalue()


def _service(kiosk: Kiosk, request: Request) -> ServiceId:
    """The one that is asked for, or the zone's first."""
    services = kiosk.zone.services
    asked = ServiceId(request.query_params.get(_SERVICE_QUERY) or next(iter(services)))
    if asked not in services:
        raise not_found("This kiosk has no such service.")
    return asked


def _kind(request: Request) -> Kind:
    try:
        return Kind(request.query_params.get(_KIND_QUERY, Kind.TICKET))
    except ValueError:
        raise not_found("There is no such kind of ticket.") from None


def _language(frame: Frame, request: Request) -> str:
    asked = request.query_params.get(LANGUAGE_QUERY, frame.languages[0])
    if asked not in frame.languages:
        raise not_found("Tickets are not printed in this language.")
    return asked
