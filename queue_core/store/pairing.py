"""Devices that wait to be let in. Neither their codes nor their secrets are here, only the hashes of both."""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from queue_core.domain.attendance import DeviceName
from queue_core.domain.pairing import CODE_VALID_MS, WAITING_MOST, WRONG_CODES_MOST, Approval, code_of, typed
from queue_core.domain.principal import Grant, fingerprint
from queue_core.real_clock import real_ms
from queue_core.store.away import store_errors
from queue_core.store.credentials import Credentials
from queue_core.store.keys import pairings

#: Field beside the codes: how often somebody has tried.
_TRIES = "tries"


class Pairings:
    def __init__(self, client: Redis, credentials: Credentials, now: Callable[[], int] = real_ms) -> None:
        self._client, self._credentials, self._now = client, credentials, now

    async def begin(self, name: DeviceName, secret: str) -> int | None:
        """For so many milliseconds the code of this secret can be approved; None where too many wait already."""
        key, until_ms = pairings(str(name)), self._now() + CODE_VALID_MS
        record = json.dumps({"secret": fingerprint(secret), "until_ms": until_ms})
        async with store_errors():
            for code, text in (await self._client.hgetall(key) or {}).items():
                if code != _TRIES and json.loads(text)["until_ms"] <= self._now():
                    await self._client.hdel(key, code)
            if await self._client.hlen(key) > WAITING_MOST:
                return None
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hset(key, fingerprint(code_of(secret)), record)
                pipe.pexpire(key, CODE_VALID_MS)
                await pipe.execute()
        return CODE_VALID_MS

    async def left_ms(self, name: DeviceName, secret: str) -> int | None:
        """For how long the code of this secret can be approved; None where it cannot, any more or yet."""
        async with store_errors():
            text = await self._client.hget(pairings(str(name)), fingerprint(code_of(secret)))
        record = json.loads(text) if text else None
        left_ms = int(record["until_ms"]) - self._now() if record else 0
        return left_ms if left_ms > 0 else None

    async def approve(self, name: DeviceName, code: str, grant: Grant, by: str) -> Approval:
        """Lets the device in that shows this code: once, whoever else approves it at the same moment."""
        key, field = pairings(str(name)), fingerprint(typed(code))
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hincrby(key, _TRIES, 1)
            pipe.pexpire(key, CODE_VALID_MS)
            pipe.hget(key, field)
            tries, _, text = await pipe.execute()
        record = json.loads(text) if text and tries <= WRONG_CODES_MOST else None
        if record is None or record["until_ms"] <= self._now() or not await self._take(key, field):
            return await self._wrong(key, int(tries))
        await self._credentials.admit(record["secret"], grant, by)
        return Approval.APPROVED

    async def _take(self, key: str, field: str) -> bool:
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hdel(key, field)
            pipe.hdel(key, _TRIES)
            taken, _ = await pipe.execute()
        return bool(taken)

    async def _wrong(self, key: str, tries: int) -> Approval:
        if tries < WRONG_CODES_MOST:
            return Approval.WRONG
        async with store_errors():
            await self._client.delete(key)
        return Approval.SPENT
