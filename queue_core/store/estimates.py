"""A zone's published estimate, and the lease that makes one process compute it.

The lease saves work, nothing depends on it: two estimators for a moment say the same. So plain commands do, each of
these one round trip.
"""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import FIELD, ZoneKeys


class Standing(NamedTuple):
    """Whether the lease is still its holder's; and which laws the store has (see `KeptLaws`)."""

    holds: bool
    laws: str


class Estimates:
    def __init__(self, client: Redis, zone: ZoneId, lease_s: float) -> None:
        self._client = client
        self._keys = ZoneKeys(zone)
        self._lease_ms = round(1000 * lease_s)
        self._holder = secrets.token_hex(8)

    async def hold_lease(self) -> bool:
        """True while this process is the zone's estimator: takes the lease, or keeps it."""
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            pipe.set(self._keys.lease, self._holder, nx=True, px=self._lease_ms)
            pipe.get(self._keys.lease)
            _, holder = await pipe.execute()
        return bool(holder == self._holder)

    async def holds_lease(self) -> bool:
        async with store_errors():
            return bool(await self._client.get(self._keys.lease) == self._holder)

    async def leave_lease(self) -> None:
        if await self.holds_lease():
            async with store_errors():
                await self._client.delete(self._keys.lease)

    async def publish(self, forecast: Mapping[str, Any]) -> Standing:
        """Replaces the zone's estimate for all faces and renews the lease, for its holder."""
        payload: dict[Any, Any] = {FIELD: orjson.dumps(forecast)}
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            pipe.xadd(self._keys.estimates, payload, maxlen=1, approximate=False)
            pipe.pexpire(self._keys.lease, self._lease_ms)
            pipe.mget(self._keys.lease, self._keys.laws_revision)
            *_, (holder, laws) = await pipe.execute()
        return Standing(holder == self._holder, str(laws or ""))

    async def published(self) -> dict[str, Any] | None:
        """Raises `ValueError` for what is no JSON."""
        async with store_errors():
            found: Any = await self._client.xrevrange(self._keys.estimates, count=1)
        return orjson.loads(found[0][1][FIELD]) if found else None
