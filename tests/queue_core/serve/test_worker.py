"""The background worker as a child of the server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from queue_core.serve.worker import WorkerChild
from queue_core.settings import Settings
from queue_core.store.connection import connect
from tests.support.embedded import process_exists
from tests.support.eventually import eventually
from tests.support.office_files import office_file

START_WITHIN_S = 20.0


@asynccontextmanager
async def working(settings: Settings, url: str) -> AsyncIterator[Redis]:
    client = connect(url)
    task = asyncio.create_task(WorkerChild(settings, url).run())
    try:
        yield client
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await client.aclose()


async def pids(client: Redis) -> set[int]:
    """Of the workers that rq knows of."""
    keys = await client.smembers("rq:workers")
    return {int(pid) for key in keys if (pid := await client.hget(str(key), "pid"))}


@pytest.mark.slow
async def test_a_worker_lives_as_long_as_its_server_and_is_started_again(valkey_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, config=office_file(tmp_path))
    async with working(settings, valkey_url) as client:
        [first] = await eventually(lambda: pids(client), START_WITHIN_S)
        os.kill(first, signal.SIGKILL)
        [second] = await eventually(lambda: others(client, first), START_WITHIN_S)
    assert not process_exists(first)
    assert not process_exists(second)


async def others(client: Redis, than: int) -> set[int]:
    return await pids(client) - {than}
