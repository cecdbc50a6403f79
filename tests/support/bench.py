"""An engine on a throw-away store, with a clock set by hand: what most tests of the engine stand on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import pytest
from redis.asyncio import Redis

from queue_core.domain.calendar import business_day
from queue_core.domain.commands import Command, Issue, OpenCounter
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import ClassId, Counter, CounterId, ServiceId, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from queue_core.store.records import Records
from queue_core.store.zone import ZoneStore
from tests.support.zones import NEW, NORMAL, zone

DAY_MS = 86_400_000
MINUTE_MS = 60_000
#: A Wednesday in winter; a store's zone time never goes back behind real time, so it lies ahead.
MORNING_MS = int(datetime.fromisoformat("2030-01-16T10:00:00+01:00").timestamp() * 1000)


class Bench:
    def __init__(self, client: Redis, configured: Zone) -> None:
        self.client, self.zone = client, configured
        self.engine = self.process(configured)
        self.records = Records(client, configured.id)
        self.now_ms = 0

    def process(self, configured: Zone | None = None, client: Redis | None = None) -> Engine:
        """An engine as another process has it."""
        configured = configured or self.zone
        return Engine({configured.id: configured}, {configured.id: ZoneStore(client or self.client, configured.id)})

    @asynccontextmanager
    async def processes(self, store_url: str, count: int = 4) -> AsyncIterator[list[Engine]]:
        """Engines with connections of their own, opened."""
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(connect(store_url)) for _ in range(count)]
            engines = [self.process(client=client) for client in clients]
            await asyncio.gather(*(engine.open() for engine in engines))
            yield engines

    @property
    def day(self) -> str:
        return business_day(self.zone, self.now_ms).day.isoformat()

    async def set_time(self, at_ms: int) -> None:
        self.now_ms = await self.engine.set_clock(self.zone.id, at_ms, 0)

    async def pass_s(self, seconds: float) -> None:
        await self.set_time(self.now_ms + int(1000 * seconds))

    async def next_day(self) -> None:
        await self.pass_s(DAY_MS / 1000)
        await self.engine.roll(self.zone.id)

    async def restart(self, configured: Zone) -> None:
        """The process starts anew with another file."""
        self.zone, self.engine = configured, self.process(configured)
        await self.engine.open()

    async def do(self, command: Command, once: Once | None = None) -> Outcome:
        return await self.engine.do(self.zone.id, command, once)

    async def draw(self, service: ServiceId = NEW, visitor_class: ClassId = NORMAL) -> TicketId:
        return TicketId((await self.do(Issue(service, visitor_class))).events[-1].data["ticket"])

    async def open_counters(self, *counters: CounterId) -> None:
        for counter in counters:
            await self.do(OpenCounter(counter))

    async def refusal(self, command: Command, once: Once | None = None) -> Refusal:
        return (await self.refused(command, once)).code

    async def refused(self, command: Command, once: Once | None = None) -> Refused:
        with pytest.raises(Refused) as refused:
            await self.do(command, once)
        return refused.value

    async def read(self) -> Snapshot:
        return (await self.engine.read(self.zone.id))[0]

    async def ticket(self, ticket: TicketId) -> Ticket:
        return await self.engine.ticket(self.zone.id, ticket)

    async def counter(self, counter: CounterId) -> Counter:
        return (await self.read()).counters[counter]


@asynccontextmanager
async def bench_at(url: str, configured: Zone | None = None, at_ms: int = MORNING_MS) -> AsyncIterator[Bench]:
    client = connect(url)
    bench = Bench(client, configured or zone())
    await bench.set_time(at_ms)
    await bench.engine.open()
    try:
        yield bench
    finally:
        await client.aclose()
