"""Who works where and when: the plan, which an office knows in the morning, and the shifts that come of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from queue_core.domain.model import CounterId
from queue_core.domain.office import CounterPlace, Zone
from queue_core.simulate.habits import Habits, Rota

#: From, to: UTC ms.
Span = tuple[int, int]
_MINUTE_MS = 60_000


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
class Planned:
    """A shift as it stands in the plan: it opens within `Rota.opens_off_s` of `from_ms`, its breaks begin up to
    `Rota.late_break_s` later."""

    counter: CounterId
    from_ms: int
    to_ms: int
    breaks_ms: tuple[Span, ...]
    stays: bool


def plan(zone: Zone, rota: Rota, hours: Span) -> Iterator[Planned]:
    places = list(zone.counters.values())
    opens_ms, length_ms = hours[0], hours[1] - hours[0]
    for n, place in enumerate(places):
        part_time = _part_time(rota, n) and _others_cover(zone, rota, place)
        turn = n / len(places)
        starts = [opens_ms + int((b.first + (b.last - b.first) * turn) * length_ms) for b in rota.breaks]
        yield Planned(
            counter=place.id,
            from_ms=opens_ms,
            to_ms=opens_ms + int(rota.part_time * length_ms) if part_time else hours[1],
            breaks_ms=tuple(
                (at, at + round(b.minutes * _MINUTE_MS)) for at, b in zip(starts, rota.breaks, strict=True)
            ),
            stays=not part_time,
        )


def shift(random: Random, planned: Planned, habits: Habits) -> Shift:
    """What becomes of the plan today."""
    rota, pace_off = habits.rota, habits.talks.pace_off
    late_ms = [_below(random, 1000 * rota.late_break_s) for _ in planned.breaks_ms]
    return Shift(
        counter=planned.counter,
        from_ms=planned.from_ms - 1000 * rota.opens_off_s + _below(random, 2000 * rota.opens_off_s),
        to_ms=planned.to_ms,
        breaks_ms=tuple((at + late, to + late) for (at, to), late in zip(planned.breaks_ms, late_ms, strict=True)),
        stays=planned.stays,
        pace=random.uniform(1 - pace_off, 1 + pace_off),
        one_key=random.random() < habits.desk.one_key,
    )


def _below(random: Random, ms: int) -> int:
    return random.randrange(ms) if ms else 0


def _part_time(rota: Rota, n: int) -> bool:
    return rota.part_time_every > 0 and n % rota.part_time_every == rota.part_time_every - 1


def _others_cover(zone: Zone, rota: Rota, place: CounterPlace) -> bool:
    full_time = [p for n, p in enumerate(zone.counters.values()) if not _part_time(rota, n)]
    return set(place.services) <= {s for p in full_time for s in p.services}
