"""Whether the store takes a write and gives it back."""

import secrets

from redis.asyncio import Redis

from queue_core.domain.errors import StoreAway
from queue_core.store.keys import READINESS
from queue_core.store.zone import store_errors

_KEPT_S = 60


async def check_store(client: Redis) -> None:
    """Raises `StoreAway`."""
    nonce = secrets.token_hex(8)
    async with store_errors():
        await client.set(READINESS, nonce, ex=_KEPT_S)
        if await client.get(READINESS) is None:
            raise StoreAway("a write was lost")
