"""Who holds the lease publishes what its estimator says; who does not, keeps still."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from redis.asyncio import Redis

from queue_core.domain.commands import CloseCounter, Command, Issue, OpenCounter
from queue_core.domain.model import ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.estimate.forecast import Forecast
from queue_core.forecaster import Forecaster, Pace, Surveyed
from queue_core.forecasting import Forecasting
from queue_core.store.connection import connect
from queue_core.store.estimates import Estimates
from queue_core.store.zone import ZoneStore
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE, zone

HALL = zone()
HALL_MS, DAY_MS = 1_791_183_600_000, 24 * 3_600_000
FAST = Pace(pause_s=0.01, idle_s=0.5, lease_s=30.0)


@dataclass
class Hall:
    engine: Engine
    client: Redis
    snapshot: Snapshot
    #: What the faces show; a test that needs no rest leaves it unknown.
    shown: Forecast | None = None

    def forecaster(self, pace: Pace = FAST) -> Forecaster:
        estimates = Estimates(self.client, HALL.id, pace.lease_s)
        seen = Surveyed(lambda: HALL, lambda: self.snapshot, self.now_ms, lambda: self.shown)
        return Forecaster(seen, estimates, pace)

    def now_ms(self) -> int:
        return self.snapshot.at_ms

    async def do(self, command: Command, *watching: Forecasting) -> None:
        for event in (await self.engine.do(HALL.id, command)).events:
            for forecasting in watching:
                forecasting.observe(HALL.id, event)
            self.snapshot.fold(event)

    async def published(self) -> Forecast | None:
        entries: list[Any] = await self.client.xrange("{hall}:estimates") or []
        return Forecast.from_json(json.loads(entries[0][1]["e"])) if entries else None


@pytest.fixture
async def hall(valkey_url: str) -> AsyncIterator[Hall]:
    client = connect(valkey_url)
    engine = Engine({HALL.id: HALL}, {HALL.id: ZoneStore(client, HALL.id)})
    await engine.open()
    yield Hall(engine, client, (await engine.read(HALL.id))[0])
    await client.aclose()


@asynccontextmanager
async def running(forecaster: Forecaster) -> AsyncIterator[Forecasting]:
    forecasting = Forecasting()
    forecasting.add(HALL.id, forecaster)
    task = asyncio.create_task(forecasting.run())
    try:
        yield forecasting
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_unknown_is_published_as_unknown_until_a_counter_opens(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        first = await eventually(hall.published)
        assert first is not None
        assert first.services[NEW] is None
        await hall.do(OpenCounter(ONE), forecasting)

        async def knows() -> bool:
            published = await hall.published()
            return published is not None and published.services[NEW] is not None

        await eventually(knows)


async def test_every_change_reaches_the_published_forecast(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE), forecasting)
        await hall.do(Issue(NEW, NORMAL), forecasting)

        async def caught_up() -> bool:
            published = await hall.published()
            return published is not None and published.as_of_seq == hall.snapshot.seq

        await eventually(caught_up)
        assert len((await hall.published() or pytest.fail("nothing published")).tickets) == 1


async def test_a_missed_event_is_made_good_by_the_snapshot(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE))
        await hall.do(Issue(NEW, NORMAL), forecasting)

        async def caught_up() -> bool:
            published = await hall.published()
            return published is not None and published.as_of_seq == hall.snapshot.seq

        await eventually(caught_up)


async def test_a_zone_that_was_opened_anew_is_forecast_as_it_is_then(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(hall.published)
        old = hall.snapshot
        hall.snapshot = replace(old, tickets=dict(old.tickets), counters=dict(old.counters))
        await hall.do(OpenCounter(ONE))
        await hall.do(Issue(NEW, NORMAL), forecasting)

        async def caught_up() -> bool:
            published = await hall.published()
            return published is not None and published.as_of_seq == hall.snapshot.seq

        await eventually(caught_up)
        assert old.seq < hall.snapshot.seq


async def test_another_takes_over_at_once_when_the_holder_leaves(hall: Hall) -> None:
    holder, other = hall.forecaster(), hall.forecaster(Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0))
    async with running(holder) as holding:
        await eventually(hall.published)
        async with running(other) as standing_by:
            await hall.client.xtrim("{hall}:estimates", maxlen=0)
            await hall.do(OpenCounter(ONE), holding, standing_by)
            await eventually(hall.published)
    await hall.client.xtrim("{hall}:estimates", maxlen=0)
    async with running(other):
        await eventually(hall.published)


async def test_what_was_learned_is_kept_when_it_leaves(hall: Hall) -> None:
    async with running(hall.forecaster()):
        await eventually(hall.published)
    assert await hall.client.exists("{hall}:laws")


async def show(hall: Hall) -> bool:
    hall.shown = await hall.published()
    return hall.shown is not None and hall.shown.as_of_seq == hall.snapshot.seq


async def test_a_zone_at_rest_is_left_alone_once_its_faces_know(hall: Hall) -> None:
    async with running(hall.forecaster()) as forecasting:
        await eventually(lambda: show(hall))
        await eventually(lambda: _is_free(hall))
        await hall.client.xtrim("{hall}:estimates", maxlen=0)
        await hall.do(OpenCounter(ONE), forecasting)
        await eventually(hall.published)
        assert not await _is_free(hall)
        await hall.do(CloseCounter(ONE), forecasting)
        await eventually(lambda: show(hall))
        await eventually(lambda: _is_free(hall))


async def test_a_zone_whose_faces_know_it_costs_a_new_process_nothing(hall: Hall) -> None:
    async with running(hall.forecaster()):
        await eventually(lambda: show(hall))
    written = await _written(hall)
    turned = hall.forecaster()
    assert await turned.turn(0) > FAST.retry_s
    assert await _written(hall) == written


async def test_when_the_hours_change_a_zone_at_rest_is_said_anew(hall: Hall) -> None:
    forecaster = hall.forecaster()
    async with running(forecaster):
        await eventually(lambda: show(hall))
    assert hall.shown
    hall.snapshot.at_ms = hall.shown.at_ms + DAY_MS
    await hall.client.xtrim("{hall}:estimates", maxlen=0)
    assert await forecaster.turn(0) <= FAST.retry_s
    assert await hall.published()


async def test_one_task_serves_all_zones_and_soon_those_where_something_happened(valkey_url: str) -> None:
    zones = {z.id: z for z in (zone(f"zone-{n}") for n in range(20))}
    client = connect(valkey_url)
    engine = Engine(zones, {z: ZoneStore(client, z) for z in zones})
    await engine.open()
    snapshots = {z: (await engine.read(z))[0] for z in zones}
    forecasting = Forecasting()
    for z in zones:
        seen = Surveyed(partial(zones.__getitem__, z), partial(snapshots.__getitem__, z), lambda: HALL_MS, lambda: None)
        forecasting.add(z, Forecaster(seen, Estimates(client, z, 30.0), Pace(pause_s=0.01, idle_s=20, lease_s=60)))
    task = asyncio.create_task(forecasting.run())
    try:
        await eventually(lambda: _all_published(client, list(zones)))
        last = ZoneId("zone-19")
        for event in (await engine.do(last, OpenCounter(ONE))).events:
            forecasting.observe(last, event)
            snapshots[last].fold(event)

        async def said() -> bool:
            entries: list[Any] = await client.xrange(f"{{{last}}}:estimates") or []
            return bool(json.loads(entries[0][1]["e"])["as_of_seq"] == snapshots[last].seq)

        await eventually(said)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.aclose()


async def _all_published(client: Redis, zones: list[ZoneId]) -> bool:
    return all([await client.exists(f"{{{z}}}:estimates") for z in zones])


async def _is_free(hall: Hall) -> bool:
    return not await hall.client.exists("{hall}:lease")


async def _written(hall: Hall) -> Any:
    return [await hall.client.xrange("{hall}:estimates"), await hall.client.get("{hall}:laws")]
