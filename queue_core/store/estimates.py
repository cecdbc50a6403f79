"""A zone's published estimate, its estimator's laws, and the lease that makes one process compute them."""

import json
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError

from queue_core.domain.model import ZoneId
from queue_core.store.keys import FIELD, ZoneKeys
from queue_core.store.zone import store_errors


class Estimates:
    def __init__(self, client: Redis, zone: ZoneId, lease_s: float) -> None:
        self._client = client
        self._keys = ZoneKeys(zone)
        self._lease_s = lease_s
        self._lease: Lock = client.lock(self._keys.lease, timeout=lease_s, blocking=False, thread_local=False)

    async def hold_lease(self) -> bool:
        """True while this process is the zone's estimator: takes or renews the lease."""
        async with store_errors():
            try:
                if await self._lease.owned():
                    await self._lease.extend(self._lease_s, replace_ttl=True)
                    return True
                return bool(await self._lease.acquire())
            except LockError:
                return False

    async def leave_lease(self) -> None:
        async with store_errors():
            if await self._lease.owned():
                await self._lease.release()

    async def publish(self, forecast: Mapping[str, Any]) -> None:
        """Replaces the zone's estimate for all faces."""
        payload: dict[Any, Any] = {FIELD: json.dumps(forecast, separators=(",", ":"))}
        async with store_errors():
            await self._client.xadd(self._keys.estimates, payload, maxlen=1, approximate=False)

    async def save_laws(self, laws: Mapping[str, Any]) -> None:
        async with store_errors():
            await self._client.set(self._keys.laws, json.dumps(laws))

    async def laws(self) -> dict[str, Any] | None:
        async with store_errors():
            stored = await self._client.get(self._keys.laws)
        return json.loads(stored) if stored else None
