"""The pages: a day, the choice of a time, one appointment. Each form is a command of the engine and a redirect."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from display_server.appointments.choosing import choosing
from display_server.appointments.day import day_view, name_of, state_of
from display_server.appointments.entry import Span, bookable, day_of, fresh_key, invalid, once_for, slot_of
from queue_core.domain.booking_code import grouped
from queue_core.domain.booking_commands import CancelBooking, CheckIn, ConfirmBooking, UnblockSlots
from queue_core.domain.calendar import business_day, local_time
from queue_core.domain.commands import Command
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import BlockId, Booking, BookingId, ServiceId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, Principal
from queue_core.domain.slots import day_slots, length_ms
from queue_core.mail.recipient import mail_address
from queue_core.web.access import principal_of
from queue_core.web.frame import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import STATUS, not_found
from queue_core.web.qr import qr_picture
from queue_core.web.words import LANGUAGE_QUERY

_SEARCHED_DAYS = 31
_COUNT_DIGITS_MOST = 6
_MORNING, _EVENING = "08:00", "16:00"
_VERBS: Mapping[str, type[CancelBooking] | type[CheckIn] | type[ConfirmBooking]] = MappingProxyType(
    {"cancel": CancelBooking, "check-in": CheckIn, "confirm": ConfirmBooking}
)


class _Page:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def _zone(self, request: Request) -> Zone:
        return self._frame.engine.zone(request.path_params["zone"])

    def _now_ms(self, zone: Zone) -> int:
        return self._frame.hub.now_ms(zone.id)

    def _today(self, zone: Zone) -> date:
        return business_day(zone, self._now_ms(zone)).day

    def _render(self, request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        return with_forms(self._frame.page(request, template, context, status))

    async def _note(self, request: Request, what: str, about: str) -> None:
        await self._frame.identity.note(principal_of(request).id, what, about)

    @staticmethod
    def _to(request: Request, path: str, **query: str) -> Response:
        return RedirectResponse(with_language(request, f"{path}?{urlencode(query)}" if query else path), 303)


class DayPage(_Page):
    def zones(self, staff: Principal) -> list[Zone]:
        return [self._frame.engine.zone(zone) for zone in self._frame.engine.office if staff.may_enter(zone)]

    async def show(self, request: Request) -> Response:
        return self.page(request)

    def page(self, request: Request, status: int = 200, **more: Any) -> Response:
        """`more` is what became of a form on it."""
        zone, asked = self._zone(request), request.query_params
        today = self._today(zone)
        day, service = day_of(asked.get("day", ""), "day", today), bookable(zone, asked.get("service", ""))
        found, now_ms = self._frame.appointments.day(zone.id, day), self._now_ms(zone)
        view = day_view(zone, found, self._frame.hub.snapshot(zone.id), now_ms, service)
        staff = principal_of(request)
        context = {
            "zone": zone,
            "zones": self.zones(staff),
            "view": view,
            "chief": staff.role in CHIEFS,
            "service": service,
            "now_ms": now_ms,
            "today": today,
            "before": view.day.day - timedelta(days=1),
            "after": view.day.day + timedelta(days=1),
            "any_slots": any(of.slots for of in found.services),
            "lang_asked": asked.get(LANGUAGE_QUERY, ""),
            "span": _whole(zone, view.day.day),
            "holiday": self._frame.site.holidays.get(view.day.day),
            "next_open": None if view.rows else _next_open(zone, view.day.day),
            "key": fresh_key(),
            "did": asked.get("did", ""),
            "count": _count(asked.get("count", "")),
            "fault": "",
            "faults": (),
        }
        return self._render(request, "day.html", {**context, **more}, status)

    async def find(self, request: Request) -> Response:
        zone = self._zone(request)
        try:
            booking = await self._frame.appointments.find(zone.id, str((await request.form()).get("code", "")))
        except Refused as e:
            return self.page(request, STATUS[e.code], fault="unknown_booking")
        return self._to(request, f"/bookings/{zone.id}/at/{booking.id}")

    async def block(self, request: Request) -> Response:
        zone, form = self._zone(request), await request.form()
        span = Span.of(form)
        command = span.command(zone)
        if command is None:
            return self.page(request, 422, fault="span", span=span)
        outcome = await self._frame.engine.do(zone.id, command, once_for(request, form))
        await self._note(request, "slots_blocked", f"{zone.id} {outcome.events[-1].data['block']}")
        day = business_day(zone, command.from_ms).day
        return self._to(request, f"/bookings/{zone.id}", day=day.isoformat(), did="blocked")

    async def unblock(self, request: Request) -> Response:
        zone, form = self._zone(request), await request.form()
        block, day = str(form.get("block", "")), day_of(str(form.get("day", "")), "day", self._today(zone))
        try:
            await self._frame.engine.do(zone.id, UnblockSlots(BlockId(block)), once_for(request, form, block))
            await self._note(request, "slots_unblocked", f"{zone.id} {block}")
        except Refused as e:
            if e.code is not Refusal.UNKNOWN_BLOCK:
                raise
        return self._to(request, f"/bookings/{zone.id}", day=day.isoformat(), did="unblocked")


class ChoicePage(_Page):
    async def show(self, request: Request) -> Response:
        return self._choose(request)

    async def show_move(self, request: Request) -> Response:
        return self._choose(request, await self._booking(request))

    async def book(self, request: Request) -> Response:
        zone, form = self._zone(request), await request.form()
        service, slot_ms = bookable(zone, str(form.get("service", ""))), slot_of(str(form.get("slot", "")))
        if service is None:
            raise invalid("service")
        once = once_for(request, form, service, slot_ms)
        try:
            outcome = await self._frame.appointments.book_for(zone.id, service, slot_ms, once)
        except Refused as e:
            return self._choose(request, refused=_about(e, service, slot_ms))
        return self._to(request, f"/bookings/{zone.id}/at/{outcome.events[-1].data['booking']}", did="booked")

    async def move(self, request: Request) -> Response:
        zone, form, booking = self._zone(request), await request.form(), await self._booking(request)
        slot_ms = slot_of(str(form.get("slot", "")))
        once = once_for(request, form, booking.id, slot_ms)
        try:
            await self._frame.appointments.move_for(zone.id, booking.id, slot_ms, once)
        except Refused as e:
            return self._choose(request, booking, _about(e, booking.service, slot_ms))
        return self._to(request, f"/bookings/{zone.id}/at/{booking.id}", did="moved")

    def _choose(self, request: Request, moving: Booking | None = None, refused: Refused | None = None) -> Response:
        context = choosing(self._frame, request, self._zone(request), moving, refused)
        return self._render(request, "choose.html", context, STATUS[refused.code] if refused else 200)

    async def _booking(self, request: Request) -> Booking:
        return await self._frame.engine.booking(ZoneId(request.path_params["zone"]), _id(request))


class BookingPage(_Page):
    async def show(self, request: Request) -> Response:
        return await self._show(request)

    async def do(self, request: Request) -> Response:
        """Cancels, checks in or confirms."""
        zone, form, verb, booking = self._zone(request), await request.form(), request.path_params["verb"], _id(request)
        if verb not in _VERBS:
            raise not_found()
        command: Command = _VERBS[verb](booking)
        try:
            await self._frame.appointments.run(zone.id, command, once_for(request, form, verb, booking))
        except Refused as e:
            if e.code is Refusal.UNKNOWN_BOOKING:
                raise
            return await self._show(request, STATUS[e.code], refused=e)
        if verb == "cancel":
            day = day_of(str(form.get("day", "")), "day", self._today(zone))
            return self._to(request, f"/bookings/{zone.id}", day=day.isoformat(), did="cancelled")
        return self._to(request, f"/bookings/{zone.id}/at/{booking}", did=verb)

    async def letters(self, request: Request) -> Response:
        """To another address of the visitor's, or to none any more. The audit names no address."""
        zone, form, post = self._zone(request), await request.form(), self._frame.post
        booking = await self._frame.engine.booking(zone.id, _id(request))
        here = f"/bookings/{zone.id}/at/{booking.id}"
        if booking.held_until_ms or booking.used or not post.is_offered:
            return self._to(request, here)
        if "forget" in form:
            await post.forget(zone.id, booking)
            await self._note(request, "mail_address_erased", zone.id)
            return self._to(request, here, did="forgotten")
        typed = str(form.get("mail", "")).strip()
        address = mail_address(typed)
        if address is None:
            return await self._show(request, 422, fault="mail", typed=typed)
        if not await post.change(zone.id, booking, address, self._frame.language(request)):
            return await self._show(request, 429, fault="often", typed=typed)
        await self._note(request, "mail_address_changed", zone.id)
        return self._to(request, here, did="written-to")

    async def _show(
        self, request: Request, status: int = 200, refused: Refused | None = None, fault: str = "", typed: str = ""
    ) -> Response:
        zone = self._zone(request)
        booking = await self._frame.engine.booking(zone.id, _id(request))
        ticket = await self._frame.engine.ticket(zone.id, booking.used) if booking.used else None
        now_ms, rules, code = self._now_ms(zone), zone.rules, grouped(booking.id)
        own = self._frame.booking_links.path_with_code(zone.id, booking.id, booking.made_ms)
        context = {
            "zone": zone,
            "booking": booking,
            "code": code,
            "name": name_of(zone, booking.service),
            "state": state_of(zone, booking, ticket, now_ms),
            "number": ticket.number if ticket else "",
            "day": business_day(zone, booking.slot_ms).day,
            "check_in_ms": booking.slot_ms - 1000 * rules.booking_earliest_s,
            "grace_ms": booking.slot_ms + 1000 * rules.booking_grace_s,
            "now_ms": now_ms,
            "qr": qr_picture(self._frame.absolute(own)),
            "key": fresh_key(),
            "did": request.query_params.get("did", ""),
            "refused": refused,
            "mail_offered": self._frame.post.is_offered and not (booking.held_until_ms or booking.used),
            "mailed": await self._frame.post.knows(zone.id, booking),
            "fault": fault,
            "typed": typed,
        }
        return self._render(request, "appointment.html", context, status)


