"""Phones that are told of a case: they go with it, with another PIN, and when their owner says so."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.errors import StoreAway
from queue_core.store.away import store_errors
from queue_core.store.keys import CASE_PHONES, CASE_PINS, CASES_ERASING, CASES_REVISION
from queue_core.store.push import PHONES_MOST, Phone

#: Each failed attempt means that another one succeeded.
ATTEMPTS = 16

Phones = tuple[Phone, ...]


class CasePhones:
    """Each change is one of the cases too, so that no erasing or push passes it unseen."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def of(self, key: str) -> Phones:
        async with store_errors():
            return phones_of(await self._client.hget(CASE_PHONES, key))

    async def add(self, key: str, pin: str, phone: Phone) -> bool:
        """False where the case has as many as it may, was erased, or has another PIN than the one sealed as `pin`."""

        def added(there: Phones) -> Phones | None:
            others = tuple(known for known in there if known.id != phone.id)
            return (*others, phone) if len(others) < PHONES_MOST else None

        return await self._change(key, added, pin)

    async def remove(self, key: str, phone_id: str) -> None:
        await self._change(key, lambda there: tuple(phone for phone in there if phone.id != phone_id))

    async def _change(self, key: str, decide: Callable[[Phones], Phones | None], pin: str | None = None) -> bool:
        for _ in range(ATTEMPTS):
            async with store_errors(), self._client.pipeline(transaction=True) as pipe:
                await pipe.watch(CASES_REVISION)
                there = phones_of(await pipe.hget(CASE_PHONES, key))
                after = decide(there)
                if after is None or (pin is not None and await pipe.hget(CASE_PINS, key) != pin):
                    return False
                pipe.multi()  # type: ignore[no-untyped-call]
                _write(pipe, key, after)
                if len(after) < len(there):
                    pipe.incr(CASES_ERASING)
                pipe.incr(CASES_REVISION)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return True
        raise StoreAway("the cases keep changing")


def phones_of(text: Any) -> Phones:
    return tuple(Phone(**record) for record in json.loads(text)) if text else ()


def _write(pipe: Any, key: str, phones: Sequence[Phone]) -> None:
    """None of them: nothing is left."""
    if phones:
        pipe.hset(CASE_PHONES, key, json.dumps([asdict(phone) for phone in phones]))
    else:
        pipe.hdel(CASE_PHONES, key)
