"""News of alarms that the office's webhook has not taken yet."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from queue_core.store.away import store_errors
from queue_core.store.keys import OUTBOX

#: Of more the oldest are dropped: whoever was away for so long looks at the device page.
WAITING_MOST = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is the same however often it is sent; `body` is sent as it is. `due_ms`: not before."""

    id: str
    body: str
    at_ms: int
    due_ms: int = 0
    tries: int = 0


class Outbox:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def put(self, letter: Letter) -> None:
        """Also in the place of an earlier state of the same letter."""
        async with store_errors():
            await self._client.hset(OUTBOX, letter.id, json.dumps(asdict(letter)))

    async def waiting(self) -> list[Letter]:
        """The oldest first."""
        async with store_errors():
            found: Any = await self._client.hvals(OUTBOX) or []
        letters = sorted((Letter(**json.loads(text)) for text in found), key=lambda letter: letter.at_ms)
        for surplus in letters[:-WAITING_MOST]:
            await self.remove(surplus.id)
        return letters[-WAITING_MOST:]

    async def remove(self, letter_id: str) -> None:
        async with store_errors():
            await self._client.hdel(OUTBOX, letter_id)
