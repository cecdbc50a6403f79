"""What is known of a zone's ended days: how true its forecasts were on each, and the rhythm of its weeks."""

import json
import secrets
from collections.abc import Iterable

from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import Rhythm
from queue_core.store.away import store_errors
from queue_core.store.keys import JUDGED, ZoneKeys
from queue_core.store.packed import NotPacked, pack, unpack

#: Days whose quality is kept: a year and more, so that a month can be compared with itself.
QUALITY_DAYS_KEPT = 400
_REVISION_BYTES = 6


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

    async def keep_quality(self, day: str, quality: Quality) -> None:
        """Forgets the oldest days beyond `QUALITY_DAYS_KEPT`."""
        async with store_errors():
            await self._client.hset(self._keys.quality, day, json.dumps(quality.to_json()))
        if old := (await self.days())[:-QUALITY_DAYS_KEPT]:
            async with store_errors():
                await self._client.hdel(self._keys.quality, *old)

    async def rhythm(self) -> Rhythm | None:
        """None also for a record that cannot be read: it is worked out anew after the next day."""
        async with store_errors():
            packed = await self._client.get(self._keys.rhythm)
        return rhythm_of(str(packed)) if packed else None

    async def keep_rhythm(self, rhythm: Rhythm) -> None:
        async with store_errors():
            await self._client.set(self._keys.rhythm, pack(rhythm.to_json()))

    async def tell(self) -> None:
        """Every process reads this zone's record anew within a minute."""
        async with store_errors():
            await self._client.hset(JUDGED, self._zone, secrets.token_hex(_REVISION_BYTES))


def rhythm_of(packed: str) -> Rhythm | None:
    try:
        return Rhythm.from_json(unpack(packed))
    except (NotPacked, KeyError, TypeError, ValueError, AttributeError):
        return None


def _quality(record: str) -> Quality | None:
    try:
        return Quality.from_json(json.loads(record))
    except (TypeError, ValueError):
        return None
