"""The function library: loaded once, replaced when it differs, mended when the store lost it."""

import asyncio
import re

import pytest
from redis.exceptions import ResponseError

from queue_core.domain.commands import CallNext, Issue, OpenCounter
from queue_core.domain.errors import Refusal
from queue_core.domain.events import TRANSITIONS
from queue_core.domain.model import CounterState, TicketState
from queue_core.store import library
from queue_core.store.connection import connect
from queue_core.store.zone import Stamp, ZoneStore
from tests.support.bench import Bench, bench_at
from tests.support.zones import NEW, NORMAL, ONE


async def functions_loaded(bench: Bench) -> int:
    """How often this server has been told to load functions."""
    stats = await bench.client.info("commandstats")
    return int(stats.get("cmdstat_function|load", {"calls": 0})["calls"])


async def test_the_library_is_loaded_once(store_url: str) -> None:
    client = connect(store_url)
    await client.function_flush("SYNC")
    await client.config_resetstat()
    await client.aclose()
    async with bench_at(store_url) as bench:
        for _ in range(3):
            await library.load(bench.client)
            await bench.draw()
        assert await functions_loaded(bench) == 1


async def test_a_library_of_other_source_is_replaced(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        other = library.source().replace("R.counter_open,", "R.counter_busy,")
        assert other != library.source()
        await bench.client.function_load(other, replace=True)
        await bench.open_counters(ONE)
        assert await bench.refusal(OpenCounter(ONE)) is Refusal.COUNTER_BUSY
        await library.load(bench.client)
        assert await bench.refusal(OpenCounter(ONE)) is Refusal.COUNTER_OPEN


async def test_a_lost_library_is_loaded_again_by_the_next_command(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        await bench.draw()
        await bench.client.function_flush("SYNC")
        await bench.draw()
        await bench.client.function_flush("SYNC")
        assert (await bench.read()).ordinal == 2


async def test_a_lost_library_is_no_matter_for_many_at_once(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        await bench.client.function_flush("SYNC")
        await bench.client.config_resetstat()
        await asyncio.gather(*(bench.draw() for _ in range(50)))
        assert (await bench.read()).ordinal == 50
        assert await functions_loaded(bench) == 1


async def test_an_undeclared_queue_is_an_error_and_changes_nothing(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        ticket = await bench.draw()
        await bench.open_counters(ONE)
        before = await bench.read()
        store = ZoneStore(bench.client, bench.zone.id)
        with pytest.raises(ResponseError, match="WZ"):
            await store.run(CallNext(ONE), Stamp("c", before.day), [])
        assert await bench.read() == before
        assert (await bench.ticket(ticket)).seq == before.tickets[ticket].seq


async def test_a_fault_in_a_move_is_told_as_ours(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        await bench.client.hset(bench.records.keys.fixed[7], f"service:{NEW}", "no json")
        with pytest.raises(ResponseError, match="WZ "):
            await bench.do(Issue(NEW, NORMAL))


def test_states_and_refusals_of_the_library_are_those_of_python() -> None:
    source = library.source()
    assert set(re.findall(r"\bR\.(\w+)", source)) <= set(Refusal)
    assert set(re.findall(r"\bSTATE\.(\w+)", source)) <= set(TicketState)
    assert set(re.findall(r"\bCOUNTER\.(\w+)", source)) <= set(CounterState)


def test_every_refusal_but_the_facades_own_is_spoken_in_lua() -> None:
    spoken = set(re.findall(r"\bR\.(\w+)", library.source()))
    assert set(Refusal) - spoken == {Refusal.KEY_SPENT, Refusal.NOT_OFFERED}


def test_every_event_has_what_it_changes() -> None:
    applied = set(re.findall(r"\bapply\.(\w+)", library.source()))
    assert {event.value for event in TRANSITIONS} <= applied


def test_names_carry_the_version() -> None:
    registered = set(re.findall(r"register_function(?:\('|\{function_name=')(\w+)'", library.source()))
    assert registered
    assert {name.partition("_")[0] for name in registered} == {library.LIBRARY}
