"""An opened store: one client, a supported server, the function library in place."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store import library
from queue_core.store.connection import ServerVersion, check_version, connect
from queue_core.store.keys import READINESS
from queue_core.store.zone import ZoneStore, store_errors

READINESS_KEPT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Store:
    url: str
    client: Redis
    version: ServerVersion

    async def check(self) -> None:
        """Writes and reads; raises `StoreAway` when that does not work."""
        async with store_errors():
            await self.client.set(READINESS, "1", px=READINESS_KEPT_MS)
            await self.client.get(READINESS)

    def zones(self, zones: Iterable[ZoneId]) -> dict[ZoneId, ZoneStore]:
        return {zone: ZoneStore(self.client, zone) for zone in zones}


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """Raises `StoreAway` when nobody answers, `UnsupportedServer` when it is too old."""
    client = connect(url)
    try:
        async with store_errors():
            version = await check_version(client)
            await library.load(client)
        yield Store(url, client, version)
    finally:
        await client.aclose()
