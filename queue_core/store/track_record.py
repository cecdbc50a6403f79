"""What is known of a zone's ended days: how true its forecasts were on each, and the rhythm of its weeks."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits, Rhythm
from queue_core.store.away import store_errors
from queue_core.store.keys import JUDGED, ZoneKeys, new_revision
from queue_core.store.packed import NotPacked, pack, unpack

#: A year and more, so that a month can be compared with itself.
DAYS_KEPT = 400

Read = TypeVar("Read")


class TrackRecord:
    """Of one zone. Days are ISO dates of business days."""

    def __init__(self, client: Redis, zone: ZoneId) -> None:
        self._client = client
        self._zone = zone
        self._keys = ZoneKeys(zone)

    async def days(self) -> list[str]:
        """The days whose quality is known, in order."""
        async with store_errors():
            return sorted(map(str, await self._client.hkeys(self._keys.quality)))

    async def qualities(self, days: Iterable[str]) -> dict[str, Quality]:
        """Of these days those that are known; a record that cannot be read counts as unknown."""
        if not (asked := list(days)):
            return {}
        async with store_errors():
            found = await self._client.hmget(self._keys.quality, asked)
        read = {day: _quality(str(record)) for day, record in zip(asked, found, strict=True) if record}
        return {day: quality for day, quality in read.items() if quality}

    async def keep_day(self, day: str, quality: Quality, waits: DayWaits) -> None:
        """Forgets the oldest days beyond `DAYS_KEPT`."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hset(self._keys.waits, day, pack(waits.to_json()))
            pipe.hset(self._keys.quality, day, json.dumps(quality.to_json()))
            await pipe.execute()
        if old := (await self.days())[:-DAYS_KEPT]:
            async with store_errors(), self._client.pipeline(transaction=True) as pipe:
                pipe.hdel(self._keys.waits, *old)
                pipe.hdel(self._keys.quality, *old)
                await pipe.execute()

    async def waits(self) -> list[DayWaits]:
        """Of all days; what cannot be read is left out."""
        async with store_errors():
            found = await self._client.hvals(self._keys.waits)
        return [waits for packed in found if (waits := _read(DayWaits.from_json, str(packed)))]

    async def rhythm(self) -> Rhythm | None:
        """None also for a record that cannot be read: it is worked out anew."""
        async with store_errors():
            packed = await self._client.get(self._keys.rhythm)
        return rhythm_of(str(packed)) if packed else None

    async def keep_rhythm(self, rhythm: Rhythm) -> None:
        """Every process reads this zone's record anew within a minute."""
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.set(self._keys.rhythm, pack(rhythm.to_json()))
            pipe.hset(JUDGED, self._zone, new_revision())
            await pipe.execute()


def rhythm_of(packed: str) -> Rhythm | None:
    return _read(Rhythm.from_json, packed)


def _read(read: Callable[[Mapping[str, Any]], Read], packed: str) -> Read | None:
    try:
        return read(unpack(packed))
    except (NotPacked, KeyError, TypeError, ValueError, AttributeError):
        return None


def _quality(record: str) -> Quality | None:
    try:
        return Quality.from_json(json.loads(record))
    except (TypeError, ValueError):
        return None
