"""Logins under way, and failed ones. A session is known by the hash of its cookie; the store ends it when it idles."""

import json
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from queue_core.domain.principal import Account, CredentialKind, Principal, fingerprint
from queue_core.real_clock import real_ms
from queue_core.store import keys
from queue_core.store.away import store_errors
from queue_core.store.credentials import new_secret

FindAccount = Callable[[str], Awaitable[Account | None]]


class Sessions:
    """`idle_s`: without activity it ends after so long; `longest_s`: in any case. What it allows is its account's."""

    def __init__(
        self, client: Redis, accounts: FindAccount, idle_s: int, longest_s: int, now: Callable[[], int] = real_ms
    ) -> None:
        self._client = client
        self._accounts = accounts
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._now = now

    async def begin(self, account: Account) -> str:
        """The cookie of a new session; never one that existed before the login."""
        cookie = new_secret()
        record = {
            "id": account.id,
            "login": account.login,
            "csrf": new_secret(),
            "until_ms": self._now() + 1000 * self._longest_s,
        }
        async with store_errors():
            await self._client.set(keys.session(fingerprint(cookie)), json.dumps(record), ex=self._idle_s)
        return cookie

    async def by_digest(self, digest: str) -> Principal | None:
        """Whose session's cookie has this fingerprint; counts as activity. It ends with its account."""
        async with store_errors():
            text = await self._client.getex(keys.session(digest), ex=self._idle_s)
        record = json.loads(text) if text else None
        if record is None or record["until_ms"] <= self._now():
            return None
        account = await self._accounts(record["login"])
        if account is None or account.id != record["id"]:
            return None
        grant, name = account.grant, account.grant.name or account.login
        who = f"staff:{account.id}"
        return Principal(who, grant.role, grant.zones, CredentialKind.SESSION, name, digest, record["csrf"])

    async def end(self, digest: str) -> None:
        async with store_errors():
            await self._client.delete(keys.session(digest))


class Tries:
    """Counts logins of a subject (an account, an address) within a window of time, until they are forgiven."""

    def __init__(self, client: Redis, window_s: int) -> None:
        self._client = client
        self._window_s = window_s

    async def begin(self, subject: str) -> int:
        """Counts before anybody knows how it ends, so that many at once cannot slip through; answers the count."""
        return await self._add(subject, 1)

    async def forgive(self, subject: str) -> None:
        """The last one was no failure."""
        await self._add(subject, -1)

    async def forget(self, subject: str) -> None:
        async with store_errors():
            await self._client.delete(keys.tries(fingerprint(subject)))

    async def _add(self, subject: str, count: int) -> int:
        key = keys.tries(fingerprint(subject))
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.incrby(key, count)
            pipe.expire(key, self._window_s, nx=True)
            tries, _ = await pipe.execute()
        return int(tries)
