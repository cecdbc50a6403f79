"""One office day: who comes when, who works where and when. The same zone, habits, seed and date give the same day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from random import Random

from queue_core.domain.calendar import SEARCHED_DAYS, BusinessDay, business_day, local_ms, opening_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.appointments import Slot, slots
from queue_core.simulate.arrivals import arrivals_ms
from queue_core.simulate.habits import DEMO, Habits
from queue_core.simulate.rota import Shift, Span, plan, shift
from queue_core.simulate.visits import Visit, talk_means_s, visit


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """`name` seeds whatever chance is left to the playing; `means_s` are the true mean lengths of talks today, before a
    counter's pace and the hour's drift; `booked` are the appointments, whose visitors are among the visits."""

    name: str
    day: BusinessDay
    opens_ms: int
    closes_ms: int
    means_s: Mapping[ServiceId, float]
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    booked: tuple[Slot, ...] = ()
    habits: Habits = DEMO

    def drift_at(self, at_ms: int) -> float:
        """How many times as long as usual talks last that begin now."""
        return self.habits.talks.drift_at((at_ms - self.opens_ms) / (self.closes_ms - self.opens_ms))


#: A zone that never closes is played within these hours.
_USUAL_HOURS = (time(8, 0), time(18, 0))
_BEFORE_OPENING_MS = 10 * 60_000
_MINUTE_MS = 60_000


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


def draw(zone: Zone, day: BusinessDay, seed: int, habits: Habits = DEMO) -> OfficeDay | None:
    """The day of this seed; None when the zone is closed."""
    hours = working_ms(zone, day)
    if hours is None:
        return None
    name = f"{seed} {zone.id} {day.day}"
    usual_s = talk_means_s(zone, seed, habits.talks)
    speed = Random(f"{name} speed").uniform(1 - habits.talks.day_off, 1 + habits.talks.day_off)
    means_s = {service: mean_s * speed for service, mean_s in usual_s.items()}
    booked = tuple(slots(zone, habits, name, hours, means_s))
    visits = [*_visits(zone, day, name, hours, means_s, habits, usual_s), *(s.visit for s in booked if s.visit)]
    shifts = tuple(shift(Random(f"{name} {p.counter}"), p, habits) for p in plan(zone, habits.rota, hours))
    in_order = tuple(sorted(visits, key=lambda v: (v.at_ms, v.service)))
    return OfficeDay(name, day, *hours, means_s, in_order, shifts, booked, habits)


def _capacity(zone: Zone, service: ServiceId) -> float:
    """How many counters a service may fill, if every counter divides its time equally among its services."""
    return sum(1 / len(place.services) for place in zone.counters.values() if service in place.services)


def pressure(habits: Habits, name: str) -> float:
    """The day's share of the counters' time that is asked for at the peak."""
    demand = habits.demand
    return demand.load * Random(f"{name} pressure").uniform(1 - demand.day_off, 1 + demand.day_off)


def peak_per_s(zone: Zone, habits: Habits, service: ServiceId, mean_s: float) -> float:
    """Arrivals of a service without appointment at the peak, per unit of pressure."""
    return _capacity(zone, service) / habits.occupation_s(mean_s)


def _visits(
    zone: Zone,
    day: BusinessDay,
    name: str,
    hours: Span,
    means_s: Mapping[ServiceId, float],
    habits: Habits,
    usual_s: Mapping[ServiceId, float],
) -> Iterator[Visit]:
    asked = pressure(habits, name)
    for service in zone.services:
        random = Random(f"{name} {service}")
        per_s = asked * peak_per_s(zone, habits, service, usual_s[service])
        intervals = opening_ms(zone, zone.hours_of(service), day)
        early_ms = _at_the_door(random, hours, per_s * habits.demand.at_the_door)
        for at_ms in (*early_ms, *arrivals_ms(random, *hours, per_s, habits.demand.curve)):
            drawn = visit(zone, random, service, means_s, at_ms, habits)
            if any(opens <= at_ms < closes for opens, closes in intervals):
                yield drawn


def _at_the_door(random: Random, hours: Span, per_s: float) -> list[int]:
    """Who waits outside before it opens draws in the first minute."""
    people = round(per_s * (hours[1] - hours[0]) / 1000)
    return [hours[0] + random.randrange(_MINUTE_MS) for _ in range(people)]
