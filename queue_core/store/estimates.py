"""A zone's published estimate, its estimator's laws, and the lease that makes one process compute them.

The lease saves work, nothing depends on it: two estimators for a moment say the same. So plain commands do, each of
these one round trip.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import FIELD, ZoneKeys


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

    async def leave_lease(self) -> None:
        async with store_errors():
            if await self._client.get(self._keys.lease) == self._holder:
                await self._client.delete(self._keys.lease)

    async def publish(self, forecast: Mapping[str, Any]) -> bool:
        """Replaces the zone's estimate for all faces and renews the lease, for its holder; False when it is another's
        by now."""
        payload: dict[Any, Any] = {FIELD: orjson.dumps(forecast)}
        async with store_errors(), self._client.pipeline(transaction=False) as pipe:
            pipe.xadd(self._keys.estimates, payload, maxlen=1, approximate=False)
            pipe.pexpire(self._keys.lease, self._lease_ms)
            pipe.get(self._keys.lease)
            *_, holder = await pipe.execute()
        return bool(holder == self._holder)

    async def save_laws(self, laws: Mapping[str, Any]) -> None:
        async with store_errors():
            await self._client.set(self._keys.laws, json.dumps(laws))

    async def laws(self) -> dict[str, Any] | None:
        async with store_errors():
            stored = await self._client.get(self._keys.laws)
        return json.loads(stored) if stored else None
