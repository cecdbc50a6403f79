"""Tries at the citizen's door: who may try, who has to wait and for how long. The store's memory for it is bounded.

A known case has a place of its own. All other subjects (numbers that nobody knows, addresses) share a fixed number of
places, by a hash that nobody outside can work out; who takes another one's place makes it forgotten, never locked. So
strangers can neither fill the store nor lock what they do not try themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from queue_core.real_clock import real_ms
from queue_core.store import library
from queue_core.store.away import store_errors
from queue_core.store.keys import CASE_ADDRESS_TRIES, CASE_TRIES

#: Each has some 60 bytes.
_PLACES = 65_536
_SUBJECT_CHARACTERS = 16
_SHARED = "~"
_SCANNED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` tries within a window one waits, twice as long each time. The window begins with its first try."""

    free: int
    first_wait_ms: int
    longest_wait_ms: int
    window_ms: int


@dataclass(frozen=True, slots=True)
class Try:
    """`count`: of this window, with this one. `wait_ms` > 0: it is none, and was not counted."""

    count: int
    wait_ms: int


class CaseTries:
    """Of one kind of subject, each known by a keyed hash."""

    def __init__(self, client: Redis, key: str, patience: Patience, now: Callable[[], int] = real_ms) -> None:
        self._client, self._key, self._patience, self._now = client, key, patience, now

    async def begin(self, subject: str, *, is_known: bool = False) -> Try:
        """Counts before anybody knows how it ends, so that many at once cannot slip through."""
        patience = self._patience
        waits = (patience.free, patience.first_wait_ms, patience.longest_wait_ms, patience.window_ms)
        count, wait_ms = await self._call("begin_try", subject, is_known, waits)
        return Try(int(count), int(wait_ms))

    async def forgive(self, subject: str) -> None:
        """The last one was no failure."""
        await self._call("forgive_try", subject, False, (self._patience.window_ms,))

    async def forget(self, subject: str) -> None:
        """Of a known one: all of its tries."""
        async with store_errors():
            await self._client.hdel(self._key, _place(subject, is_known=True))

    async def forget_old(self) -> None:
        """Those whose window is over: who tried when is nobody's business any more."""
        over_ms = self._now() - self._patience.window_ms
        cursor = -1
        while cursor != 0:
            async with store_errors():
                answer: Any = await self._client.hscan(self._key, max(0, cursor), count=_SCANNED_AT_ONCE)
                cursor, found = answer
                if old := [field for field, text in found.items() if int(str(text).split(" ")[2]) <= over_ms]:
                    await self._client.hdel(self._key, *old)

    async def _call(self, name: str, subject: str, is_known: bool, rest: tuple[int, ...]) -> list[Any]:
        place, known_by = _place(subject, is_known=is_known), subject[:_SUBJECT_CHARACTERS]
        return list(await library.call(self._client, name, [self._key], place, known_by, self._now(), *rest))


def of_cases(client: Redis, patience: Patience, now: Callable[[], int] = real_ms) -> CaseTries:
    return CaseTries(client, CASE_TRIES, patience, now)


def of_addresses(client: Redis, patience: Patience, now: Callable[[], int] = real_ms) -> CaseTries:
    return CaseTries(client, CASE_ADDRESS_TRIES, patience, now)


def _place(subject: str, *, is_known: bool) -> str:
    return subject if is_known else f"{_SHARED}{int(subject[-_SUBJECT_CHARACTERS:], 16) % _PLACES}"
