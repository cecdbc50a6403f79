"""The line to the store: one answer to each, in order, whatever happens to the others and to the connection."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from queue_core.domain.errors import StoreAway
from queue_core.store.connection import connect
from queue_core.store.line import BATCH_MOST, Line
from tests.support.cutting_proxy import cutting_proxy
from tests.support.eventually import eventually
from tests.support.valkey import binaries, running_server, start_server

NEVER_HANGS_S = 5.0


@asynccontextmanager
async def line_to(url: str, batch_most: int = BATCH_MOST) -> AsyncIterator[Line]:
    client = connect(url)
    line = Line(client, batch_most)
    try:
        yield line
    finally:
        await line.close()
        await client.aclose()


@pytest.fixture
async def line(store_url: str) -> AsyncIterator[Line]:
    async with line_to(store_url) as line:
        yield line


@pytest.fixture
async def other(store_url: str) -> AsyncIterator[Redis]:
    async with connect(store_url) as client:
        yield client


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: pytest's own may be too long for a socket."""
    with TemporaryDirectory(prefix="wz-") as name:
        yield Path(name)


async def count(line: Line) -> int:
    return int(await line.ask("INCR", "n", repeatable=False))


async def answers(line: Line) -> bool:
    try:
        return bool(await line.ask("PING", repeatable=False) == "PONG")
    except StoreAway:
        return False


async def test_two_hundred_at_once_get_answers_of_their_own_in_the_order_of_asking(line: Line, other: Redis) -> None:
    assert await asyncio.gather(*(count(line) for _ in range(200))) == list(range(1, 201))
    names = [client["name"] for client in await other.client_list()]
    assert names.count("wartezone") == 2


