"""Cases by their keys, their PINs as keyed hashes, and how long stages took. No number, no PIN, no name is kept.

Changes are compare-and-set over all cases (`CASES_REVISION`): a push is whole or not there, whatever happens meanwhile.
"""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.cases import Case, Stay
from queue_core.domain.errors import StoreAway
from queue_core.store.away import store_errors
from queue_core.store.case_phones import ATTEMPTS, Phones, phones_of
from queue_core.store.keys import (
    CASE_LETTERS,
    CASE_PHONES,
    CASE_PINS,
    CASE_STAYS,
    CASE_TRIES,
    CASES,
    CASES_ERASING,
    CASES_FORGOTTEN,
    CASES_REVISION,
    CASES_SEAL,
)
from queue_core.store.push import PushLetter, put_letter

_SCANNED_AT_ONCE = 1000
#: So often a phone that comes or goes meanwhile is heeded; then whoever turns it on and off again and again holds up no
#: news of others.
_WITH_PHONES = 4
_APART = "|"


@dataclass(frozen=True, slots=True)
class Kept:
    """A case that is there, the keyed hash of its PIN and the phones that are told of it."""

    case: Case
    pin: str | None
    phones: Phones


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written, together or not at all. `quiet`: of these no phone is told any more."""

    cases: Mapping[str, Case] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    stays: Sequence[Stay] = ()
    erased: Sequence[str] = ()
    letters: Sequence[PushLetter] = ()
    quiet: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.pins or self.stays or self.erased)


Decide = Callable[[Mapping[str, Kept]], Change]


class CaseStore:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def sealed_by(self, proof: str) -> bool:
        """Whether the cases are sealed by this secret; the first one to ask decides."""
        async with store_errors():
            await self._client.set(CASES_SEAL, proof, nx=True)
            return bool(await self._client.get(CASES_SEAL) == proof)

    async def pin(self, key: str) -> str | None:
        async with store_errors():
            found = await self._client.hget(CASE_PINS, key)
        return str(found) if found else None

    async def case(self, key: str) -> Case | None:
        async with store_errors():
            found = await self._client.hget(CASES, key)
        return Case.from_json(json.loads(found)) if found else None

    async def change(self, keys: Sequence[str], decide: Decide) -> None:
        """Writes what `decide` makes of those of these cases that are there; it may be asked more than once."""
        for attempt in range(ATTEMPTS):
            watched = (CASES_REVISION, CASE_PHONES) if attempt < _WITH_PHONES else (CASES_REVISION,)
            async with store_errors(), self._client.pipeline(transaction=True) as pipe:
                await pipe.watch(*watched)
                there = await _kept(pipe, keys)
                change = decide(there)
                if change.is_empty:
                    return
                pipe.multi()  # type: ignore[no-untyped-call]
                _write(pipe, change)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return
        raise StoreAway("the cases keep changing")

    async def erase(self, keys: Sequence[str], is_due: Callable[[Case], bool]) -> int:
        """Those of the cases that still are due; the disk forgets them with the next purge."""
        gone: list[str] = []

        def decide(there: Mapping[str, Kept]) -> Change:
            gone[:] = [key for key, kept in there.items() if is_due(kept.case)]
            return Change(erased=gone)

        await self.change(keys, decide)
        return len(gone)

    async def clear(self) -> None:
        """Every case and what was learnt of them, so that another secret may seal new ones."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.incr(CASES_ERASING)
            pipe.delete(CASES, CASE_PINS, CASE_PHONES, CASE_LETTERS, CASE_TRIES, CASE_STAYS, CASES_SEAL)
            pipe.incr(CASES_REVISION)
            await pipe.execute()

    async def erasing(self) -> int:
        """How often something was erased until now, if the store's log on disk may still hold some of it; else 0."""
        async with store_errors():
            times, forgotten = await self._client.mget(CASES_ERASING, CASES_FORGOTTEN)
        return int(times) if times and times != forgotten else 0

    async def forgotten(self, times: int) -> None:
        """The log was rewritten after `erasing` said so; what was erased meanwhile waits."""
        async with store_errors():
            await self._client.set(CASES_FORGOTTEN, times)

    async def each(self) -> AsyncIterator[tuple[str, Case]]:
        """Every case; one that changes meanwhile may come twice."""
        cursor = -1
        while cursor != 0:
            async with store_errors():
                answer: Any = await self._client.hscan(CASES, max(0, cursor), count=_SCANNED_AT_ONCE)
            cursor, found = answer
            for key, text in found.items():
                yield key, Case.from_json(json.loads(text))

    async def counts(self) -> Counter[tuple[str, str]]:
        """How many cases are there, by kind and stage."""
        found = {key: (case.kind, case.stage) async for key, case in self.each()}
        return Counter(found.values())

    async def stays(self, since_ms: int) -> Mapping[tuple[str, str], Counter[int]]:
        """(kind, stage) -> days -> how many cases left it after so many, since that day."""
        first = _day(since_ms)
        lengths: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for kind, stage, day, days, count in await self._stays():
            if day >= first:
                lengths[kind, stage][days] += count
        return lengths

    async def forget_stays(self, before_ms: int) -> None:
        last = _day(before_ms)
        old = [_field(kind, stage, day, days) for kind, stage, day, days, _ in await self._stays() if day < last]
        if old:
            async with store_errors():
                await self._client.hdel(CASE_STAYS, *old)

    async def _stays(self) -> Iterable[tuple[str, str, str, int, int]]:
        async with store_errors():
            found: Any = await self._client.hgetall(CASE_STAYS) or {}
        return [(*_read(name), int(count)) for name, count in found.items()]


async def _kept(pipe: Any, keys: Sequence[str]) -> dict[str, Kept]:
    if not keys:
        return {}
    every = list(keys)
    cases, pins, phones = [await pipe.hmget(name, every) for name in (CASES, CASE_PINS, CASE_PHONES)]
    found = zip(every, cases, pins, phones, strict=True)
    return {key: Kept(Case.from_json(json.loads(case)), pin, phones_of(told)) for key, case, pin, told in found if case}


def _write(pipe: Any, change: Change) -> None:
    if change.cases:
        pipe.hset(CASES, mapping={key: json.dumps(case.to_json()) for key, case in change.cases.items()})
    if change.pins:
        pipe.hset(CASE_PINS, mapping=dict(change.pins))
    for stay in change.stays:
        pipe.hincrby(CASE_STAYS, _field(stay.kind, stay.stage, _day(stay.left_ms), stay.days), 1)
    for letter in change.letters:
        put_letter(pipe, letter)
    if change.quiet:
        pipe.hdel(CASE_PHONES, *change.quiet)
        pipe.incr(CASES_ERASING)
    if change.erased:
        for name in (CASES, CASE_PINS, CASE_PHONES, CASE_TRIES):
            pipe.hdel(name, *change.erased)
        pipe.incr(CASES_ERASING)
    pipe.incr(CASES_REVISION)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def _field(kind: str, stage: str, day: str, days: int) -> str:
    return _APART.join((kind, stage, day, str(days)))


def _read(name: str) -> tuple[str, str, str, int]:
    kind, stage, day, days = name.split(_APART)
    return kind, stage, day, int(days)
