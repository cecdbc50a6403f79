"""One task gives every zone its turn when it is due; what fails in one does not keep the others from theirs."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from queue_core.domain.commands import Command, OpenCounter
from queue_core.domain.model import ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.estimate.knowledge import Knowledge
from queue_core.forecaster import Forecaster, ForecastFigures, Kept, Ladder, Pace, Surveyed, Workbench
from queue_core.forecaster.craft import CRAFT, Craft
from queue_core.forecasting import Forecasting
from queue_core.store.connection import connect
from queue_core.store.estimates import Estimates
from queue_core.store.laws import KeptLaws
from queue_core.store.zone import ZoneStore
from tests.support.eventually import eventually
from tests.support.zones import ONE, zone

HALL_MS = 1_791_183_600_000
PACE = Pace(pause_s=0.01, idle_s=20, lease_s=60)
ZONES = {z.id: z for z in (zone(f"zone-{n}") for n in range(20))}
FIRST, LAST = ZoneId("zone-0"), ZoneId("zone-19")


@dataclass
class Houses:
    client: Redis
    engine: Engine
    snapshots: Mapping[ZoneId, Snapshot]
    forecasting: Forecasting

    def add(self, zone_id: ZoneId, bench: Workbench, figures: ForecastFigures, craft: Craft = CRAFT) -> None:
        seen = Surveyed(
            partial(ZONES.__getitem__, zone_id),
            partial(self.snapshots.__getitem__, zone_id),
            lambda: HALL_MS,
            lambda: None,
        )
        kept = Kept(Estimates(self.client, zone_id, PACE.lease_s), KeptLaws(self.client, zone_id))
        self.forecasting.add(zone_id, Forecaster(seen, kept, PACE, Ladder(zone_id, bench, figures, PACE.idle_s), craft))

    async def do(self, zone_id: ZoneId, command: Command) -> None:
        for event in (await self.engine.do(zone_id, command)).events:
            self.forecasting.observe(zone_id, event)
            self.snapshots[zone_id].fold(event)

    async def seq(self, zone_id: ZoneId) -> int:
        entries: list[Any] = await self.client.xrange(f"{{{zone_id}}}:estimates") or []
        return int(json.loads(entries[0][1]["e"])["as_of_seq"]) if entries else 0

    async def all_published(self) -> bool:
        return all([await self.client.exists(f"{{{z}}}:estimates") for z in ZONES])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.forecasting.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def houses(valkey_url: str) -> AsyncIterator[Houses]:
    client = connect(valkey_url)
    engine = Engine(ZONES, {z: ZoneStore(client, z) for z in ZONES})
    await engine.open()
    yield Houses(client, engine, {z: (await engine.read(z))[0] for z in ZONES}, Forecasting())
    await client.aclose()


async def test_one_task_serves_all_zones_and_soon_those_where_something_happened(houses: Houses) -> None:
    bench, figures = Workbench(), ForecastFigures(CollectorRegistry())
    for zone_id in ZONES:
        houses.add(zone_id, bench, figures)
    async with houses.running():
        await eventually(houses.all_published)
        await houses.do(LAST, OpenCounter(ONE))

        async def said() -> bool:
            return await houses.seq(LAST) == houses.snapshots[LAST].seq

        await eventually(said)


async def test_a_zone_that_cannot_be_left_keeps_no_other_from_being_left(
    houses: Houses, caplog: pytest.LogCaptureFixture
) -> None:
    class Unwritable(Knowledge):
        def to_json(self) -> dict[str, Any]:
            raise TypeError("no JSON")

    bench, figures = Workbench(), ForecastFigures(CollectorRegistry())
    for zone_id in ZONES:
        no_laws = Unwritable if zone_id == FIRST else CRAFT.no_laws
        houses.add(zone_id, bench, figures, Craft(CRAFT.read, no_laws, CRAFT.beside))
    async with houses.running():
        await eventually(houses.all_published)
        await houses.do(FIRST, OpenCounter(ONE))
    assert not await houses.client.exists(*(f"{{{z}}}:lease" for z in ZONES if z != FIRST))
    assert "the forecaster of zone-0 failed" in caplog.text


async def test_a_zone_that_fails_keeps_no_other_from_its_turn(houses: Houses, caplog: pytest.LogCaptureFixture) -> None:
    def never(*_: object) -> Any:
        raise RuntimeError("no estimator")

    bench, figures = Workbench(), ForecastFigures(CollectorRegistry())
    houses.add(FIRST, bench, figures, Craft(CRAFT.read, CRAFT.no_laws, never))
    houses.add(LAST, bench, figures)
    async with houses.running():
        await houses.do(FIRST, OpenCounter(ONE))
        await eventually(partial(houses.seq, LAST))
    assert await houses.seq(FIRST) == 0
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == [
        "the forecaster of zone-0 failed (RuntimeError('no estimator')); it is tried again in 5 s"
    ]
