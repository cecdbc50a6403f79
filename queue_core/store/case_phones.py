"""Phones that are told of a case: they go with it, with another PIN, and when their owner says so."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.errors import StoreAway
from queue_core.store import library
from queue_core.store.away import store_errors
from queue_core.store.keys import CASE_PHONES, CASE_PINS, CASES_ERASING
from queue_core.store.push import PHONES_MOST, Phone

#: Each failed attempt means that another one succeeded.
ATTEMPTS = 16

Phones = tuple[Phone, ...]


class Swapped(StrEnum):
    """What the store answers."""

    DONE = "done"
    TOO_LATE = "too_late"
    OTHER_PIN = "other_pin"


class CasePhones:
    """Each change is compare-and-set of one case's phones: however often it is changed, nothing else waits."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def of(self, key: str) -> Phones:
        return phones_of(await self._text(key))

    async def add(self, key: str, pin: str, phone: Phone) -> bool:
        """False where the case has as many as it may, was erased, or has another PIN than the one sealed as `pin`."""

        def added(there: Phones) -> Phones | None:
            others = tuple(known for known in there if known.id != phone.id)
            return (*others, phone) if len(others) < PHONES_MOST else None

        return await self._change(key, added, pin)

    async def remove(self, key: str, phone_id: str) -> None:
        await self._change(key, lambda there: tuple(phone for phone in there if phone.id != phone_id))

    async def _text(self, key: str) -> str:
        async with store_errors():
            return str(await self._client.hget(CASE_PHONES, key) or "")

    async def _change(self, key: str, decide: Callable[[Phones], Phones | None], pin: str = "") -> bool:
        for _ in range(ATTEMPTS):
            before = await self._text(key)
            after = decide(phones_of(before))
            if after is None:
                return False
            keys = (CASE_PHONES, CASE_PINS, CASES_ERASING)
            found = await library.call(self._client, "swap_phones", keys, key, before, _text(after), pin)
            if (swapped := Swapped(found)) is not Swapped.TOO_LATE:
                return swapped is Swapped.DONE
        raise StoreAway("the phones of this case keep changing")


def phones_of(text: Any) -> Phones:
    return tuple(Phone(**record) for record in json.loads(text)) if text else ()


def _text(phones: Sequence[Phone]) -> str:
    return json.dumps([asdict(phone) for phone in phones]) if phones else ""
