import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from queue_core.domain.errors import HistoryLost, StoreAway
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ZoneId
from queue_core.domain.snapshot import Snapshot
from queue_core.store.connection import connect_blocking
from queue_core.store.keys import ZoneKeys
from queue_core.store.reader import ZONES_MOST, Estimated, Happened, LogReader, Opened, shares
from tests.queue_core.live.rig import HALL, Rig, open_rig
from tests.support.eventually import eventually
from tests.support.valkey import binaries, running_server, start_server
from tests.support.zones import zone

KEYS = ZoneKeys(HALL)


@pytest.fixture
async def rig(valkey_url: str) -> AsyncIterator[Rig]:
    async with open_rig(valkey_url) as rig:
        yield rig


@pytest.fixture
async def admin(valkey_url: str) -> AsyncIterator[Any]:
    """Loosely typed: the client's types know only the union of all its modes."""
    async with Redis.from_url(valkey_url, decode_responses=True) as client:
        yield client


@contextlib.asynccontextmanager
async def reading(url: str, *zones: ZoneId) -> AsyncIterator[LogReader]:
    reader = LogReader(connect_blocking(url), zones or (HALL,))
    try:
        yield reader
    finally:
        await reader.close()


async def opened(reader: LogReader) -> Snapshot:
    [news] = await reader.read()
    assert isinstance(news, Opened)
    return news.snapshot


async def happened(reader: LogReader) -> list[Event]:
    [news] = await reader.read()
    assert isinstance(news, Happened)
    return list(news.events)


async def cut_off(admin: Any) -> None:
    """The store closes every connection but ours."""
    await admin.execute_command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes")


async def test_a_zone_begins_with_its_snapshot_and_goes_on_with_its_events(rig: Rig) -> None:
    await rig.issue()
    async with reading(rig.url) as reader:
        snapshot = await opened(reader)
        assert len(snapshot.tickets) == 1
        await rig.issue()
        await rig.open()
        for event in [*await happened(reader)]:
            snapshot.fold(event)
        while snapshot.seq < (await rig.engine.read(HALL))[0].seq:
            for event in await happened(reader):
                snapshot.fold(event)
        assert snapshot == (await rig.engine.read(HALL))[0]


async def test_a_read_waits_for_what_comes(rig: Rig) -> None:
    async with reading(rig.url) as reader:
        await opened(reader)
        waiting = asyncio.create_task(happened(reader))
        await rig.issue()
        assert [e.type for e in await waiting] == [EventType.ISSUED]


async def test_the_newest_estimate_comes_with_the_events(rig: Rig, admin: Any) -> None:
    await admin.xadd(KEYS.estimates, {"e": json.dumps({"at_ms": 1})})
    async with reading(rig.url) as reader:
        await opened(reader)
        assert await reader.read() == [Estimated(HALL, {"at_ms": 1})]
        await admin.xadd(KEYS.estimates, {"e": json.dumps({"at_ms": 2})}, maxlen=1)
        assert await reader.read() == [Estimated(HALL, {"at_ms": 2})]


async def test_several_zones_share_one_reader(valkey_url: str) -> None:
    zones = zone("hall"), zone("annex")
    async with open_rig(valkey_url, *zones) as rig, reading(valkey_url, HALL, ZoneId("annex")) as reader:
        assert {news.zone for news in await reader.read()} == {"hall", "annex"}
        await rig.issue()
        assert [e.data["number"] for e in await happened(reader)] == ["A001"]


def test_zones_are_shared_out_over_connections() -> None:
    zones = [ZoneId(str(i)) for i in range(ZONES_MOST + 1)]
    assert [len(share) for share in shares(zones)] == [ZONES_MOST, 1]


async def test_a_reader_refuses_more_zones_than_a_connection_bears() -> None:
    with pytest.raises(ValueError, match="at most"):
        LogReader(connect_blocking("redis://127.0.0.1:1"), [ZoneId(str(i)) for i in range(ZONES_MOST + 1)])


async def test_a_lost_connection_is_told_and_then_nothing_is_missing(rig: Rig, admin: Any) -> None:
    async with reading(rig.url) as reader:
        await opened(reader)
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        await rig.issue()
        assert [e.type for e in await happened(reader)] == [EventType.ISSUED]


async def test_a_zone_that_was_never_opened_counts_as_a_store_that_is_away(valkey_url: str) -> None:
    async with open_rig(valkey_url), reading(valkey_url, ZoneId("nowhere")) as reader:
        with pytest.raises(StoreAway):
            await reader.read()


