"""Logins under way, and failed ones. A session is known by the hash of its cookie; the store ends it when it idles."""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Account, CredentialKind, Principal, Role, fingerprint
from queue_core.real_clock import real_ms
from queue_core.store import keys
from queue_core.store.credentials import new_secret
from queue_core.store.zone import store_errors


class Sessions:
    """`idle_s`: without activity it ends after so long; `longest_s`: in any case."""

    def __init__(self, client: Redis, idle_s: int, longest_s: int, now: Callable[[], int] = real_ms) -> None:
        self._client = client
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._now = now

    async def begin(self, account: Account) -> str:
        """The cookie of a new session; never one that existed before the login."""
        cookie = new_secret()
        grant = account.grant
        record = {
            "id": account.id,
            "role": grant.role.value,
            "zones": sorted(grant.zones) if grant.zones is not None else None,
            "name": grant.name or account.login,
            "csrf": new_secret(),
            "until_ms": self._now() + 1000 * self._longest_s,
        }
        async with store_errors():
            await self._client.set(keys.session(fingerprint(cookie)), json.dumps(record), ex=self._idle_s)
        return cookie

    async def by_digest(self, digest: str) -> Principal | None:
        """Whose session's cookie has this fingerprint; counts as activity."""
        async with store_errors():
            text = await self._client.getex(keys.session(digest), ex=self._idle_s)
        record = json.loads(text) if text else None
        if record is None or record["until_ms"] <= self._now():
            return None
        zones = None if record["zones"] is None else frozenset(map(ZoneId, record["zones"]))
        return Principal(
            f"staff:{record['id']}",
            Role(record["role"]),
            zones,
            CredentialKind.SESSION,
            record["name"],
            digest,
            record["csrf"],
        )

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
