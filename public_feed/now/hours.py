"""When a zone is open on the days to come. Pure."""

from dataclasses import dataclass
from datetime import time, timedelta

from queue_core.domain.calendar import business_day, day_named, local_ms, opening_ms
from queue_core.domain.office import WEEKDAYS, Zone

DAYS = len(WEEKDAYS)
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """`openings`: from and to; none: closed."""

    noon_ms: int
    openings: tuple[tuple[int, int], ...]
    is_today: bool


def days_ahead(zone: Zone, now_ms: int) -> list[OpenDay]:
    """Today and the days after it; none of a zone that never closes."""
    if zone.hours.always:
        return []
    today = business_day(zone, now_ms).day
    days = [day_named(zone, today + timedelta(days=n)) for n in range(DAYS)]
    return [
        OpenDay(local_ms(zone, day.day, _NOON), opening_ms(zone, zone.hours, day), day.day == today) for day in days
    ]
