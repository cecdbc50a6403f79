"""What counts as a store that is away; and cancellations that redis-py would swallow."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from queue_core.domain.errors import StoreAway
from queue_core.store.away import store_errors
from queue_core.store.connection import connect

CODES = ["LOADING", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "OOM", "READONLY"]


@pytest.mark.parametrize("code", CODES)
async def test_a_store_that_cannot_write_now_is_away(valkey_url: str, code: str) -> None:
    async with connect(valkey_url) as client:
        with pytest.raises(StoreAway):
            async with store_errors():
                await client.eval(f"return redis.error_reply('{code} for a reason')", 0)


async def test_a_store_that_nobody_reaches_is_away() -> None:
    for error in (RedisConnectionError(), OSError(), TimeoutError()):
        with pytest.raises(StoreAway):
            async with store_errors():
                raise error


async def test_any_other_error_stays_what_it_is() -> None:
    with pytest.raises(ResponseError):
        async with store_errors():
            raise ResponseError("WRONGTYPE")


async def test_a_cancellation_that_the_client_swallowed_is_one_all_the_same() -> None:
    async def ask() -> str:
        async with store_errors():
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return "went on"

    assert await cancelled_while(ask()) is None


async def test_whoever_was_cancelled_may_still_tidy_up_in_the_store() -> None:
    async def ask() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            async with store_errors():
                await asyncio.sleep(0)
        return "tidy"

    assert await cancelled_while(ask()) == "tidy"


async def cancelled_while(asking: Coroutine[None, None, str]) -> str | None:
    """What it answers all the same; None when it was cancelled."""
    task = asyncio.create_task(asking)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    return None if task.cancelled() else task.result()
