"""Whoever tells somebody of something claims it first: of two runs of a job one tells."""

from collections.abc import Callable

from redis.asyncio import Redis

from queue_core.store.away import store_errors

#: Who dies while telling holds the telling for so long.
CLAIM_S = 120


class Claims:
    """`key_of` gives the key of what is told."""

    def __init__(self, client: Redis, key_of: Callable[[str], str]) -> None:
        self._client, self._key_of = client, key_of

    async def take(self, what: str) -> bool:
        """Whether nobody else is telling this."""
        async with store_errors():
            return bool(await self._client.set(self._key_of(what), "1", nx=True, ex=CLAIM_S))

    async def release(self, what: str) -> None:
        async with store_errors():
            await self._client.delete(self._key_of(what))
