"""What a page of free times shows: the first one, the days, the times of one of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType

from queue_core.appointments import ASKED_DAYS_MOST, FreeDay
from queue_core.domain.calendar import day_named, local_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import WEEKDAYS, Text, Zone
from queue_core.domain.slots import day_slots, last_day

_NOON = time(12)
_NO_HOLIDAYS: Mapping[date, Text] = MappingProxyType({})
#: So far beyond the last day that can be booked somebody looks for the next one with appointments.
_SEARCHED_DAYS = ASKED_DAYS_MOST


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day on which appointments are given; `times_ms` are those that are free. Or a `holiday` on which none are that
    else would be."""

    day: date
    noon_ms: int
    times_ms: tuple[int, ...]
    holiday: Text | None = None


@dataclass(frozen=True, slots=True)
class NewDay:
    """The next day that can be booked, and from when on."""

    noon_ms: int
    from_ms: int


@dataclass(frozen=True, slots=True)
class Offer:
    """`chosen` is the day whose times are shown, `before` and `after` the next ones with a free time; `further` is the
    first day of the next page."""

    days: tuple[OfferedDay, ...]
    chosen: OfferedDay | None
    before: date | None
    after: date | None
    further: date | None

    @property
    def first_ms(self) -> int | None:
        return next((day.times_ms[0] for day in self.days if day.times_ms), None)


def closed_holidays(zone: Zone, service: ServiceId, holidays: Mapping[date, Text]) -> dict[date, Text]:
    """Those that keep appointments from being given."""
    hours = (zone.appointments and zone.appointments.hours) or zone.hours_of(service)
    closed = hours.closed_on - {*hours.extra}
    return {day: name for day, name in holidays.items() if day in closed and hours.week.get(WEEKDAYS[day.weekday()])}


def offer(
    zone: Zone,
    free: Sequence[FreeDay],
    wanted: date | None,
    now_ms: int,
    without_ms: int = 0,
    holidays: Mapping[date, Text] = _NO_HOLIDAYS,
) -> Offer:
    """The day that is `wanted`, or the next one with a free time. `without_ms`: a time that was found taken a moment
    ago, though not everybody here may know."""
    days = tuple(
        OfferedDay(
            day.day,
            local_ms(zone, day.day, _NOON),
            tuple(slot.from_ms for slot in day.slots if slot.free and slot.from_ms != without_ms),
            None if day.slots else holidays[day.day],
        )
        for day in free
        if day.slots or day.day in holidays
    )
    open_days = [day for day in days if day.times_ms]
    from_wanted = [day for day in open_days if wanted and day.day >= wanted]
    chosen = next(iter(from_wanted or open_days), None)
    at = chosen.day if chosen else date.max
    end = free[-1].day if free else None
    return Offer(
        days,
        chosen,
        max((day.day for day in open_days if day.day < at), default=None),
        min((day.day for day in open_days if day.day > at), default=None),
        end + timedelta(days=1) if end and end < last_day(zone, now_ms) else None,
    )


def new_day(zone: Zone, service: ServiceId, now_ms: int) -> NewDay | None:
    """Which day opens next for booking; None where none is given soon."""
    rules, last = zone.appointments, last_day(zone, now_ms)
    for n in range(1, _SEARCHED_DAYS + 1):
        day = last + timedelta(days=n)
        if rules and day_slots(zone, service, day).begins_ms:
            opens = day_named(zone, day - timedelta(days=rules.days_ahead))
            return NewDay(local_ms(zone, day, _NOON), opens.from_ms)
    return None
