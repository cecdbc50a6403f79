"""Simulated days for whole zones: on a fake clock into the engine, or live over HTTP, day after day."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any, Protocol

import httpx

from queue_core.domain.calendar import business_day
from queue_core.domain.clock import ZoneClock
from queue_core.domain.errors import WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Zone
from queue_core.engine import Engine
from queue_core.real_clock import real_ms
from queue_core.simulate.day import draw, next_start_ms
from queue_core.simulate.engine_port import EnginePort
from queue_core.simulate.http_port import HttpPort
from queue_core.simulate.player import Report, play, unheard
from queue_core.simulate.progress import Watch, unwatched
from queue_core.simulate.scene import Counts

TIMEOUT_S = 10.0
_REAL_RATE = 1.0
_FROM_NOW = 0


class NeverOpen(WartezoneError):
    """The zone does not open within the days that are looked at."""

    def __init__(self, zone: str) -> None:
        super().__init__(f"zone {zone!r} never opens")


@dataclass(frozen=True, slots=True)
class DayPlayed:
    zone: ZoneId
    day: date
    counts: Counts

    def to_json(self) -> dict[str, Any]:
        waits_ms = self.counts.waits_ms
        return {
            "zone": self.zone,
            "day": self.day.isoformat(),
            "issued": self.counts.issued,
            "served": self.counts.served,
            "missed": self.counts.missed,
            "cancelled": self.counts.cancelled,
            "mean_wait_s": round(fmean(waits_ms) / 1000) if waits_ms else None,
            "longest_wait_s": round(max(waits_ms) / 1000) if waits_ms else None,
            "refused": dict(self.counts.refused),
        }


class Clocks(Protocol):
    """What the playing needs of an engine: to wind a zone's clock. 0 means from now; it never goes backwards."""

    async def set_clock(self, zone_id: ZoneId, zone_ms: int, rate: float) -> int: ...


async def simulate(
    engine: Engine, zone: Zone, days: int, seed: int, from_ms: int = _FROM_NOW, report: Report = unheard
) -> list[DayPlayed]:
    """Plays the zone's next `days` open days, from `from_ms` or the zone's now on, as fast as the store answers.

    With an engine whose ids are `SeededIds`, one seed and one start give one log. Leaves the zone's clock running on
    from the last day's end.
    """
    played = []
    try:
        for _ in range(days):
            now_ms = await engine.set_clock(zone.id, _FROM_NOW, rate=0.0)
            start_ms = _next_start_ms(zone, max(now_ms, from_ms))
            name = f"{seed} {business_day(zone, start_ms).day}"
            played.append(await _play_day(zone, start_ms, seed, EnginePort(engine, zone.id, name), report))
    finally:
        await engine.set_clock(zone.id, _FROM_NOW, _REAL_RATE)
    return played


async def play_over_http(
    base_url: str,
    token: str,
    zones: Iterable[Zone],
    seed: int,
    rate: float,
    clocks: Clocks,
    watch: Watch = unwatched,
    days: int | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[DayPlayed]:
    """Plays all zones at once through the API at `base_url`, `days` open days each; for ever without.

    Every zone's clock runs at `rate`; it is wound forward to shortly before the next opening when this begins and after
    each day. Raises an exception group: of `NeverOpen`, of `StoreAway` when the server does not come back.
    """
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=base_url, headers=headers, timeout=TIMEOUT_S, transport=transport) as client,
        asyncio.TaskGroup() as group,
    ):
        tasks = [group.create_task(_play_zone(client, z, seed, rate, clocks, watch(z), days)) for z in zones]
    return [played for task in tasks for played in task.result()]


async def _play_zone(
    client: httpx.AsyncClient, zone: Zone, seed: int, rate: float, clocks: Clocks, report: Report, days: int | None
) -> list[DayPlayed]:
    run = secrets.token_hex(6)
    played: list[DayPlayed] = []
    while days is None or len(played) < days:
        start_ms = _next_start_ms(zone, await clocks.set_clock(zone.id, _FROM_NOW, rate))
        clock = ZoneClock(await clocks.set_clock(zone.id, start_ms, rate), real_ms(), rate)
        name = f"sim-{run}-{business_day(zone, start_ms).day}"
        played.append(await _play_day(zone, start_ms, seed, HttpPort(client, zone.id, clock, name), report))
    return played


async def _play_day(zone: Zone, start_ms: int, seed: int, port: EnginePort | HttpPort, report: Report) -> DayPlayed:
    business = business_day(zone, start_ms)
    day = draw(zone, business, seed)
    if day is None:
        raise NeverOpen(zone.id)
    return DayPlayed(zone.id, business.day, await play(zone, day, port, report))


def _next_start_ms(zone: Zone, now_ms: int) -> int:
    start_ms = next_start_ms(zone, now_ms)
    if start_ms is None:
        raise NeverOpen(zone.id)
    return start_ms
