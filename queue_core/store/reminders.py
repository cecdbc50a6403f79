"""Of which appointments the office's reminder address was told. Nothing of it outlives the appointment."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from queue_core.store.away import store_errors
from queue_core.store.claims import Claims
from queue_core.store.keys import REMINDERS, reminder_claim


@dataclass(frozen=True, slots=True)
class Reminded:
    """`slot_ms`: for which time; `is_over`: told, or given up. `due_ms`: not before, because `tries` have failed."""

    slot_ms: int
    is_over: bool = False
    tries: int = 0
    due_ms: int = 0


class ReminderStore:
    """By appointment: zone, code and when it was made."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self.claims = Claims(client, reminder_claim)

    async def all(self) -> Mapping[str, Reminded]:
        async with store_errors():
            found: Any = await self._client.hgetall(REMINDERS) or {}
        return {name: Reminded(**json.loads(text)) for name, text in found.items()}

    async def of(self, appointment: str) -> Reminded | None:
        async with store_errors():
            text = await self._client.hget(REMINDERS, appointment)
        return Reminded(**json.loads(text)) if text else None

    async def put(self, appointment: str, reminded: Reminded) -> None:
        async with store_errors():
            await self._client.hset(REMINDERS, appointment, json.dumps(asdict(reminded)))

    async def forget(self, appointments: list[str]) -> None:
        if appointments:
            async with store_errors():
                await self._client.hdel(REMINDERS, *appointments)
