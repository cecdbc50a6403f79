"""Whether files of a case system lie there that could not be taken over; forgotten when nobody says so any more."""

from redis.asyncio import Redis

from queue_core.store.away import store_errors
from queue_core.store.keys import CASE_FILES_FAILED

#: Several times as long as it takes until it is said again.
_TOLD_FOR_S = 120


class CaseFilesFailed:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def tell(self, since_ms: int) -> None:
        async with store_errors():
            await self._client.set(CASE_FILES_FAILED, since_ms, ex=_TOLD_FOR_S)

    async def end(self) -> None:
        async with store_errors():
            await self._client.delete(CASE_FILES_FAILED)
