"""A real engine on a real store, for tests of what is read from it."""

import contextlib
from collections.abc import AsyncIterator

from queue_core.domain.commands import CallNext, Issue, OpenCounter
from queue_core.domain.model import CounterId, ServiceId, Ticket, TicketId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.engine import Engine
from queue_core.store.opened import open_store
from tests.support.zones import NEW, NORMAL, ONE, zone

HALL = ZoneId("hall")
AFTER_DAY_MS = 1


class Rig:
    def __init__(self, url: str, engine: Engine) -> None:
        self.url, self.engine = url, engine

    async def issue(self, service: ServiceId = NEW) -> Ticket:
        outcome = await self.engine.do(HALL, Issue(service, NORMAL))
        return await self.engine.ticket(HALL, TicketId(outcome.events[0].data["ticket"]))

    async def open(self, counter: CounterId = ONE) -> Outcome:
        return await self.engine.do(HALL, OpenCounter(counter))

    async def call(self, counter: CounterId = ONE) -> Outcome:
        return await self.engine.do(HALL, CallNext(counter))

    async def next_day(self) -> None:
        snapshot, _ = await self.engine.read(HALL)
        await self.engine.set_clock(HALL, snapshot.day_to_ms + AFTER_DAY_MS, 1)
        await self.engine.roll(HALL)


@contextlib.asynccontextmanager
async def open_rig(url: str, *zones: Zone) -> AsyncIterator[Rig]:
    async with open_store(url) as store:
        office = {z.id: z for z in zones or (zone(),)}
        engine = Engine(office, store.zones(office))
        await engine.open()
        yield Rig(url, engine)
