from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from queue_core.store.connection import connect


@pytest.fixture
async def client(valkey_url: str) -> AsyncIterator[Redis]:
    async with connect(valkey_url) as opened:
        yield opened
