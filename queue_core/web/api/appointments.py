"""Appointments of visitors, by their own links: free times, hold one, confirm, move, cancel. Nobody logs in for it."""

import re
from contextlib import suppress
from datetime import date

from starlette.responses import Response

from queue_core.appointments import ASKED_DAYS_MOST, FreeDay
from queue_core.domain.booking_code import grouped
from queue_core.domain.calendar import iso
from queue_core.domain.errors import Refusal as R
from queue_core.domain.errors import Refused
from queue_core.domain.model import Booking, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.slots import earliest_ms, last_day, length_ms
from queue_core.engine import Once
from queue_core.web.address import client_address
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response, moment
from queue_core.web.api.replies import AppointmentReply, Done, SlotList
from queue_core.web.call import Call
from queue_core.web.links import OwnBooking
from queue_core.web.operation import DAY, SOME_TEXT, Operation, Query, whole_number
from queue_core.web.problems import Problem, not_found

_TAG = "appointments of visitors"
SLOTS = "/api/v1/zones/{zone}/slots"
APPOINTMENTS = "/api/v1/zones/{zone}/appointments"
_OWN = f"{APPOINTMENTS}/{{appointment}}"
_SHOWN_DAYS = 7
_DAYS = re.compile(r"[0-9]{1,2}")
_NO_PLACE = (R.NOT_BOOKABLE, R.NOT_OFFERED, R.TOO_SHORT_NOTICE, R.SLOT_FULL, R.SLOT_BLOCKED, R.HOLDS_EXHAUSTED)
_EXAMPLE_SLOT = "2030-03-04T09:20:00+01:00"


async def free_slots(call: Call) -> Response:
    _take_ask(call)
    zone, service = call.in_zone, ServiceId(_required(call, "service"))
    found = call.frame.appointments.free(zone.id, service, day_asked(call, "from"), _days(call))
    now_ms = call.frame.hub.now_ms(zone.id)
    value = {
        "service": service,
        "length_minutes": length_ms(zone, service) // 60_000,
        "earliest_at": iso(zone, earliest_ms(zone, now_ms)),
        "last_day": last_day(zone, now_ms).isoformat(),
        "days": [free_day(zone, day) for day in found],
    }
    return json_response(value, headers={"Cache-Control": "no-store"})


def free_day(zone: Zone, day: FreeDay) -> dict[str, object]:
    found = [{"slot_at": iso(zone, s.from_ms), "until": iso(zone, s.to_ms), "free": s.free} for s in day.slots]
    return {"day": day.day.isoformat(), "slots": found}


async def hold(call: Call) -> Response:
    """A key counts for the address that sends it: nobody gets another's appointment by a poor key."""
    body: asked.HoldTime = call.body
    address = client_address(call.request, call.frame.settings)
    call.frame.holds_by_address.take(address)
    once = Once(f"address {address}", _key(call))
    service, slot_ms = ServiceId(body.service), asked.epoch_ms(body.slot_at)
    return done(call, await call.frame.appointments.hold(call.in_zone.id, service, slot_ms, once), status=201)


async def look(call: Call) -> Response:
    """Whoever has come goes on with the ticket, which knows how long it takes."""
    _take_ask(call)
    zone = call.in_zone
    booking = await call.frame.engine.booking(zone.id, (await _own(call)).booking)
    ticket = {"ticket": call.frame.links.path(zone.id, booking.used)} if booking.used else {}
    own = {"own": call.frame.booking_links.path(zone.id, booking.id, booking.made_ms)}
    estimate = call.frame.hub.expected(zone, booking.id)
    return json_response({"appointment": record(zone, booking), "estimate": estimate, "links": {**own, **ticket}})


async def confirm(call: Call) -> Response:
    own = await _own(call)
    return done(call, await call.frame.appointments.confirm(call.in_zone.id, own.booking, _once(call, own)))


async def move(call: Call) -> Response:
    _take_ask(call)
    body: asked.MoveTime = call.body
    own = await _own(call)
    slot_ms = asked.epoch_ms(body.slot_at)
    return done(call, await call.frame.appointments.move(call.in_zone.id, own.booking, slot_ms, _once(call, own)))


async def cancel(call: Call) -> Response:
    own = await _own(call)
    return done(call, await call.frame.appointments.cancel(call.in_zone.id, own.booking, _once(call, own)))


