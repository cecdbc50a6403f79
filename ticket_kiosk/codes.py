"""What a visitor holds under the scanner or types: an appointment's code, the ticket drawn before, or the number of
one that was drawn at home.

Whatever is neither gets one and the same answer, and nobody may try many. It is an answer like the others, no error:
mistyped codes are part of every day.
"""

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from queue_core.domain.booking_code import normalised, spelled
from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import EventType
from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.views.scene import Scene
from queue_core.engine import Once
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.problems import Problem, unauthenticated
from queue_core.web.reading import once, read_body
from queue_core.web.throttle import Throttle
from ticket_kiosk.coming_back import CONFIRMED, come_back, waiting_under
from ticket_kiosk.drawing import LetThrough, ticket_of
from ticket_kiosk.place import Kiosk, kiosk_in
from ticket_kiosk.service import require_in_service
from ticket_kiosk.trust import drawer, own_part

#: A kiosk's queue of honest people shows far fewer; a code has more possibilities than anybody tries at this pace.
CODES_PER_MINUTE = 20
_OWN_PAGE = "/t/"
_BOOKING_MOST = 64
#: What whoever types a number learns of it: anybody can read one off somebody's paper.
_OF_ANY_NUMBER = ("kind", "zone", "number")

Told = dict[str, Any]


class Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    code: Annotated[str, StringConstraints(min_length=1, max_length=400)]


def submit(frame: Frame) -> Endpoint:
    tries, let_through = Throttle(CODES_PER_MINUTE), LetThrough()

    @public
    async def submit(request: Request) -> Response:
        require_own_site(request)
        kiosk = await own_part(frame, request, kiosk_in(frame, request))
        by = await drawer(frame, request, kiosk) if kiosk else None
        if kiosk is None or by is None:
            raise unauthenticated()
        tries.take(by)
        asked = await read_body(request, Shown)
        assert isinstance(asked, Shown)
        repeatable = Once(by, once(request, None).key)
        if not let_through.knows(repeatable):
            await require_in_service(frame, kiosk)
            let_through.remember(repeatable)
        told = await _told(frame, request, kiosk, asked.code.strip(), repeatable)
        return Response(orjson.dumps(told), 201 if told["kind"] == "checked_in" else 200, media_type="application/json")

    return submit


async def _told(frame: Frame, request: Request, kiosk: Kiosk, code: str, repeatable: Once) -> Told:
    ticket = _ticket(frame, kiosk, code)
    if ticket:
        zone, ticket_id = ticket
        return await come_back(frame, zone, ticket_id, repeatable)
    for booking in _bookings(code):
        for zone in kiosk.zones:
            told = await _checked_in(frame, request, zone, booking, repeatable)
            if told:
                return told
    for zone in kiosk.zones:
        if waiting := await waiting_under(frame, zone, code):
            told = await come_back(frame, zone, waiting, repeatable)
            return told if told["kind"] == CONFIRMED else {part: told[part] for part in _OF_ANY_NUMBER if part in told}
    return {"kind": "unknown"}


def _bookings(code: str) -> list[BookingId]:
    """What the code may be: as people are given it, and as another program may have made it."""
    known = normalised(code)
    return list(dict.fromkeys([*([known] if known else []), BookingId(spelled(code)[:_BOOKING_MOST])]))


def _ticket(frame: Frame, kiosk: Kiosk, code: str) -> tuple[Zone, TicketId] | None:
    """The ticket whose own page's address this is."""
    link = code.rpartition(_OWN_PAGE)[2].partition("?")[0].partition("#")[0].strip("/")
    try:
        own = frame.links.read(link)
    except Problem:
        return None
    return next(((zone, own.ticket) for zone in kiosk.zones if zone.id == own.zone), None)


async def _checked_in(frame: Frame, request: Request, zone: Zone, booking: BookingId, repeatable: Once) -> Told | None:
    """None where the zone has no such appointment."""
    try:
        outcome = await frame.engine.do(zone.id, CheckIn(booking), repeatable)
    except Refused as refused:
        return await _not_checked_in(frame, zone, refused, repeatable)
    checked_in = next(event.data for event in outcome.events if event.type is EventType.CHECKED_IN)
    appointment = {"late": bool(checked_in.get("late")), "slot_ms": checked_in["slot_ms"]}
    place = await _place(frame, zone, TicketId(checked_in["ticket"]))
    told = ticket_of(frame, request, kiosk_in(frame, request), zone, outcome, **appointment, **place)
    return {"kind": "checked_in", **told}


async def _place(frame: Frame, zone: Zone, ticket: TicketId) -> Told:
    """Appointments have a queue order of their own: a newcomer's place is not theirs."""
    snapshot, now_ms = await frame.engine.read(zone.id)
    scene = Scene.at(frame.engine.zone(zone.id), snapshot, frame.hub.forecast(zone.id), now_ms)
    return {"ahead": scene.ahead_of(ticket)}


async def _not_checked_in(frame: Frame, zone: Zone, refused: Refused, repeatable: Once) -> Told | None:
    details = refused.details
    match refused.code:
        case Refusal.UNKNOWN_BOOKING:
            return None
        case Refusal.BOOKING_UNCONFIRMED:
            return {"kind": "unconfirmed", "zone": zone.id, "slot_ms": details["slot_ms"]}
        case Refusal.BOOKING_TOO_EARLY:
            return {"kind": "early", "zone": zone.id, "slot_ms": details["slot_ms"], "from_ms": details["from_ms"]}
        case Refusal.BOOKING_USED:
            return {**await come_back(frame, zone, TicketId(details["ticket"]), repeatable), "used": True}
        case _:
            raise refused
