"""Appointments: list, book, move, cancel, check in."""

from starlette.responses import Response

from queue_core.domain.booking_code import grouped
from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn, MoveBooking
from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import Booking, BookingId, ClassId, ServiceId, Within
from queue_core.domain.office import Zone
from queue_core.domain.principal import STAFF, Role
from queue_core.domain.views.expected import of_today
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response
from queue_core.web.api.kiosk import require_in_service
from queue_core.web.api.replies import Done, Reply
from queue_core.web.call import Call
from queue_core.web.operation import Operation

TAG = "appointments"
_BOOKINGS = "/api/v1/zones/{zone}/bookings"
_BOOKING = f"{_BOOKINGS}/{{booking}}"
_EXAMPLE_SLOT = "2030-03-04T09:30:00+01:00"
_NO_PLACE = (R.NOT_BOOKABLE, R.TOO_SHORT_NOTICE, R.SLOT_FULL, R.SLOT_BLOCKED)


class ExpectedBooking(Reply):
    """`code`: the id as people read it."""

    id: str
    code: str
    service: str
    visitor_class: str
    slot_at: str


class BookingList(Reply):
    bookings: list[ExpectedBooking]


async def expected_today(call: Call) -> Response:
    """Whoever may check in for others may know the ids; no view tells them."""
    zone = call.in_zone
    today = sorted(of_today(call.frame.hub.snapshot(zone.id)), key=lambda b: (b.slot_ms, b.id))
    return json_response({"bookings": [_expected(zone, booking) for booking in today]})


def _expected(zone: Zone, booking: Booking) -> dict[str, str]:
    return {
        "id": booking.id,
        "code": grouped(booking.id),
        "service": booking.service,
        "visitor_class": booking.visitor_class,
        "slot_at": iso(zone, booking.slot_ms),
    }


async def book(call: Call) -> Response:
    """Of the appointments' own class, where the zone gives any."""
    body: asked.BookSlot = call.body
    rules = call.in_zone.appointments
    visitor_class = ClassId(body.visitor_class or (rules.visitor_class if rules else call.in_zone.default_class))
    service, slot_ms = ServiceId(body.service), asked.epoch_ms(body.slot_at)
    command = Book(BookingId(body.booking or ""), service, visitor_class, slot_ms, _within(body.only_free))
    return done(call, await call.frame.appointments.run(call.in_zone.id, command, call.once), status=201)


def _within(only_free: bool) -> Within | None:
    return Within.FREE if only_free else None


async def move(call: Call) -> Response:
    body: asked.MoveSlot = call.body
    command = MoveBooking(BookingId(call.path("booking")), asked.epoch_ms(body.slot_at), _within(body.only_free))
    return done(call, await call.frame.appointments.run(call.in_zone.id, command, call.once))


async def cancel(call: Call) -> Response:
    return done(call, await call.do(CancelBooking(BookingId(call.path("booking")))))


async def check_in(call: Call) -> Response:
    await require_in_service(call)
    return done(call, await call.do(CheckIn(BookingId(call.path("booking")))), status=201)


OPERATIONS = (
    Operation(
        "GET",
        _BOOKINGS,
        expected_today,
        "Today's appointments whose visitors have not checked in yet",
        STAFF,
        reply=BookingList,
        tag=TAG,
    ),
    Operation(
        "POST",
        _BOOKINGS,
        book,
        "Book an appointment",
        STAFF,
        request=asked.BookSlot,
        reply=Done,
        status=201,
        command=True,
        refusals=(R.UNKNOWN_SERVICE, R.UNKNOWN_CLASS, R.BOOKING_EXISTS, *_NO_PLACE),
        example={"service": "new", "slot_at": _EXAMPLE_SLOT},
        tag=TAG,
    ),
    Operation(
        "POST",
        f"{_BOOKING}/move",
        move,
        "Move an appointment to another time",
        STAFF,
        request=asked.MoveSlot,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_BOOKING, R.BOOKING_USED, *_NO_PLACE),
        example={"slot_at": _EXAMPLE_SLOT},
        tag=TAG,
    ),
    Operation(
        "POST",
        f"{_BOOKING}/cancel",
        cancel,
        "Cancel an appointment",
        STAFF,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_BOOKING, R.BOOKING_USED),
        tag=TAG,
    ),
    Operation(
        "POST",
        f"{_BOOKING}/check-in",
        check_in,
        "The visitor of an appointment is here: draw the ticket",
        STAFF | {Role.DEVICE},
        request=asked.Nothing,
        reply=Done,
        status=201,
        command=True,
        refusals=(R.UNKNOWN_BOOKING, R.BOOKING_USED, R.BOOKING_UNCONFIRMED, R.BOOKING_TOO_EARLY, R.SERIES_FULL),
        tag=TAG,
    ),
)
