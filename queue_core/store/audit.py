"""Who did what with credentials, and when: a stream that is only ever appended to."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from queue_core.real_clock import real_ms
from queue_core.store.away import store_errors
from queue_core.store.keys import AUDIT


@dataclass(frozen=True, slots=True)
class Entry:
    """`who` and `about` are ids of principals, tokens, accounts; never names, passwords or tokens."""

    at_ms: int
    who: str
    what: str
    about: str


class Audit:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def append(self, who: str, what: str, about: str = "") -> None:
        entry: dict[Any, Any] = {"who": who, "what": what, "about": about, "at_ms": real_ms()}
        async with store_errors():
            await self._client.xadd(AUDIT, entry)

    async def latest(self, count: int = 100) -> list[Entry]:
        """The newest first."""
        async with store_errors():
            found: list[Any] = await self._client.xrevrange(AUDIT, count=count) or []
        return [Entry(int(e["at_ms"]), e["who"], e["what"], e["about"]) for _, e in found]
