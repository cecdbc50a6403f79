"""One zone in the store: readings, its clock, what a store that is away looks like, and what a ticket costs."""

import json
import time

import pytest
from redis.asyncio import Redis

from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter, Start
from queue_core.domain.errors import Refusal, Refused, StoreAway
from queue_core.domain.model import TicketId
from queue_core.engine import Once
from queue_core.store.connection import connect
from queue_core.store.zone import OutOfStep, Stamp, ZoneStore
from tests.support.bench import bench_at
from tests.support.valkey import running_server
from tests.support.zones import NEW, NORMAL, ONE, zone

TICKET_BYTES_MOST = 2048
VISITS = 1000


async def test_a_zone_that_was_never_opened_reads_as_fresh(store_url: str) -> None:
    client = connect(store_url)
    reading = await ZoneStore(client, zone().id).read()
    assert reading.snapshot is None
    assert abs(reading.now_ms - time.time() * 1000) < 5000
    await client.aclose()


async def test_the_clock_runs_at_its_rate_from_where_it_was_set(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        start_ms = bench.now_ms
        await bench.engine.set_clock(bench.zone.id, 0, 1_000_000)
        reading = await ZoneStore(bench.client, bench.zone.id).read()
        while reading.now_ms == start_ms:
            reading = await ZoneStore(bench.client, bench.zone.id).read()
        assert (reading.now_ms - start_ms) % 1_000_000 == 0
        assert bench.engine.clock(bench.zone.id).rate == 1_000_000
        assert await bench.engine.set_clock(bench.zone.id, 0, 0) >= reading.now_ms


async def test_a_command_that_believes_in_another_day_or_configuration_is_out_of_step(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        store, day = ZoneStore(bench.client, bench.zone.id), (await bench.read()).day
        for stamp in (Stamp("c", "2030-01-15"), Stamp("c", day, configuration="another")):
            with pytest.raises(OutOfStep):
                await store.run(OpenCounter(ONE), stamp, [])
        await store.run(OpenCounter(ONE), Stamp("c", day), [])


async def test_a_closed_ticket_is_found_until_the_day_ends(store_url: str) -> None:
    async with bench_at(store_url) as bench:
        await bench.open_counters(ONE)
        ticket = await bench.draw()
        await bench.do(CallNext(ONE))
        await bench.do(Finish(ONE))
        assert (await bench.ticket(ticket)).ended_ms == bench.now_ms
        await bench.next_day()
        with pytest.raises(Refused) as refused:
            await bench.ticket(TicketId(ticket))
        assert refused.value.code is Refusal.UNKNOWN_TICKET


async def test_a_store_that_is_away_is_told_as_such() -> None:
    with running_server("valkey") as server:
        async with bench_at(server.url) as bench:
            server.kill()
            with pytest.raises(StoreAway):
                await bench.draw()
            with pytest.raises(StoreAway):
                await bench.read()


async def test_a_ticket_costs_at_most_two_kilobytes(store_url: str) -> None:
    """Everything that a visit leaves behind: its record, four events, the answers to four commands with their keys."""
    async with bench_at(store_url) as bench:
        await bench.open_counters(ONE)
        before = await memory(bench.client)
        for n in range(VISITS):
            await bench.do(Issue(NEW, NORMAL, estimate={"p10_s": 60, "p50_s": 300, "p90_s": 900}), Once("k", f"{n}"))
            await bench.do(CallNext(ONE), Once("d", f"c{n}"))
            await bench.do(Start(ONE), Once("d", f"s{n}"))
            await bench.do(Finish(ONE), Once("d", f"f{n}"))
        each = (await memory(bench.client) - before) / VISITS
        print(f"\na ticket costs {each:.0f} bytes")
        assert each <= TICKET_BYTES_MOST
        log = [json.dumps(e.to_json()) async for e in bench.records.export()]
        assert len(log) == 4 * VISITS + 3


async def memory(client: Redis) -> int:
    keys = [key async for key in client.scan_iter()]
    return sum([int(await client.memory_usage(key, samples=0) or 0) for key in keys])
