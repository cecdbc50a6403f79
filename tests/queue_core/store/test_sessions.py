"""Sessions end when they idle, in any case after a while, and at the logout; failed logins are counted for a while."""

from dataclasses import replace

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Account, CredentialKind, Grant, Role, fingerprint
from queue_core.store import keys
from queue_core.store.sessions import FindAccount, Sessions, Tries

ANNA = Account("a1", "anna", Grant(Role.COUNTER, frozenset({ZoneId("hall")}), "Anna"), "hash")
IDLE_S, LONGEST_S = 1800, 43_200


def staff(*accounts: Account) -> FindAccount:
    """Everybody who has an account."""

    async def find(login: str) -> Account | None:
        return next((account for account in accounts if account.login == login), None)

    return find


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


async def test_a_session_says_whose_it_is(client: Redis) -> None:
    sessions = Sessions(client, staff(ANNA), IDLE_S, LONGEST_S)
    cookie = await sessions.begin(ANNA)
    principal = await sessions.by_digest(fingerprint(cookie))
    assert principal is not None
    assert (principal.id, principal.role, principal.name) == ("staff:a1", Role.COUNTER, "Anna")
    assert (principal.kind, principal.digest) == (CredentialKind.SESSION, fingerprint(cookie))
    assert len(principal.csrf) >= 43


async def test_each_login_is_another_session(client: Redis) -> None:
    sessions = Sessions(client, staff(ANNA), IDLE_S, LONGEST_S)
    assert await sessions.begin(ANNA) != await sessions.begin(ANNA)


async def test_a_session_allows_what_its_account_allows_now(client: Redis) -> None:
    digest = fingerprint(await Sessions(client, staff(ANNA), IDLE_S, LONGEST_S).begin(ANNA))
    promoted = replace(ANNA, grant=Grant(Role.SUPERVISOR, None, "Anna"))
    principal = await Sessions(client, staff(promoted), IDLE_S, LONGEST_S).by_digest(digest)
    assert principal is not None
    assert (principal.role, principal.zones) == (Role.SUPERVISOR, None)


async def test_a_session_ends_with_its_account_even_if_the_login_is_given_again(client: Redis) -> None:
    digest = fingerprint(await Sessions(client, staff(ANNA), IDLE_S, LONGEST_S).begin(ANNA))
    for accounts in (staff(), staff(replace(ANNA, id="a2"))):
        assert await Sessions(client, accounts, IDLE_S, LONGEST_S).by_digest(digest) is None


async def test_activity_puts_off_the_idle_end(client: Redis) -> None:
    sessions = Sessions(client, staff(ANNA), IDLE_S, LONGEST_S)
    digest = fingerprint(await sessions.begin(ANNA))
    await client.expire(keys.session(digest), 5)
    await sessions.by_digest(digest)
    assert await client.ttl(keys.session(digest)) > 5


async def test_no_activity_puts_off_the_last_end(client: Redis) -> None:
    clock = Clock()
    sessions = Sessions(client, staff(ANNA), IDLE_S, LONGEST_S, clock)
    digest = fingerprint(await sessions.begin(ANNA))
    clock.now_ms += 1000 * LONGEST_S
    assert await sessions.by_digest(digest) is None


async def test_an_ended_session_is_gone(client: Redis) -> None:
    sessions = Sessions(client, staff(ANNA), IDLE_S, LONGEST_S)
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
