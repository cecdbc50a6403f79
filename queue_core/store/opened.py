"""An opened store: one client, a supported server, a schema that we know, the function library in place."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store import library
from queue_core.store.away import store_errors
from queue_core.store.connection import ServerVersion, check_version, connect
from queue_core.store.erasing import Erasing
from queue_core.store.failures import NewerSchema
from queue_core.store.keys import ADDRESS, EVERY_STATE, READINESS, SCHEMA, zone_of
from queue_core.store.line import Line
from queue_core.store.zone import ZoneStore

READINESS_KEPT_MS = 60_000
#: What keys and values mean; larger when an older release could no longer read them.
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Store:
    url: str
    client: Redis
    line: Line
    version: ServerVersion

    async def check(self) -> None:
        """Writes and reads; raises `StoreAway` when that does not work."""
        async with store_errors():
            await self.client.set(READINESS, "1", px=READINESS_KEPT_MS)
            await self.client.get(READINESS)

    async def tell_address(self, address: str) -> None:
        """For commands at the shell: where people reach the server that stands on this store."""
        async with store_errors():
            await self.client.set(ADDRESS, address)

    async def address(self) -> str | None:
        async with store_errors():
            found = await self.client.get(ADDRESS)
        return str(found) if found else None

    @property
    def erasing(self) -> Erasing:
        return Erasing(self.client)

    async def forego_disk(self) -> None:
        """For a throw-away store: nothing in it is worth a wait for the disk."""
        async with store_errors():
            await self.client.config_set("appendonly", "no")

    async def known_zones(self) -> list[ZoneId]:
        """Every zone that was ever opened here, also those that no office names any more."""
        async with store_errors():
            return sorted([zone_of(key) async for key in self.client.scan_iter(EVERY_STATE)])

    def zones(self, zones: Iterable[ZoneId]) -> dict[ZoneId, ZoneStore]:
        return {zone: ZoneStore(self.client, zone, self.line) for zone in zones}


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """Raises `StoreAway` when nobody answers, `UnsupportedServer` or `NewerSchema` when we cannot stand on it."""
    client = connect(url)
    line = Line(client)
    try:
        async with store_errors():
            version = await check_version(client)
            await _agree_on_schema(client)
            await library.load(client)
        yield Store(url, client, line, version)
    finally:
        await line.close()
        await client.aclose()


async def _agree_on_schema(client: Redis) -> None:
    await client.set(SCHEMA, SCHEMA_VERSION, nx=True)
    found = int(await client.get(SCHEMA) or SCHEMA_VERSION)
    if found > SCHEMA_VERSION:
        raise NewerSchema(found, SCHEMA_VERSION)
