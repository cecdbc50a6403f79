"""Where a time is chosen: a service, a day with what is free on it, a time. To book, or to move."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request

from display_server.appointments.day import name_of
from display_server.appointments.entry import bookable, day_of, fresh_key, slot_of
from queue_core.domain.calendar import business_day, day_named
from queue_core.domain.errors import Refused
from queue_core.domain.model import Booking, ServiceId
from queue_core.domain.office import Zone
from queue_core.web.frame import Frame

#: Days that are shown together: two working weeks and their ends.
_DAYS = 14


@dataclass(frozen=True, slots=True)
class Offer:
    """A day to choose, `at_ms` is its beginning; `free` slots of it have a place."""

    day: date
    at_ms: int
    free: int


def choosing(
    frame: Frame, request: Request, zone: Zone, moving: Booking | None = None, refused: Refused | None = None
) -> dict[str, Any]:
    """What choose.html shows. After a refusal, on the day that was wanted; else as the address says."""
    asked = request.query_params
    today = business_day(zone, frame.hub.now_ms(zone.id)).day
    service = moving.service if moving else bookable(zone, asked.get("service", ""))
    wanted_ms = slot_of(asked["slot"]) if "slot" in asked else None
    if refused:
        service, wanted_ms = ServiceId(refused.details.get("service", service or "")), refused.details.get("slot_ms")
    day = business_day(zone, wanted_ms).day if wanted_ms else day_of(asked.get("day", ""), "day", today)
    offered = bool(service and zone.appointments and service in zone.appointments.services)
    return {
        "zone": zone,
        "moving": moving,
        "service": service,
        "service_name": name_of(zone, service) if service else None,
        "services": zone.appointments.services if zone.appointments else (),
        "offered": offered,
        "wanted_ms": wanted_ms,
        "today": today.isoformat(),
        "key": fresh_key(),
        "refused": refused,
        **(_days(frame, zone, service, max(day, today), today, "day" in asked or bool(wanted_ms)) if offered else {}),
    }


def _days(
    frame: Frame, zone: Zone, service: ServiceId | None, day: date, today: date, is_named: bool
) -> dict[str, Any]:
    """Without a named day the first one with a free place."""
    assert service
    first = max(today, day - timedelta(days=_DAYS // 2)) if is_named else day
    found = frame.appointments.bookable(zone.id, service, first, _DAYS)
    offers = [Offer(d.day, day_named(zone, d.day).from_ms, sum(bool(s.free) for s in d.slots)) for d in found]
    chosen = day if is_named else next((o.day for o in offers if o.free), day)
    return {
        "day": chosen,
        "offers": offers,
        "slots": [s for d in found if d.day == chosen for s in d.slots if s.free],
        "later": (first + timedelta(days=_DAYS + _DAYS // 2)).isoformat(),
        "earlier": (first - timedelta(days=_DAYS // 2)).isoformat() if first > today else None,
    }