async def test_another_command_at_the_same_place_means_that_history_was_lost(rig: Rig, admin: Any) -> None:
    await rig.issue()
    async with reading(rig.url) as reader:
        seen = await opened(reader)
        [(id_, fields)] = await admin.xrevrange(KEYS.log, count=1)
        await admin.xdel(KEYS.log, id_)
        other = json.dumps(json.loads(fields["e"]) | {"command": "another"})
        entries = await admin.xrange(KEYS.log)
        await admin.delete(KEYS.log)
        for kept, kept_fields in [*entries, (id_, {"e": other})]:
            await admin.xadd(KEYS.log, kept_fields, id=kept)
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        with pytest.raises(HistoryLost) as lost:
            await reader.read()
        assert (lost.value.zone, lost.value.epoch, lost.value.seq) == (HALL, seen.epoch, seen.seq)


async def test_an_emptied_store_means_that_history_was_lost_and_a_new_epoch_goes_on(rig: Rig, admin: Any) -> None:
    await rig.issue()
    async with reading(rig.url) as reader:
        seen = await opened(reader)
        await admin.flushall()
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        with pytest.raises(HistoryLost) as lost:
            await reader.read()
        await rig.engine.begin_epoch(HALL, "history_lost", lost.value.epoch)
        assert (await opened(reader)).epoch > seen.epoch
        await rig.issue()
        assert [e.type for e in await happened(reader)] == [EventType.ISSUED]


async def test_an_epoch_that_somebody_else_began_is_followed_without_another(rig: Rig, admin: Any) -> None:
    async with reading(rig.url) as reader:
        seen = await opened(reader)
        await admin.flushall()
        await rig.engine.begin_epoch(HALL, "history_lost", seen.epoch)
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        assert (await opened(reader)).epoch > seen.epoch


async def test_a_new_epoch_comes_through_a_living_connection(rig: Rig) -> None:
    async with reading(rig.url) as reader:
        seen = await opened(reader)
        await rig.engine.begin_epoch(HALL, "restored", seen.epoch)
        [event] = await happened(reader)
        assert event.type is EventType.EPOCH_STARTED
        assert event.epoch > seen.epoch


async def test_a_rollover_while_waiting_loses_nothing(rig: Rig) -> None:
    for _ in range(3):
        await rig.issue()
    async with reading(rig.url) as reader:
        snapshot = await opened(reader)
        waiting = asyncio.create_task(happened(reader))
        await rig.next_day()
        events = await waiting
        assert [e.type for e in events] == [EventType.EXPIRED] * 3 + [EventType.DAY_ROLLED]
        for event in events:
            snapshot.fold(event)
        await rig.issue()
        assert [e.data["number"] for e in await happened(reader)] == ["A001"]


async def test_a_rollover_while_away_loses_nothing(rig: Rig, admin: Any) -> None:
    await rig.issue()
    async with reading(rig.url) as reader:
        await opened(reader)
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        await rig.next_day()
        assert [e.type for e in await happened(reader)] == [EventType.EXPIRED, EventType.DAY_ROLLED]


async def test_after_several_days_away_the_zone_is_opened_anew(rig: Rig, admin: Any) -> None:
    await rig.issue()
    async with reading(rig.url) as reader:
        seen = await opened(reader)
        await cut_off(admin)
        with pytest.raises(StoreAway):
            await reader.read()
        await rig.next_day()
        await rig.issue()
        await rig.next_day()
        again = await opened(reader)
        assert again.epoch == seen.epoch
        assert again == (await rig.engine.read(HALL))[0]


async def test_a_restarted_store_is_found_again() -> None:
    with running_server("valkey", "--appendonly", "yes", "--appendfsync", "always") as server:
        async with open_rig(server.url) as rig, reading(server.url) as reader:
            await opened(reader)
            await rig.issue()
            assert await happened(reader)
            server.kill()
            with pytest.raises(StoreAway):
                await reader.read()
            again = start_server(
                binaries()["valkey"], server.socket_path.parent, "--appendonly", "yes", "--appendfsync", "always"
            )
            try:
                ticket = await eventually(rig.issue)
                assert [e.data["number"] for e in await happened(reader)] == [ticket.number]
            finally:
                again.stop()


@pytest.mark.slow
async def test_a_store_that_does_not_answer_counts_as_away_and_then_nothing_is_missing() -> None:
    with running_server("valkey") as server:
        async with open_rig(server.url) as rig, reading(server.url) as reader:
            await opened(reader)
            server.freeze()
            with pytest.raises(StoreAway):
                await reader.read()
            server.thaw()
            await rig.issue()
            assert [e.type for e in await happened(reader)] == [EventType.ISSUED]


async def test_a_cancelled_read_leaves_a_reader_that_goes_on(rig: Rig) -> None:
    async with reading(rig.url) as reader:
        await opened(reader)
        waiting = asyncio.create_task(reader.read())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        await rig.issue()
        assert [e.type for e in await happened(reader)] == [EventType.ISSUED]
