"""One estimator a zone, and what it publishes."""

from typing import Any

import pytest
from redis.asyncio import Redis

from queue_core.domain.errors import StoreAway
from queue_core.domain.model import ZoneId
from queue_core.store.connection import connect
from queue_core.store.estimates import Estimates
from queue_core.store.laws import KeptLaws

HALL = ZoneId("hall")
LONG_S = 60.0


async def test_only_one_process_holds_the_lease(client: Redis) -> None:
    first, second = Estimates(client, HALL, LONG_S), Estimates(client, HALL, LONG_S)
    assert await first.hold_lease()
    assert not await second.hold_lease()


async def test_the_holder_keeps_its_lease_and_renews_it_with_every_estimate(client: Redis) -> None:
    first = Estimates(client, HALL, LONG_S)
    assert await first.hold_lease()
    assert await first.hold_lease()
    await client.pexpire("{hall}:lease", 5_000)
    assert (await first.publish({"at_ms": 1})).holds
    assert await client.pttl("{hall}:lease") > 5_000


async def test_a_left_lease_is_free_at_once(client: Redis) -> None:
    first, second = Estimates(client, HALL, LONG_S), Estimates(client, HALL, LONG_S)
    await first.hold_lease()
    await first.leave_lease()
    assert await second.hold_lease()


async def test_a_lease_that_ran_out_goes_to_another_and_is_not_taken_back(client: Redis) -> None:
    first, second = Estimates(client, HALL, LONG_S), Estimates(client, HALL, LONG_S)
    await first.hold_lease()
    await client.delete("{hall}:lease")
    assert await second.hold_lease()
    assert not await first.hold_lease()
    assert not (await first.publish({"at_ms": 1})).holds
    await first.leave_lease()
    assert await second.hold_lease()


async def test_zones_have_leases_of_their_own(client: Redis) -> None:
    assert await Estimates(client, HALL, LONG_S).hold_lease()
    assert await Estimates(client, ZoneId("annex"), LONG_S).hold_lease()


async def test_only_the_newest_estimate_is_kept(client: Redis) -> None:
    estimates = Estimates(client, HALL, LONG_S)
    await estimates.publish({"at_ms": 1})
    await estimates.publish({"at_ms": 2})
    entries: list[Any] = await client.xrange("{hall}:estimates") or []
    assert [fields["e"] for _, fields in entries] == ['{"at_ms":2}']


async def test_what_was_published_is_read_by_whoever_comes_next(client: Redis) -> None:
    estimates = Estimates(client, HALL, LONG_S)
    assert await estimates.published() is None
    await estimates.publish({"at_ms": 1})
    assert await Estimates(client, HALL, LONG_S).published() == {"at_ms": 1}


async def test_who_publishes_hears_which_laws_the_store_has(client: Redis) -> None:
    estimates, laws = Estimates(client, HALL, LONG_S), KeptLaws(client, HALL)
    await estimates.hold_lease()
    assert await estimates.publish({"at_ms": 1}) == (True, "")
    await laws.exchange({"gap": 1})
    assert await estimates.publish({"at_ms": 2}) == (True, (await laws.read()).revision)


async def test_a_store_that_is_away_is_said() -> None:
    client = connect("unix:///nowhere/valkey.sock")
    with pytest.raises(StoreAway):
        await Estimates(client, HALL, LONG_S).hold_lease()
    await client.aclose()
