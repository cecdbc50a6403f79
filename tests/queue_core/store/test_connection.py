import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
import redis
from redis.asyncio import Redis

from queue_core.store.connection import (
    MAX_BLOCK_MS,
    ServerVersion,
    check_version,
    connect,
    connect_blocking,
    require_supported,
    server_version,
)
from queue_core.store.failures import UnsupportedServer
from tests.support.eventually import eventually
from tests.support.valkey import running_server

NEVER_HANGS_S = 5.0


@contextlib.asynccontextmanager
async def closing(client: Redis) -> AsyncIterator[Redis]:
    try:
        yield client
    finally:
        await client.aclose()


async def test_replies_are_text_in_the_shapes_of_resp3(store_url: str) -> None:
    async with closing(connect(store_url)) as client:
        await client.xadd("log", {"type": "issued"}, id="7-1")
        assert await client.xread({"log": "0"}) == {"log": [("7-1", {"type": "issued"})]}


async def test_more_callers_than_connections_wait_their_turn(store_url: str) -> None:
    async with closing(connect(store_url, max_connections=2)) as client:
        assert sorted(await asyncio.gather(*(client.incr("n") for _ in range(50)))) == list(range(1, 51))
        assert int((await client.info("clients"))["connected_clients"]) <= 3


@pytest.mark.slow
async def test_a_frozen_server_holds_no_caller_longer_than_5_s() -> None:
    with running_server("valkey") as server:
        async with closing(connect(server.url, max_connections=2)) as client:
            await asyncio.gather(*(client.ping() for _ in range(2)))
            server.freeze()
            started = time.monotonic()
            outcomes = await asyncio.gather(*(client.ping() for _ in range(6)), return_exceptions=True)
            assert time.monotonic() - started < NEVER_HANGS_S
            assert {type(outcome) for outcome in outcomes} <= {redis.TimeoutError, redis.ConnectionError}
            server.thaw()
            assert await eventually(lambda: answers(client))


async def test_a_server_that_is_gone_is_said_at_once() -> None:
    with running_server("valkey") as server:
        async with closing(connect(server.url)) as client:
            await client.ping()
            server.kill()
            started = time.monotonic()
            with pytest.raises(redis.ConnectionError):
                await client.ping()
            assert time.monotonic() - started < 1


async def test_a_blocking_reader_waits_its_full_time_without_an_error(valkey_url: str) -> None:
    async with closing(connect_blocking(valkey_url)) as reader, closing(connect(valkey_url)) as writer:
        waiting = asyncio.ensure_future(reader.xread({"log": "$"}, block=MAX_BLOCK_MS))
        await eventually(lambda: is_blocked(writer))
        await writer.xadd("log", {"type": "called"}, id="7-2")
        assert await waiting == {"log": [("7-2", {"type": "called"})]}


@pytest.mark.slow
async def test_a_blocking_reader_survives_a_silent_log(valkey_url: str) -> None:
    async with closing(connect_blocking(valkey_url)) as reader:
        assert not await reader.xread({"log": "$"}, block=MAX_BLOCK_MS)


async def test_a_blocking_reader_is_told_when_its_connection_was_cut(valkey_url: str) -> None:
    async with closing(connect_blocking(valkey_url)) as reader, closing(connect(valkey_url)) as other:
        waiting = asyncio.ensure_future(reader.xread({"log": "$"}, block=MAX_BLOCK_MS))
        await eventually(lambda: is_blocked(other))
        await other.client_kill_filter(_type="normal", skipme=True)
        with pytest.raises(redis.ConnectionError):
            await waiting
        assert await reader.ping()


async def test_a_reader_cut_between_two_reads_is_told_too(valkey_url: str) -> None:
    async with closing(connect_blocking(valkey_url)) as reader, closing(connect(valkey_url)) as other:
        await reader.ping()
        await other.client_kill_filter(_type="normal", skipme=True)
        with pytest.raises(redis.ConnectionError):
            await reader.xread({"log": "0"}, block=1)


async def test_both_engines_are_accepted(store_url: str) -> None:
    async with closing(connect(store_url)) as client:
        assert (await check_version(client)).name in {"valkey", "redis"}


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"redis_version": "7.0.15"}, ServerVersion("redis", "7.0.15")),
        ({"redis_version": "7.2.4", "valkey_version": "9.1.2"}, ServerVersion("valkey", "9.1.2")),
        ({}, ServerVersion("unknown", "0")),
    ],
)
def test_valkey_is_known_by_its_own_version(info: dict[str, str], expected: ServerVersion) -> None:
    assert server_version(info) == expected


@pytest.mark.parametrize(
    "found",
    [ServerVersion("redis", "6.2.14"), ServerVersion("valkey", "7.2.9"), ServerVersion("unknown", "0")],
)
def test_a_server_that_is_too_old_is_refused_by_name(found: ServerVersion) -> None:
    with pytest.raises(UnsupportedServer, match=f"this server is {found.name} {found.version}; .*Redis >= 7.0"):
        require_supported(found)


@pytest.mark.parametrize("found", [ServerVersion("redis", "7.0.0"), ServerVersion("valkey", "10.0.0-rc1")])
def test_a_server_that_is_new_enough_passes(found: ServerVersion) -> None:
    require_supported(found)


async def answers(client: Redis) -> bool:
    with contextlib.suppress(redis.RedisError):
        return bool(await client.ping())
    return False


async def is_blocked(client: Redis) -> bool:
    return int((await client.info("clients"))["blocked_clients"]) > 0
