"""Which ended days the store's append-only file may still tell of."""

from collections.abc import Iterable

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import ERASING


class Erasing:
    """Days are noted before they are purged: who dies between purge and rewriting does not leave them on the disk."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def note(self, zone: ZoneId, days: Iterable[str]) -> None:
        if noted := [f"{zone} {day}" for day in days]:
            async with store_errors():
                await self._client.sadd(ERASING, *noted)

    async def noted(self, zone: ZoneId) -> set[str]:
        async with store_errors():
            found = await self._client.smembers(ERASING)
        return {day for of, day in (str(entry).split() for entry in found) if of == zone}

    async def done(self, zone: ZoneId, days: Iterable[str]) -> None:
        """After the rewriting."""
        if erased := [f"{zone} {day}" for day in days]:
            async with store_errors():
                await self._client.srem(ERASING, *erased)
