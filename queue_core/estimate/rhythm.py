"""Best time to come: what was usual at each time of the week, from the waits of ended days.

A quarter of an hour is pooled with its neighbours, nearer ones counting more, and newer days count more than older
ones. Nothing is filled in where nobody drew: holidays and closed hours are no days without waiting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain

import numpy as np

from queue_core.domain.calendar import business_day, local_time
from queue_core.domain.events import Event
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.rhythm import QUARTERS_A_DAY, DayWaits, Rhythm, Usual, quarter_of
from queue_core.estimate.draws import Draw, draws_of

#: Fewer days of a weekday are anecdotes, and fewer visitors are people whom somebody may know.
FEWEST_DAYS = 3
FEWEST_VISITS = 5
HALF_LIFE_DAYS = 56.0
#: A triangle: the own quarter, those beside it, those half an hour away.
_KERNEL: Mapping[int, float] = {-2: 1 / 3, -1: 2 / 3, 0: 1.0, 1: 2 / 3, 2: 1 / 3}
_LEVELS = (0.1, 0.5, 0.9)
_GRAIN_S = 10
#: A quarter with more visitors is kept as so many of them, evenly chosen from the shortest wait to the longest.
_KEPT_MOST = 32
#: Of a quarter that is told while its day goes on, so many were called for each that still waits.
_CALLED_FOLD = 4

_Week = Mapping[int, Mapping[date, tuple[int, ...]]]


def rhythm_of(days: Iterable[Iterable[Event]], zone: Zone) -> Rhythm:
    """Of logs or archives, one business day each. To add a day later without them, keep each day's `waits_of`."""
    return rhythm_of_waits(waits_of(day, zone) for day in days)


def waits_of(events: Iterable[Event], zone: Zone) -> DayWaits:
    """Of one business day: waits until the first call of those who came without an appointment and were called, by the
    quarter in which they drew. Raises `ValueError` for no events: of which day that is, nobody knows."""
    unread = iter(events)
    first = next(unread, None)
    if first is None:
        raise ValueError("a day has at least the event that began it")
    day = _business_date(first, zone)
    waits: dict[ServiceId, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for draw in draws_of(chain([first], unread)):
        if draw.called_ms and not draw.appointment:
            waits[draw.service][_quarter(zone, day, draw)].append(round(draw.wait_s / _GRAIN_S))
    return DayWaits(
        day=day.isoformat(),
        services={
            service: {quarter: _kept(quarters[quarter]) for quarter in sorted(quarters)}
            for service, quarters in sorted(waits.items())
        },
    )


def so_far(draws: Iterable[Draw], zone: Zone, day: date) -> dict[ServiceId, dict[int, Usual]]:
    """Of a day that goes on, by the quarter in which people drew. A quarter of which more than one in five still wait
    is told later: who was called first waited shorter than the others will have."""
    called: dict[ServiceId, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    waiting: dict[ServiceId, Counter[int]] = defaultdict(Counter)
    for draw in draws:
        quarter = _quarter(zone, day, draw)
        if draw.called_ms and not draw.appointment:
            called[draw.service][quarter].append(round(draw.wait_s / _GRAIN_S))
        elif not draw.left_ms and not draw.appointment:
            waiting[draw.service][quarter] += 1
    return {
        service: _pooled(
            {q: {day: tuple(w)} for q, w in quarters.items() if len(w) >= _CALLED_FOLD * waiting[service][q]}, day
        )
        for service, quarters in sorted(called.items())
    }


def _pooled(week: _Week, day: date) -> dict[int, Usual]:
    return {q: found for q in sorted(week) if (found := _usual(week, q, day, fewest_days=1))}


def rhythm_of_waits(days: Iterable[DayWaits]) -> Rhythm:
    known = {day.day: day for day in days}
    until = max(known, default="")
    weeks: dict[tuple[ServiceId, int], dict[int, dict[date, tuple[int, ...]]]] = defaultdict(lambda: defaultdict(dict))
    for day in known.values():
        for service, quarters in day.services.items():
            for n, waits in quarters.items():
                local = date.fromisoformat(day.day) + timedelta(days=n // QUARTERS_A_DAY)
                weeks[service, local.weekday()][n % QUARTERS_A_DAY][local] = waits
    services: dict[ServiceId, dict[int, dict[int, Usual]]] = defaultdict(dict)
    for (service, weekday), week in sorted(weeks.items()):
        usual = {q: found for q in sorted(week) if (found := _usual(week, q, date.fromisoformat(until)))}
        if usual:
            services[service][weekday] = usual
    return Rhythm(until, dict(services))


def _business_date(first: Event, zone: Zone) -> date:
    """As the event that began the day names it; a log on paper may not."""
    named = first.data.get("day") or first.data.get("state", {}).get("day")
    return date.fromisoformat(named) if named else business_day(zone, first.at_ms).day


def _quarter(zone: Zone, day: date, draw: Draw) -> int:
    local = local_time(zone, draw.came_ms)
    return QUARTERS_A_DAY * (local.date() - day).days + quarter_of(local)


def _kept(waits: list[int]) -> tuple[int, ...]:
    ordered = sorted(waits)
    if len(ordered) <= _KEPT_MOST:
        return tuple(ordered)
    return tuple(ordered[round(at)] for at in np.linspace(0, len(ordered) - 1, _KEPT_MOST))


def _usual(week: _Week, quarter: int, until: date, fewest_days: int = FEWEST_DAYS) -> Usual | None:
    days, waits, weights = set[date](), list[int](), list[float]()
    for offset, near in _KERNEL.items():
        for day, drawn in week.get(quarter + offset, {}).items():
            days.add(day)
            waits += drawn
            weights += [near * 0.5 ** ((until - day).days / HALF_LIFE_DAYS)] * len(drawn)
    if len(days) < fewest_days or len(waits) < FEWEST_VISITS:
        return None
    return Usual(len(days), *(round(_GRAIN_S * at) for at in _weighted_levels(waits, weights)))


def _weighted_levels(values: list[int], weights: list[float]) -> list[float]:
    order = np.argsort(values, kind="stable")
    weight = np.asarray(weights)[order]
    middle = np.cumsum(weight) - weight / 2
    levels: list[float] = np.interp(np.multiply(_LEVELS, weight.sum()), middle, np.asarray(values)[order]).tolist()
    return levels
