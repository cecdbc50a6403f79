"""Who holds the lease publishes what its estimator says; who does not, keeps still."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis

from queue_core.domain.commands import Command, Issue, OpenCounter
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.estimate.forecast import Forecast
from queue_core.forecaster import Forecaster, Pace
from queue_core.store.connection import connect
from queue_core.store.estimates import Estimates
from queue_core.store.zone import ZoneStore
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE, zone

HALL = zone()
FAST = Pace(pause_s=0.01, idle_s=0.5, lease_s=30.0)


@dataclass
class Hall:
    engine: Engine
    client: Redis
    snapshot: Snapshot

    def forecaster(self, pace: Pace = FAST) -> Forecaster:
        estimates = Estimates(self.client, HALL.id, pace.lease_s)
        return Forecaster(lambda: HALL, lambda: self.snapshot, self.now_ms, estimates, pace)

    def now_ms(self) -> int:
        return self.snapshot.at_ms

    async def do(self, command: Command, *watching: Forecaster) -> None:
        for event in (await self.engine.do(HALL.id, command)).events:
            self.snapshot.fold(event)
            for forecaster in watching:
                forecaster.observe(event)

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
async def running(*forecasters: Forecaster) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(forecaster.run()) for forecaster in forecasters]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_unknown_is_published_as_unknown_until_a_counter_opens(hall: Hall) -> None:
    forecaster = hall.forecaster()
    async with running(forecaster):
        first = await eventually(hall.published)
        assert first is not None
        assert first.services[NEW] is None
        await hall.do(OpenCounter(ONE), forecaster)

        async def knows() -> bool:
            published = await hall.published()
            return published is not None and published.services[NEW] is not None

        await eventually(knows)


async def test_every_change_reaches_the_published_forecast(hall: Hall) -> None:
    forecaster = hall.forecaster()
    async with running(forecaster):
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE), forecaster)
        await hall.do(Issue(NEW, NORMAL), forecaster)

        async def caught_up() -> bool:
            published = await hall.published()
            return published is not None and published.as_of_seq == hall.snapshot.seq

        await eventually(caught_up)
        assert len((await hall.published() or pytest.fail("nothing published")).tickets) == 1


async def test_a_missed_event_is_made_good_by_the_snapshot(hall: Hall) -> None:
    forecaster = hall.forecaster()
    async with running(forecaster):
        await eventually(hall.published)
        await hall.do(OpenCounter(ONE))
        await hall.do(Issue(NEW, NORMAL), forecaster)

        async def caught_up() -> bool:
            published = await hall.published()
            return published is not None and published.as_of_seq == hall.snapshot.seq

        await eventually(caught_up)


async def test_another_takes_over_at_once_when_the_holder_leaves(hall: Hall) -> None:
    holder, other = hall.forecaster(), hall.forecaster(Pace(pause_s=0.01, idle_s=0.05, lease_s=30.0))
    async with running(holder):
        await eventually(hall.published)
        async with running(other):
            await hall.client.xtrim("{hall}:estimates", maxlen=0)
            await hall.do(OpenCounter(ONE), holder, other)
            await eventually(hall.published)
    await hall.client.xtrim("{hall}:estimates", maxlen=0)
    async with running(other):
        await eventually(hall.published)


async def test_what_was_learned_is_kept_when_it_leaves(hall: Hall) -> None:
    async with running(hall.forecaster()):
        await eventually(hall.published)
    assert await hall.client.exists("{hall}:laws")