def _id(request: Request) -> BookingId:
    return BookingId(request.path_params["booking"])


def _about(refused: Refused, service: ServiceId, slot_ms: int) -> Refused:
    """With what was asked for, whatever the refusal names."""
    return Refused(refused.code, {**refused.details, "service": service, "slot_ms": slot_ms})


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _COUNT_DIGITS_MOST else 0


def _whole(zone: Zone, day: date) -> Span:
    """From the day's first appointment to the end of its last; a day without any from morning to evening."""
    services = zone.appointments.services if zone.appointments else ()
    begins = [(at_ms, length_ms(zone, s)) for s in services for at_ms in day_slots(zone, s, day).begins_ms]
    if not begins:
        return Span(day.isoformat(), _MORNING, day.isoformat(), _EVENING)
    first = local_time(zone, min(at_ms for at_ms, _ in begins))
    last = local_time(zone, max(at_ms + long_ms for at_ms, long_ms in begins))
    return Span(first.date().isoformat(), f"{first:%H:%M}", last.date().isoformat(), f"{last:%H:%M}")


def _next_open(zone: Zone, day: date) -> date | None:
    services = zone.appointments.services if zone.appointments else ()
    ahead = (day + timedelta(days=n) for n in range(1, _SEARCHED_DAYS + 1))
    return next((d for d in ahead if any(day_slots(zone, s, d).begins_ms for s in services)), None)
