"""Sessions end when they idle, in any case after a while, and at the logout; failed logins are counted for a while."""

from collections.abc import AsyncIterator

import pytest_asyncio
from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Account, CredentialKind, Grant, Role, fingerprint
from queue_core.store import keys
from queue_core.store.connection import connect
from queue_core.store.sessions import Sessions, Tries

ANNA = Account("a1", "anna", Grant(Role.COUNTER, frozenset({ZoneId("hall")}), "Anna"), "hash")
IDLE_S, LONGEST_S = 1800, 43_200


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest_asyncio.fixture
async def client(valkey_url: str) -> AsyncIterator[Redis]:
    async with connect(valkey_url) as opened:
        yield opened


async def test_a_session_says_whose_it_is(client: Redis) -> None:
    sessions = Sessions(client, IDLE_S, LONGEST_S)
    cookie = await sessions.begin(ANNA)
    principal = await sessions.by_digest(fingerprint(cookie))
    assert principal is not None
    assert (principal.id, principal.role, principal.name) == ("staff:a1", Role.COUNTER, "Anna")
    assert (principal.kind, principal.digest) == (CredentialKind.SESSION, fingerprint(cookie))
    assert len(principal.csrf) >= 43


async def test_each_login_is_another_session(client: Redis) -> None:
    sessions = Sessions(client, IDLE_S, LONGEST_S)
    assert await sessions.begin(ANNA) != await sessions.begin(ANNA)


async def test_activity_puts_off_the_idle_end(client: Redis) -> None:
    sessions = Sessions(client, IDLE_S, LONGEST_S)
    digest = fingerprint(await sessions.begin(ANNA))
    await client.expire(keys.session(digest), 5)
    await sessions.by_digest(digest)
    assert await client.ttl(keys.session(digest)) > 5


async def test_no_activity_puts_off_the_last_end(client: Redis) -> None:
    clock = Clock()
    sessions = Sessions(client, IDLE_S, LONGEST_S, clock)
    digest = fingerprint(await sessions.begin(ANNA))
    clock.now_ms += 1000 * LONGEST_S
    assert await sessions.by_digest(digest) is None


async def test_an_ended_session_is_gone(client: Redis) -> None:
    sessions = Sessions(client, IDLE_S, LONGEST_S)
    digest = fingerprint(await sessions.begin(ANNA))
    await sessions.end(digest)
    assert await sessions.by_digest(digest) is None


async def test_failures_are_counted_apart_and_for_the_window_alone(client: Redis) -> None:
    tries = Tries(client, 900)
    assert [await tries.begin("account anna") for _ in range(3)] == [1, 2, 3]
    assert await tries.begin("account otto") == 1
    await tries.forget("account otto")
    (key,) = await client.keys("wz:tries:*")
    assert 0 < await client.ttl(key) <= 900
    await tries.forgive("account anna")
    assert await tries.begin("account anna") == 3
    await tries.forget("account anna")
    assert await tries.begin("account anna") == 1


async def test_what_is_forgiven_after_the_window_is_forgotten_too(client: Redis) -> None:
    await Tries(client, 900).forgive("address 192.0.2.1")
    (key,) = await client.keys("wz:tries:*")
    assert 0 < await client.ttl(key) <= 900
