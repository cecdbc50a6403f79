"""What the hub does when the store goes, comes back, or comes back as another."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from queue_core.domain.clock import REAL_TIME
from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ServiceId, TicketId, ZoneId
from queue_core.estimate.forecast import Forecast, Range
from queue_core.live.client import Stopping
from queue_core.live.feed import Feed
from queue_core.store.estimates import Estimates
from tests.queue_core.live.house import STAFF_TOKEN, House, open_house
from tests.queue_core.live.rig import HALL
from tests.support.eventually import eventually
from tests.support.valkey import Server, binaries, running_server, start_server
from tests.support.zones import NEW, SHORT, zone

DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
IN_A_MINUTE = Range(30, 60, 120, "queue-length")


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        yield house


@contextlib.asynccontextmanager
async def admin(url: str) -> AsyncIterator[Any]:
    async with Redis.from_url(url, decode_responses=True) as client:
        yield client


async def publish(house: House, **services: Range | None) -> None:
    ranges = {ServiceId(service): found for service, found in services.items()}
    forecast = Forecast(1, house.hub.snapshot(HALL).seq, services=ranges)
    async with admin(house.rig.url) as client:
        await Estimates(client, HALL, 1).publish(forecast.to_json())


async def test_every_zone_can_be_asked_when_the_hub_is_ready(valkey_url: str) -> None:
    async with open_house(valkey_url, zones=[zone("hall"), zone("annex")]) as house:
        assert house.hub.snapshot(ZoneId("annex")).day
        assert house.hub.is_current(HALL)
        with pytest.raises(UnknownZone):
            house.hub.snapshot(ZoneId("nowhere"))


async def test_observers_get_every_event_once_and_in_order(house: House) -> None:
    seen: list[Event] = []
    house.hub.observe(HALL, seen.append)
    for _ in range(3):
        await house.rig.issue()
    await house.rig.next_day()
    await eventually(lambda: seen and seen[-1].type is EventType.DAY_ROLLED)
    assert [e.seq for e in seen] == list(range(seen[0].seq, seen[0].seq + 7))


async def test_an_estimate_reaches_every_view_that_shows_waits(house: House) -> None:
    await house.rig.open()
    async with house.screen("waits") as screen:
        await screen.until(lambda: screen.position)
        await publish(house, new=IN_A_MINUTE, short=None)
        await screen.until(lambda: screen.state["services"][0]["wait"])
        assert screen.state["services"][0]["wait"] == IN_A_MINUTE.to_json()
        assert screen.state["services"][1]["wait"] is None
        assert screen.kinds() == ["hello", "snapshot", "estimates"]
    assert house.hub.shown(HALL, NEW) == {"p10_s": 30, "p50_s": 60, "p90_s": 120}
    assert house.hub.shown(HALL, SHORT) is None


async def test_the_public_state_is_the_same_bytes_and_tag_until_something_changes(house: House) -> None:
    before = house.hub.body(HALL, "public")
    assert house.hub.body(HALL, "public") == before
    await house.rig.issue()
    after = await eventually(lambda: (body := house.hub.body(HALL, "public")) != before and body)
    assert after
    assert after.etag != before.etag
    state = json.loads(after.json)
    assert (state["epoch"], state["seq"]) == (house.hub.snapshot(HALL).epoch, house.hub.snapshot(HALL).seq)
    assert [s["id"] for s in state["services"]] == ["new", "short"]
    assert state["current"] is True


async def test_own_tickets_have_a_state_even_when_nobody_follows_them(house: House) -> None:
    first, second = await house.rig.issue(), await house.rig.issue()
    await eventually(lambda: len(house.hub.snapshot(HALL).tickets) == 2)
    assert json.loads(house.hub.state(HALL, "own", first.id))["ahead"] == 0
    assert json.loads(house.hub.state(HALL, "own", second.id))["ahead"] == 1
    assert json.loads(house.hub.state(HALL, "own", TicketId("none")))["state"] == "unknown"


@contextlib.asynccontextmanager
async def durable_house() -> AsyncIterator[tuple[House, Server]]:
    with running_server("valkey", *DURABLE) as server:
        async with open_house(server.url) as house:
            yield house, server


async def test_a_store_that_restarts_is_told_as_stale_and_then_nothing_is_missing() -> None:
    async with durable_house() as (house, server), house.screen("desk", STAFF_TOKEN) as screen:
        await house.rig.issue()
        await screen.until(lambda: screen.state.get("tickets"))
        server.kill()
        await screen.until(lambda: screen.frames[-1].get("current") is False)
        again = start_server(binaries()["valkey"], server.socket_path.parent, *DURABLE)
        try:
            await eventually(house.rig.issue)
            await screen.until(lambda: len(screen.state["tickets"]) == 2)
            assert screen.kinds().count("snapshot") == 1
            await screen.until(lambda: screen.frames[-1].get("current") is True)
        finally:
            again.stop()


async def test_a_store_that_lost_its_history_begins_a_new_epoch_on_every_screen() -> None:
    with running_server("valkey") as server:
        async with open_house(server.url) as house, house.screen("public") as screen:
            await house.rig.issue()
            await screen.until(lambda: screen.state.get("totals", {}).get("issued") == 1)
            assert screen.position
            epoch, _ = screen.position
            server.kill()
            again = start_server(binaries()["valkey"], server.socket_path.parent)
            try:
                await screen.until(lambda: screen.position and screen.position[0] > epoch)
                assert screen.state["totals"]["issued"] == 0
                await eventually(house.rig.issue)
                await screen.until(lambda: screen.state["totals"]["issued"] == 1)
            finally:
                again.stop()


async def test_a_restored_older_state_is_never_shown_under_the_old_epoch(house: House) -> None:
    async with Redis.from_url(house.rig.url) as client, house.screen("public") as screen:
        await house.rig.issue()
        old = {key: await client.dump(key) for key in await _keys(client)}
        await house.rig.issue()
        await screen.until(lambda: screen.state.get("totals", {}).get("issued") == 2)
        assert screen.position
        epoch, _ = screen.position
        await _put_back(client, old)
        await screen.until(lambda: screen.position and screen.position[0] > epoch)
        assert screen.state["totals"]["issued"] == 1


async def _keys(client: Any) -> list[bytes]:
    return [key async for key in client.scan_iter("{hall}:*")]


async def _put_back(client: Any, old: dict[bytes, bytes | None]) -> None:
    """At once, and every connection but ours is cut: as a restore does."""
    async with client.pipeline() as pipe:
        pipe.delete(*await _keys(client))
        for key, value in old.items():
            pipe.restore(key, 0, value)
        pipe.client_kill_filter(_type="normal", skipme=True)
        await pipe.execute()


async def test_a_frozen_store_does_not_freeze_the_screens() -> None:
    with running_server("valkey") as server:
        async with open_house(server.url) as house, house.screen("public") as screen:
            await screen.until(lambda: screen.position)
            server.freeze()
            try:
                await screen.frame("heartbeat")
            finally:
                server.thaw()
            await house.rig.issue()
            await screen.until(lambda: screen.state["totals"]["issued"] == 1)


async def test_a_hub_that_stops_takes_nobody(house: House) -> None:
    await house.hub.close()
    with pytest.raises(Stopping):
        house.hub.require(HALL)


def test_a_zone_that_was_not_read_yet_counts_as_away() -> None:
    feed = Feed(zone, lambda: REAL_TIME, 1)
    with pytest.raises(StoreAway):
        _ = feed.snapshot
