"""One's appointment as a calendar file (RFC 5545, RFC 5546): the same entry however often it is taken over."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from queue_core.domain.booking_code import grouped
from queue_core.domain.calendar import local_time
from queue_core.domain.model import Booking, ZoneId
from queue_core.domain.office import Zone
from queue_core.web.words import said, translations

if TYPE_CHECKING:
    from icalendar import Event

PACKAGE = "queue_core.mail"
MEDIA_TYPE = "text/calendar; charset=utf-8"
_MAKER = "-//Wartezone//Appointments//EN"
_UID_DIGITS = 32
_REMINDED_BEFORE = timedelta(hours=2)
#: Rules of the time zone are told for so long around the appointment.
_AROUND = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Entry:
    """`sequence` grows with every change that was told; calendars keep the greatest."""

    zone: Zone
    booking: Booking
    link: str
    language: str
    sequence: int = 0
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "PUBLISH"


def appointment_file(entry: Entry, now_ms: int) -> bytes:
    """The first one takes a while: the library is loaded for it."""
    from icalendar import Calendar

    calendar = Calendar.new(prodid=_MAKER, method=entry.method, language=None)
    calendar.add_component(_event(entry, now_ms))
    day = local_time(entry.zone, entry.booking.slot_ms).date()
    calendar.add_missing_timezones(day - _AROUND, day + _AROUND)
    return bytes(calendar.to_ical())


def uid(zone: ZoneId, booking: Booking) -> str:
    """The same for ever, and no way to the appointment."""
    made = f"\0{booking.made_ms}" if booking.made_ms else ""
    named = f"wartezone appointment\0{zone}\0{booking.id}{made}".encode()
    return f"{hashlib.sha256(named).hexdigest()[:_UID_DIGITS]}@wartezone"


def place(zone: Zone, language: str) -> str:
    """Where to go, in one line."""
    lines = [said(zone.name, language), said(zone.site, language)]
    if zone.address:
        lines += [zone.address.street, f"{zone.address.postal_code} {zone.address.town}"]
    return ", ".join(lines)


def title(zone: Zone, booking: Booking, language: str) -> str:
    """What it is about."""
    service = zone.services.get(booking.service)
    return said(service.name, language) if service else said(zone.name, language)


def _event(entry: Entry, now_ms: int) -> "Event":
    from icalendar import Alarm, Event

    gettext, booking = translations(PACKAGE, entry.language).gettext, entry.booking
    description = [
        gettext("Your code: {code}").format(code=grouped(booking.id)),
        gettext("Change or cancel the appointment: {link}").format(link=entry.link),
    ]
    event = Event.new(
        uid=uid(entry.zone.id, booking),
        summary=f"{title(entry.zone, booking, entry.language)} – {said(entry.zone.site, entry.language)}",
        start=_at(entry.zone, booking.slot_ms),
        end=_at(entry.zone, booking.slot_ms + booking.length_ms) if booking.length_ms else None,
        stamp=datetime.fromtimestamp(now_ms // 1000, UTC),
        location=place(entry.zone, entry.language),
        description="\n".join(description),
        url=entry.link,
        sequence=entry.sequence,
    )
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if not entry.is_cancelled:
        alarm = Alarm.new(description=title(entry.zone, booking, entry.language))
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -_REMINDED_BEFORE)
        event.add_component(alarm)
    return event


def _at(zone: Zone, at_ms: int) -> datetime:
    """In the zone's own time; in UTC within the hour that comes twice, which a calendar reads as the first one."""
    at = local_time(zone, at_ms)
    return at.astimezone(UTC) if at.fold else at
