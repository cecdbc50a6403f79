"""One's own appointment, by its unguessable link: confirm it, move it, cancel it, check in.

A link that was never ours, an appointment that is over and one that was cancelled get the same answer.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from public_feed.appointments.choosing import NO_TIME, base_path, sent_time, take_ask, times_page
from queue_core.domain.booking_code import grouped
from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import CLOSED, Booking, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.engine import Once
from queue_core.mail.calendar import MEDIA_TYPE, Entry, appointment_file
from queue_core.mail.recipient import mail_address
from queue_core.web.access import Endpoint, public
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem, not_found
from queue_core.web.qr import qr_picture

_CANCELLED, _CONFIRMED, _MOVED = "cancelled", "confirmed", "moved"
_WRITTEN_TO, _FORGOTTEN = "written-to", "forgotten"
_NOT_KEPT = {"Cache-Control": "no-store"}
_NEWS = (_CONFIRMED, _MOVED, _WRITTEN_TO, _FORGOTTEN)


@dataclass(frozen=True, slots=True)
class _Mine:
    zone: Zone
    booking: Booking

    def once(self, key: str) -> Once:
        return Once(f"link {self.booking.id} {self.booking.made_ms}", key)


def look(frame: Frame) -> Endpoint:
    @public
    async def look(request: Request) -> Response:
        take_ask(frame, request)
        mine = await _mine(frame, request)
        if mine is None:
            return _over(frame, request)
        if mine.booking.used:
            return await _arrived(frame, request, mine)
        return await _page(frame, request, mine)

    return look


def now(frame: Frame) -> Endpoint:
    """What of the page changes while it is open. Not found: it shows what is no more so, and asks for itself anew."""

    @public
    async def now(request: Request) -> Response:
        mine = await _mine(frame, request)
        shown = request.query_params.get("slot") == str(mine.booking.slot_ms) if mine else False
        if mine is None or not shown or mine.booking.used or mine.booking.held_until_ms:
            raise not_found()
        return HTMLResponse(frame.fragment(request, "_now.html", _now(frame, request, mine)), headers=_NOT_KEPT)

    return now


def confirm(frame: Frame) -> Endpoint:
    @public
    async def confirm(request: Request) -> Response:
        require_own_site(request)
        mine = await _mine(frame, request)
        if mine is None:
            return _over(frame, request)
        typed = str((await request.form()).get("mail", "")).strip()
        address = mail_address(typed)
        if typed and address is None and frame.post.is_offered:
            return await _page(frame, request, mine, 422, fault="mail", typed=typed)
        try:
            await frame.appointments.confirm(mine.zone.id, mine.booking.id, mine.once("confirm"))
        except Refused as refused:
            return _refused(frame, request, mine, refused, base_path(mine.zone, mine.booking.service))
        if address and frame.post.is_offered:
            await frame.post.write_to(mine.zone.id, mine.booking, address, frame.language(request))
        return _back(request, _CONFIRMED)

    return confirm


def times(frame: Frame) -> Endpoint:
    """Other times for it; one that cannot be moved shows itself."""

    @public
    async def times(request: Request) -> Response:
        mine = await _mine(frame, request)
        if mine is None:
            return _over(frame, request)
        if mine.booking.used or not _changes_left(mine):
            return _back(request)
        return times_page(
            frame, request, mine.zone, mine.booking.service, request.url.path, moving=mine.booking.slot_ms
        )

    return times


def move(frame: Frame) -> Endpoint:
    @public
    async def move(request: Request) -> Response:
        require_own_site(request)
        take_ask(frame, request)
        mine = await _mine(frame, request)
        if mine is None:
            return _over(frame, request)
        slot_ms, key = await sent_time(request)
        try:
            await frame.appointments.move(mine.zone.id, mine.booking.id, slot_ms, mine.once(key))
        except Refused as refused:
            return _refused(frame, request, mine, refused, request.url.path, slot_ms)
        return _back(request, "" if mine.booking.held_until_ms else _MOVED)

    return move


def cancel(frame: Frame) -> Endpoint:
    @public
    async def cancel(request: Request) -> Response:
        require_own_site(request)
        mine = await _mine(frame, request)
        if mine is None:
            return _back(request, _CANCELLED)
        try:
            await frame.appointments.cancel(mine.zone.id, mine.booking.id, mine.once("cancel"))
        except Refused as refused:
            return _refused(frame, request, mine, refused, request.url.path)
        return _back(request, _CANCELLED)

    return cancel


def letters(frame: Frame) -> Endpoint:
    """To another address, or to none any more. Which one it was nobody is shown: the page may be somebody else's."""

    @public
    async def letters(request: Request) -> Response:
        require_own_site(request)
        take_ask(frame, request)
        mine = await _mine(frame, request)
        if mine is None:
            return _over(frame, request)
        if mine.booking.held_until_ms or mine.booking.used or not frame.post.is_offered:
            return _back(request)
        form = await request.form()
        if "forget" in form:
            await frame.post.forget(mine.zone.id, mine.booking)
            return _back(request, _FORGOTTEN)
        typed = str(form.get("mail", "")).strip()
        address = mail_address(typed)
        if address is None:
            return await _page(frame, request, mine, 422, fault="mail", typed=typed)
        if not await frame.post.change(mine.zone.id, mine.booking, address, frame.language(request)):
            return await _page(frame, request, mine, 429, fault="often", typed=typed)
        return _back(request, _WRITTEN_TO)

    return letters