def record(zone: Zone, booking: Booking) -> dict[str, object]:
    """As visitors may see it: `state` is held, booked or arrived."""
    state = "arrived" if booking.used else "held" if booking.held_until_ms else "booked"
    rules = zone.appointments
    lead_ms = 1000 * zone.rules.booking_lead_s
    return {
        "id": booking.id,
        "code": grouped(booking.id),
        "state": state,
        "service": booking.service,
        "visitor_class": booking.visitor_class,
        "slot_at": iso(zone, booking.slot_ms),
        "until": moment(zone, booking.length_ms and booking.slot_ms + booking.length_ms),
        "held_until": moment(zone, booking.held_until_ms),
        "check_in_from": iso(zone, booking.slot_ms - 1000 * zone.rules.booking_earliest_s),
        "not_before": iso(zone, booking.slot_ms - lead_ms),
        "on_time_until": iso(zone, booking.slot_ms + 1000 * zone.rules.booking_grace_s),
        "changes_left": max(0, rules.changes_most - booking.changes) if rules else 0,
    }


def day_asked(call: Call, name: str) -> date | None:
    """Raises `Problem` 422 for what is no date."""
    written = call.request.query_params.get(name)
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if not asked.FIRST_YEAR <= day.year <= asked.LAST_YEAR:
        raise Problem(422, "invalid_field", f"{name}: write a day as 2030-03-04.")
    return day


def _days(call: Call) -> int:
    written = call.request.query_params.get("days", str(_SHOWN_DAYS))
    if not _DAYS.fullmatch(written) or not 1 <= int(written) <= ASKED_DAYS_MOST:
        raise Problem(422, "invalid_field", f"days: 1 to {ASKED_DAYS_MOST}.")
    return int(written)


def _required(call: Call, name: str) -> str:
    found = call.request.query_params.get(name)
    if not found:
        raise Problem(400, "query_missing", f"Name a {name}: ?{name}=...")
    return found


async def _own(call: Call) -> OwnBooking:
    """The appointment that the link names; one that is gone is for the move to tell, which knows repeated commands.
    Raises `Problem` 404, the same for every link that is not this zone's, and `Refused` where somebody else has its
    code by now."""
    own = call.frame.booking_links.read(call.path("appointment"))
    if own.zone != call.in_zone.id:
        raise not_found()
    with suppress(Refused):
        booking = await call.frame.engine.booking(own.zone, own.booking)
        if not own.names(booking):
            raise not_found()
    return own


def _key(call: Call) -> str:
    if call.once is None:
        raise LookupError("the operation is no command")
    return call.once.key


def _once(call: Call, own: OwnBooking) -> Once:
    return Once(f"link {own.booking} {own.made_ms}", _key(call))


def _take_ask(call: Call) -> None:
    call.frame.asks_by_address.take(client_address(call.request, call.frame.settings))


OPERATIONS = (
    Operation(
        "GET",
        SLOTS,
        free_slots,
        "When appointments of a service begin, and how many places are free",
        None,
        reply=SlotList,
        throttled=True,
        refusals=(R.UNKNOWN_SERVICE, R.NOT_BOOKABLE),
        query=(
            Query("service", "The service.", required=True, form=SOME_TEXT),
            Query("from", "The first day, as 2030-03-04; today without it.", form=DAY),
            Query("days", f"So many days; {_SHOWN_DAYS} without it.", form=whole_number(1, ASKED_DAYS_MOST)),
        ),
        tag=_TAG,
    ),
    Operation(
        "POST",
        APPOINTMENTS,
        hold,
        "Hold a time until it is confirmed; `links.own` is the way to everything else",
        None,
        request=asked.HoldTime,
        reply=Done,
        status=201,
        command=True,
        throttled=True,
        refusals=(R.UNKNOWN_SERVICE, R.BOOKING_EXISTS, *_NO_PLACE),
        example={"service": "new", "slot_at": _EXAMPLE_SLOT},
        tag=_TAG,
    ),
    Operation(
        "GET",
        _OWN,
        look,
        "One's own appointment",
        None,
        reply=AppointmentReply,
        throttled=True,
        refusals=(R.UNKNOWN_BOOKING,),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_OWN}/confirm",
        confirm,
        "Confirm what is held: now it is an appointment",
        None,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_BOOKING, R.BOOKING_USED, R.BOOKING_CONFIRMED, R.BOOKING_OVER, R.HOLD_LAPSED),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_OWN}/move",
        move,
        "Move one's appointment to another free time",
        None,
        request=asked.MoveTime,
        reply=Done,
        command=True,
        throttled=True,
        refusals=(
            R.UNKNOWN_BOOKING,
            R.BOOKING_USED,
            R.BOOKING_OVER,
            R.HOLD_LAPSED,
            R.CHANGES_SPENT,
            *_NO_PLACE,
        ),
        example={"slot_at": _EXAMPLE_SLOT},
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_OWN}/cancel",
        cancel,
        "Cancel one's appointment, or let go what is held",
        None,
        request=asked.Nothing,
        reply=Done,
        command=True,
        refusals=(R.UNKNOWN_BOOKING, R.BOOKING_USED),
        tag=_TAG,
    ),
)