async def test_an_answer_that_came_while_this_process_stood_still_is_no_late_one(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await answers(line)
    monkeypatch.setattr("queue_core.store.line.REPLY_TIMEOUT_S", 0.3)
    answer = asyncio.create_task(line.ask("BLPOP", "none", "0.1", repeatable=False))
    for _ in range(10):
        await asyncio.sleep(0)
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        pass
    assert await answer is None


async def test_texts_bytes_and_numbers_arrive_as_they_are(line: Line) -> None:
    await line.ask("HSET", "h", "text", "Bürgerbüro", "bytes", b"\x00\r\n", "number", 7, repeatable=False)
    assert await line.ask("HGETALL", "h", repeatable=True) == {"text": "Bürgerbüro", "bytes": "\x00\r\n", "number": "7"}


async def test_what_cannot_be_sent_is_told_to_its_caller_alone(line: Line) -> None:
    with pytest.raises(TypeError):
        await line.ask("ECHO", object(), repeatable=False)  # type: ignore[arg-type]
    assert await answers(line)


async def test_an_error_is_for_its_caller_alone(line: Line) -> None:
    asked = [line.ask(*words, repeatable=False) for words in (("ECHO", "a"), ("NOSUCH",), ("GET",), ("ECHO", "b"))]
    first, unknown, incomplete, last = await asyncio.gather(*asked, return_exceptions=True)
    assert (first, last) == ("a", "b")
    assert isinstance(unknown, ResponseError)
    assert isinstance(incomplete, ResponseError)


async def test_a_store_that_refuses_to_write_is_away(line: Line, other: Redis) -> None:
    used = (await other.info("memory"))["used_memory"]
    try:
        await other.config_set("maxmemory", used // 2)
        with pytest.raises(StoreAway, match="OutOfMemory"):
            await line.ask("SET", "a", "b", repeatable=True)
    finally:
        await other.config_set("maxmemory", 0)


async def test_cancelled_callers_do_not_shift_the_answers_of_others(line: Line) -> None:
    chance = random.Random(7)

    async def echo(n: int) -> str:
        return str(await line.ask("ECHO", str(n), repeatable=False))

    for _ in range(20):
        tasks = [asyncio.create_task(echo(n)) for n in range(200)]
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(0)
        leaving = set(chance.sample(range(200), 100))
        for n in leaving:
            tasks[n].cancel()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(told[n] == str(n) for n in range(200) if n not in leaving)


async def test_a_command_that_was_never_sent_is_taken_back_with_its_caller(line: Line) -> None:
    task = asyncio.create_task(count(line))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert await count(line) == 1


async def test_a_connection_lost_while_nobody_asked_costs_nobody_anything(line: Line, other: Redis) -> None:
    for n in range(1, 4):
        assert await count(line) == n
        me = (await other.client_info())["id"]
        for client in await other.client_list():
            if client["id"] != str(me):
                await other.client_kill_filter(_id=client["id"])


@pytest.mark.parametrize("cut_after", [0, 1, 3, 4, 17, 100])
async def test_who_may_not_be_repeated_hears_that_the_answer_is_lost(
    valkey_url: str, folder: Path, cut_after: int
) -> None:
    async with cutting_proxy(folder, valkey_url) as proxy, line_to(proxy.url) as line:
        assert await count(line) == 1
        proxy.cut_after = cut_after
        told = await asyncio.gather(*(count(line) for _ in range(50)), return_exceptions=True)
        lost = [answer for answer in told if isinstance(answer, StoreAway)]
        assert [answer for answer in told if answer not in lost] == list(range(2, 52 - len(lost)))
        assert lost
        assert await count(line) == 52


@pytest.mark.parametrize("cut_after", [0, 1, 3, 4, 17, 100])
async def test_who_may_be_repeated_never_notices(valkey_url: str, folder: Path, cut_after: int) -> None:
    async with cutting_proxy(folder, valkey_url) as proxy, line_to(proxy.url) as line:
        assert await answers(line)
        proxy.cut_after = cut_after
        echoes = (line.ask("ECHO", str(n), repeatable=True) for n in range(50))
        assert await asyncio.gather(*echoes) == [str(n) for n in range(50)]
        assert proxy.connections == 2


async def test_a_repeated_command_runs_before_those_that_came_after_it(valkey_url: str, folder: Path) -> None:
    async with cutting_proxy(folder, valkey_url) as proxy, line_to(proxy.url) as line:
        assert await answers(line)
        proxy.cut_after = 0
        pushes = [line.ask("RPUSH", "list", str(n), repeatable=True) for n in range(BATCH_MOST + 10)]
        await asyncio.gather(*pushes)
        pushed = await line.ask("LRANGE", "list", 0, -1, repeatable=True)
        assert pushed == [str(n) for n in (*range(BATCH_MOST), *range(BATCH_MOST + 10))]


async def test_a_command_is_repeated_once_only(store_url: str, other: Redis) -> None:
    async def lost() -> bool:
        waiting = [client["id"] for client in await other.client_list() if client["cmd"] == "blpop"]
        return bool(waiting) and bool(await other.client_kill_filter(_id=waiting[0]))

    async with line_to(store_url) as line:
        asking = asyncio.create_task(line.ask("BLPOP", "never", 1, repeatable=True))
        assert await eventually(lost)
        assert await eventually(lost)
        with pytest.raises(StoreAway):
            await asking


async def test_a_store_that_was_killed_is_away_at_once_and_found_again(folder: Path) -> None:
    server = start_server(binaries()["valkey"], folder)
    async with line_to(server.url) as line:
        try:
            assert await answers(line)
            server.kill()
            started = time.monotonic()
            told = await asyncio.gather(*(count(line) for _ in range(300)), return_exceptions=True)
            assert {type(answer) for answer in told} == {StoreAway}
            assert time.monotonic() - started < NEVER_HANGS_S
            server = start_server(binaries()["valkey"], folder)
            assert await count(line) == 1
        finally:
            server.kill()


@pytest.mark.slow
async def test_a_frozen_store_holds_nobody_longer_than_5_s() -> None:
    with running_server("valkey") as server:
        async with line_to(server.url) as line:
            assert await answers(line)
            server.freeze()
            started = time.monotonic()
            asked = [line.ask("SET", "k", "v" * 1000, repeatable=bool(n % 2)) for n in range(3 * BATCH_MOST)]
            told = await asyncio.gather(*asked, return_exceptions=True)
            assert {type(answer) for answer in told} == {StoreAway}
            with pytest.raises(StoreAway):
                await line.ask("PING", repeatable=True)
            assert time.monotonic() - started < NEVER_HANGS_S
            server.thaw()
            assert await eventually(lambda: answers(line))


@pytest.mark.slow
async def test_who_waited_too_long_behind_others_is_told_so(store_url: str) -> None:
    async with line_to(store_url, batch_most=1) as line:
        await answers(line)
        slow = [asyncio.create_task(line.ask("BLPOP", "never", 1, repeatable=False)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(StoreAway, match="in time"):
            await line.ask("PING", repeatable=True)
        assert await asyncio.gather(*slow) == [None] * 3
        assert await answers(line)


async def test_whoever_asks_after_the_close_hears_so_at_once(store_url: str) -> None:
    async with line_to(store_url) as line:
        asked = [asyncio.create_task(count(line)) for _ in range(20)]
        await asyncio.sleep(0)
        await line.close()
        assert await asyncio.gather(*asked) == list(range(1, 21))
        with pytest.raises(StoreAway, match="closed"):
            await count(line)


async def test_a_line_that_was_never_used_closes_too() -> None:
    async with line_to("unix:///nowhere/valkey.sock"):
        pass


async def test_a_store_that_never_was_is_away() -> None:
    async with line_to("unix:///nowhere/valkey.sock") as line:
        told = await asyncio.gather(*(count(line) for _ in range(10)), return_exceptions=True)
        assert {type(answer) for answer in told} == {StoreAway}
