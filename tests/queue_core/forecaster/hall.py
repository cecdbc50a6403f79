"""A zone on a real store, with a snapshot that the test folds itself, and forecasters beside it."""

import asyncio
import json
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from queue_core.domain.commands import Command
from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine
from queue_core.estimate.forecast import Forecast, Range
from queue_core.forecaster import Forecaster, ForecastFigures, Kept, Ladder, Pace, Surveyed, Workbench
from queue_core.forecaster.craft import CRAFT, Craft
from queue_core.forecaster.ladder import BUDGET_S
from queue_core.forecasting import Forecasting
from queue_core.store.connection import connect
from queue_core.store.estimates import Estimates
from queue_core.store.laws import KeptLaws
from queue_core.store.zone import ZoneStore
from tests.support.zones import zone

HALL = zone()
FAST = Pace(pause_s=0.01, idle_s=0.5, lease_s=30.0)


@dataclass
class Hall:
    engine: Engine
    client: Redis
    snapshot: Snapshot
    #: What the faces show; a test that needs no rest leaves it unknown.
    shown: Forecast | None = None
    rhythm: Rhythm | None = None
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.figures = ForecastFigures(self.registry)

    def forecaster(self, pace: Pace = FAST, craft: Craft = CRAFT, budget_s: float = BUDGET_S) -> Forecaster:
        kept = Kept(Estimates(self.client, HALL.id, pace.lease_s), KeptLaws(self.client, HALL.id))
        seen = Surveyed(lambda: HALL, lambda: self.snapshot, self.now_ms, lambda: self.shown, lambda: self.rhythm)
        return Forecaster(seen, kept, pace, Ladder(HALL.id, Workbench(), self.figures, pace.idle_s, budget_s), craft)

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

    async def caught_up(self) -> bool:
        published = await self.published()
        return published is not None and published.as_of_seq == self.snapshot.seq

    async def by(self, method: str) -> bool:
        published = await self.published()
        return published is not None and published.method == method

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def opened_hall(url: str) -> AsyncIterator[Hall]:
    client = connect(url)
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


@dataclass
class Taught:
    """Laws of one number."""

    lessons: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"lessons": self.lessons}


@dataclass
class Scripted:
    """An estimator that does as the test says: what is in `broken` raises, `slow` never ends."""

    living: Snapshot
    laws: Taught
    script: "Script"
    ran_seq: int = -1

    def stands_beside(self, living: Snapshot) -> bool:
        return self.living is living

    def observe(self, event: Event) -> None:  # noqa: ARG002
        self._fail("observe")
        self.laws.lessons += 1

    def slices(self, now_ms: int) -> Generator[None, None, Forecast]:
        self.script.simulated += 1
        while "slow" in self.script.broken:
            sum(range(2_000))
            yield
        self._fail("simulation")
        yield
        self.ran_seq = self.living.seq
        return self._say(now_ms, "simulation")

    def aged(self, now_ms: int) -> Forecast | None:
        self._fail("aged")
        return self._say(now_ms, "simulation") if self.ran_seq == self.living.seq else None

    def prospects(self, now_ms: int) -> Generator[None, None, Mapping[Slot, CallTimes]]:
        yield
        self._fail("prospects")
        slots = {Slot(b.service, b.visitor_class, b.slot_ms) for b in self.living.bookings.values()}
        return dict.fromkeys(slots, CallTimes(now_ms, now_ms + 60_000, now_ms + 120_000))

    def by_queue_length(self, now_ms: int) -> Forecast:
        self._fail("queue_length")
        return self._say(now_ms, "queue_length")

    def by_history(self, now_ms: int, rhythm: Rhythm | None) -> Forecast:
        self._fail("history")
        return self._say(now_ms, "history") if rhythm else Forecast(now_ms, self.living.seq)

    def _fail(self, what: str) -> None:
        if what in self.script.broken:
            raise RuntimeError(f"no {what}")

    def _say(self, now_ms: int, method: str) -> Forecast:
        median_s = self.script.median_s
        said = Range(median_s // 2, median_s, 2 * median_s, method)
        tickets = {t.id: said for t in self.living.waiting()}
        return Forecast(now_ms, self.living.seq, tickets, dict.fromkeys(self.living.services, said))


@dataclass
class Script:
    """What of the estimators fails from now on; how many were made, and how often one simulated."""

    broken: set[str] = field(default_factory=set)
    median_s: int = 600
    made: list[Scripted] = field(default_factory=list)
    simulated: int = 0

    def craft(self) -> Craft:
        return Craft(lambda record: Taught(record["lessons"]), Taught, self._make)

    def _make(self, _zone: Zone, living: Snapshot, laws: Taught) -> Scripted:
        self.made.append(Scripted(living, laws, self))
        return self.made[-1]
