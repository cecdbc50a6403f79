"""Business days and opening times: local calendars in, UTC milliseconds out.

A business day begins at the zone's `day_starts` (04:00 unless configured), so that a change of the clocks never falls
on its edge. A local time that a change skips or repeats is read as its first occurrence (PEP 495, fold=0).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from queue_core.domain.office import Hours, Zone


def local_ms(zone: Zone, day: date, at: time) -> int:
    return int(datetime.combine(day, at, zone.time_zone).astimezone(UTC).timestamp() * 1000)


def local_time(zone: Zone, at_ms: int) -> datetime:
    """The zone's wall-clock time, with its offset."""
    return datetime.fromtimestamp(at_ms / 1000, zone.time_zone)


def iso(zone: Zone, at_ms: int) -> str:
    return local_time(zone, at_ms).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """[from_ms, to_ms) in UTC milliseconds, named by the local date on which it begins."""

    day: date
    from_ms: int
    to_ms: int

    def __contains__(self, at_ms: int) -> bool:
        return self.from_ms <= at_ms < self.to_ms


def business_day(zone: Zone, at_ms: int) -> BusinessDay:
    day = local_time(zone, at_ms).date()
    if at_ms < local_ms(zone, day, zone.day_starts):
        day -= timedelta(days=1)
    return day_named(zone, day)


def day_named(zone: Zone, day: date) -> BusinessDay:
    following = day + timedelta(days=1)
    return BusinessDay(day, local_ms(zone, day, zone.day_starts), local_ms(zone, following, zone.day_starts))


def day_after(zone: Zone, ended: BusinessDay, now_ms: int) -> BusinessDay:
    """The business day of now, which follows `ended` (over by now).

    Where the zone's day now starts later than it used to, `ended` may bear the name of the day that still runs by the
    new rule; then the next begins at once and is longer.
    """
    day = business_day(zone, now_ms)
    if day.day > ended.day:
        return day
    following = ended.day + timedelta(days=1)
    return BusinessDay(following, ended.to_ms, local_ms(zone, following + timedelta(days=1), zone.day_starts))


def opening_ms(zone: Zone, hours: Hours, day: BusinessDay) -> tuple[tuple[int, int], ...]:
    """The day's opening intervals as (opens, closes) in UTC milliseconds, in order."""
    if hours.always:
        return ((day.from_ms, day.to_ms),)
    return tuple(
        (local_ms(zone, day.day, i.opens), local_ms(zone, day.day, i.closes))
        for i in sorted(hours.on(day.day), key=lambda i: i.opens)
    )


SEARCHED_DAYS = 60


def next_opening_ms(zone: Zone, hours: Hours, after_ms: int) -> int | None:
    """When it opens next, strictly after `after_ms`; None when it does not within `SEARCHED_DAYS`."""
    day = business_day(zone, after_ms)
    for _ in range(SEARCHED_DAYS):
        for opens, _closes in opening_ms(zone, hours, day):
            if opens > after_ms:
                return opens
        day = business_day(zone, day.to_ms)
    return None


def closing_ms(zone: Zone, hours: Hours, at_ms: int) -> int | None:
    """When it closes, if it is open at `at_ms`; None when it is closed or never closes."""
    if hours.always:
        return None
    for opens, closes in opening_ms(zone, hours, business_day(zone, at_ms)):
        if opens <= at_ms < closes:
            return closes
    return None
