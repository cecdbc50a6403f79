"""What events make of appointments: held, booked, moved, cancelled, checked in; and of blocked times."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from queue_core.domain.events import Event
from queue_core.domain.model import (
    Block,
    Booking,
    BookingId,
    ClassId,
    ServiceId,
)
from queue_core.domain.state import State


def slot_held(s: State, e: Event) -> None:
    hold = _booking(e.data)
    s.holds[hold.id] = hold


def holds_lapsed(s: State, e: Event) -> None:
    """A log that begins with a day does not know the holds of the night before."""
    for booking in e.data["bookings"]:
        s.holds.pop(booking, None)


def booked(s: State, e: Event) -> None:
    booking = _booking(e.data)
    s.holds.pop(booking.id, None)
    s.bookings[booking.id] = booking


def booking_moved(s: State, e: Event) -> None:
    d = e.data
    among = s.holds if d["booking"] in s.holds else s.bookings
    known = among[d["booking"]]
    length_ms, changes = d.get("length_ms", known.length_ms), d.get("changes", known.changes)
    among[known.id] = replace(known, slot_ms=d["slot_ms"], length_ms=length_ms, changes=changes)


def booking_cancelled(s: State, e: Event) -> None:
    if not s.holds.pop(e.data["booking"], None):
        del s.bookings[e.data["booking"]]


def checked_in(s: State, e: Event) -> None:
    booking = s.bookings.pop(e.data["booking"])
    s.arrived[booking.id] = replace(booking, used=e.data.get("ticket", ""))


def slots_blocked(s: State, e: Event) -> None:
    d = e.data
    block = Block(d["block"], d["from_ms"], d["to_ms"], d.get("services", ()), d.get("reason", ""))
    s.blocks = (*s.blocks, block)


def slots_unblocked(s: State, e: Event) -> None:
    s.blocks = tuple(block for block in s.blocks if block.id != e.data["block"])


def _booking(d: Mapping[str, Any]) -> Booking:
    return Booking(
        BookingId(d["booking"]),
        ServiceId(d["service"]),
        ClassId(d["visitor_class"]),
        d["slot_ms"],
        d.get("length_ms", 0),
        d.get("held_until_ms", 0),
        made_ms=d.get("made_ms", 0),
    )