def check_in(frame: Frame) -> Endpoint:
    """By phone, as at a kiosk: as early and as late as the zone allows."""

    @public
    async def check_in(request: Request) -> Response:
        require_own_site(request)
        mine = await _mine(frame, request)
        if mine is not None:
            try:
                await frame.engine.do(mine.zone.id, CheckIn(mine.booking.id), mine.once("check-in"))
            except Refused as refused:
                return _refused(frame, request, mine, refused, request.url.path)
        return _back(request)

    return check_in


def calendar(frame: Frame) -> Endpoint:
    @public
    async def calendar(request: Request) -> Response:
        take_ask(frame, request)
        mine = await _mine(frame, request)
        if mine is None or mine.booking.held_until_ms:
            return _over(frame, request)
        link = frame.absolute(frame.booking_links.path(mine.zone.id, mine.booking.id, mine.booking.made_ms))
        entry = Entry(mine.zone, mine.booking, link, frame.language(request), mine.booking.changes)
        headers = {"Content-Disposition": 'attachment; filename="appointment.ics"', "Cache-Control": "no-store"}
        file = await asyncio.to_thread(appointment_file, entry, frame.hub.now_ms(mine.zone.id))
        return Response(file, 200, headers, MEDIA_TYPE)

    return calendar


async def _mine(frame: Frame, request: Request) -> _Mine | None:
    try:
        own = frame.booking_links.read(request.path_params["link"])
        if own.zone not in frame.engine.office:
            return None
        booking = await frame.engine.booking(own.zone, own.booking)
    except (Problem, Refused):
        return None
    return _Mine(frame.engine.zone(own.zone), booking) if own.names(booking) else None


async def _page(frame: Frame, request: Request, mine: _Mine, status: int = 200, **more: Any) -> Response:
    booking, zone, now = mine.booking, mine.zone, _now(frame, request, mine)
    context = {
        **now,
        "service": zone.services.get(booking.service),
        "code": grouped(booking.id),
        "qr": qr_picture(frame.absolute(frame.booking_links.path_with_code(zone.id, booking.id, booking.made_ms))),
        "changes_left": _changes_left(mine),
        "mail_offered": frame.post.is_offered,
        "mailed": not booking.held_until_ms and await frame.post.knows(zone.id, booking),
        "reminds": await frame.post.will_remind(zone.id, booking, now["now_ms"]),
        "news": next((word for word in _NEWS if word in request.query_params), ""),
        "fault": "",
        "typed": "",
        **more,
    }
    template = "held.html" if booking.held_until_ms else "appointment.html"
    return with_forms(frame.page(request, template, context, status))


def _now(frame: Frame, request: Request, mine: _Mine) -> dict[str, Any]:
    """When the call comes, and since when one can say that one has come."""
    booking, zone = mine.booking, mine.zone
    return {
        "zone": zone,
        "booking": booking,
        "now_ms": frame.hub.now_ms(zone.id),
        "path_of_own": f"/a/{request.path_params['link']}",
        "check_in_from_ms": booking.slot_ms - 1000 * zone.rules.booking_earliest_s,
        "late_from_ms": booking.slot_ms + 1000 * zone.rules.booking_grace_s,
        "call": {
            "wait": frame.hub.expected(zone, booking.id),
            "reason": None,
            "not_before_ms": booking.slot_ms - 1000 * zone.rules.booking_lead_s,
        },
    }


async def _arrived(frame: Frame, request: Request, mine: _Mine) -> Response:
    """The ticket's own page takes over; for the moment until everybody knows of it there is a way to it."""
    ticket = await _ticket(frame, mine)
    if ticket is None or ticket.state in CLOSED:
        return _over(frame, request)
    path = frame.links.path(mine.zone.id, ticket.id)
    if ticket.id in frame.hub.snapshot(mine.zone.id).tickets and "ticket" in frame.assets.owners:
        return RedirectResponse(with_language(request, path), 303)
    return frame.page(request, "arrived.html", {"zone": mine.zone, "ticket": ticket, "path_of_ticket": path})


async def _ticket(frame: Frame, mine: _Mine) -> Ticket | None:
    try:
        return await frame.engine.ticket(mine.zone.id, TicketId(mine.booking.used))
    except Refused:
        return None


def _refused(
    frame: Frame, request: Request, mine: _Mine, refused: Refused, times_path: str, slot_ms: int = 0
) -> Response:
    """Another time is offered where that helps; else the page shows how it is now."""
    if refused.code not in NO_TIME or (refused.code is Refusal.HOLD_LAPSED and slot_ms):
        return _back(request)
    moving = mine.booking.slot_ms if slot_ms else None
    taken_ms, crowded = slot_ms or mine.booking.slot_ms, refused.code is Refusal.HOLDS_EXHAUSTED
    return times_page(
        frame, request, mine.zone, mine.booking.service, times_path, taken_ms=taken_ms, crowded=crowded, moving=moving
    )


def _over(frame: Frame, request: Request) -> Response:
    return frame.page(request, "over.html", {"cancelled": _CANCELLED in request.query_params}, 404)


def _back(request: Request, news: str = "") -> Response:
    path = f"/a/{request.path_params['link']}"
    return RedirectResponse(with_language(request, f"{path}?{news}" if news else path), 303)


def _changes_left(mine: _Mine) -> int:
    rules = mine.zone.appointments
    most = rules.changes_most if rules and mine.booking.service in rules.services else 0
    return most if mine.booking.held_until_ms else max(0, most - mine.booking.changes)
