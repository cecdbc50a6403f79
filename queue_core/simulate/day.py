"""One office day: who comes when, who works where and when. The same zone, seed and date give the same day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from random import Random

from queue_core.domain.calendar import SEARCHED_DAYS, BusinessDay, business_day, local_ms, opening_ms
from queue_core.domain.model import CounterId, ServiceId
from queue_core.domain.office import CounterPlace, Zone
from queue_core.simulate.arrivals import arrivals_ms
from queue_core.simulate.visits import Visit, occupation_s, talk_means_s, visit

#: From, to: UTC ms.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shift:
    """One clerk at one counter. `stays`: until the last visitor is served. `pace` multiplies the length of talks.
    `one_key`: ends a visit and calls the next with the same key."""

    counter: CounterId
    from_ms: int
    to_ms: int
    breaks_ms: tuple[Span, ...]
    stays: bool
    pace: float
    one_key: bool


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """`name` seeds whatever chance is left to the playing; `means_s` are the true mean lengths of talks."""

    name: str
    day: BusinessDay
    opens_ms: int
    closes_ms: int
    means_s: Mapping[ServiceId, float]
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]


#: Share of the counters' time that is asked for at the peak, if everybody came who draws.
PEAK_LOAD = 0.94
#: A zone that never closes is played within these hours.
_USUAL_HOURS = (time(8, 0), time(18, 0))
_BEFORE_OPENING_MS = 10 * 60_000
_MINUTE_MS = 60_000
_AT_THE_DOOR = 0.03
#: How far a day may lie from the usual.
_DAY_OFF = 0.06
#: (share of the opening time at which the first and the last counter take it, minutes)
_BREAKS = ((0.28, 0.38, 8), (0.47, 0.61, 30), (0.76, 0.86, 8))
#: Every fourth counter works part-time, where others serve all that it serves.
_PART_TIME_EVERY, _PART_TIME_SHARE = 4, 0.62


def working_ms(zone: Zone, day: BusinessDay) -> Span | None:
    """From the first opening to the last closing; None when the zone is closed that day."""
    if zone.hours.always:
        opens, closes = (local_ms(zone, day.day, at) for at in _USUAL_HOURS)
        return opens, closes
    intervals = opening_ms(zone, zone.hours, day)
    return (intervals[0][0], intervals[-1][1]) if intervals else None


def next_start_ms(zone: Zone, now_ms: int) -> int | None:
    """A little before the next opening that has not begun yet, today's if it is early enough; None if it stays shut."""
    day = business_day(zone, now_ms)
    for _ in range(SEARCHED_DAYS):
        hours = working_ms(zone, day)
        if hours and (start_ms := hours[0] - _BEFORE_OPENING_MS) >= now_ms:
            return start_ms
        day = business_day(zone, day.to_ms)
    return None


def draw(zone: Zone, day: BusinessDay, seed: int) -> OfficeDay | None:
    """The day of this seed; None when the zone is closed."""
    hours = working_ms(zone, day)
    if hours is None:
        return None
    name = f"{seed} {zone.id} {day.day}"
    means_s = talk_means_s(zone, seed)
    visits = sorted(_visits(zone, day, name, hours, means_s), key=lambda v: (v.at_ms, v.service))
    return OfficeDay(name, day, *hours, means_s, tuple(visits), tuple(_shifts(zone, name, hours)))


def _capacity(zone: Zone, service: ServiceId) -> float:
    """How many counters a service may fill, if every counter divides its time equally among its services."""
    return sum(1 / len(place.services) for place in zone.counters.values() if service in place.services)


def _visits(
    zone: Zone, day: BusinessDay, name: str, hours: Span, means_s: Mapping[ServiceId, float]
) -> Iterator[Visit]:
    pressure = PEAK_LOAD * Random(f"{name} pressure").uniform(1 - _DAY_OFF, 1 + _DAY_OFF)
    for service in zone.services:
        random = Random(f"{name} {service}")
        peak_per_s = pressure * _capacity(zone, service) / occupation_s(means_s[service])
        intervals = opening_ms(zone, zone.hours_of(service), day)
        for at_ms in (*_at_the_door(random, hours, peak_per_s), *arrivals_ms(random, *hours, peak_per_s)):
            drawn = visit(zone, random, service, means_s, at_ms)
            if any(opens <= at_ms < closes for opens, closes in intervals):
                yield drawn


def _at_the_door(random: Random, hours: Span, peak_per_s: float) -> list[int]:
    """Who waits outside before it opens draws in the first minute."""
    people = round(_AT_THE_DOOR * peak_per_s * (hours[1] - hours[0]) / 1000)
    return [hours[0] + random.randrange(_MINUTE_MS) for _ in range(people)]


def _shifts(zone: Zone, name: str, hours: Span) -> Iterator[Shift]:
    places = list(zone.counters.values())
    for n, place in enumerate(places):
        part_time = n % _PART_TIME_EVERY == _PART_TIME_EVERY - 1 and _others_cover(zone, place)
        yield _shift(Random(f"{name} {place.id}"), place.id, n / len(places), hours, part_time)


def _others_cover(zone: Zone, place: CounterPlace) -> bool:
    full_time = [p for n, p in enumerate(zone.counters.values()) if n % _PART_TIME_EVERY != _PART_TIME_EVERY - 1]
    return set(place.services) <= {s for p in full_time for s in p.services}


def _shift(random: Random, counter: CounterId, turn: float, hours: Span, part_time: bool) -> Shift:
    opens_ms, length_ms = hours[0], hours[1] - hours[0]
    starts = [
        opens_ms + int((a + (b - a) * turn) * length_ms) + random.randrange(5 * _MINUTE_MS) for a, b, _ in _BREAKS
    ]
    return Shift(
        counter=counter,
        from_ms=opens_ms - 2 * _MINUTE_MS + random.randrange(4 * _MINUTE_MS),
        to_ms=opens_ms + int(_PART_TIME_SHARE * length_ms) if part_time else hours[1],
        breaks_ms=tuple((at, at + minutes * _MINUTE_MS) for at, (_, _, minutes) in zip(starts, _BREAKS, strict=True)),
        stays=not part_time,
        pace=random.uniform(0.9, 1.1),
        one_key=random.random() < 0.5,
    )
