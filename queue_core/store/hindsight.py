"""What this process knows of all zones' ended days: read from the store now and then, asked as often as you like."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.errors import StoreAway
from queue_core.domain.events import Event
from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import Rhythm
from queue_core.store.away import store_errors
from queue_core.store.keys import JUDGED, ZoneKeys
from queue_core.store.records import Records
from queue_core.store.track_record import TrackRecord, rhythm_of

log = logging.getLogger(__name__)

REFRESH_S = 60.0
#: Further back nobody asks here: a thousand zones' years need not lie in every process.
DAYS_MOST = 31


class Hindsight:
    """Knows nothing until the first `refresh`; one round trip each time, and a few for a zone where a day has ended."""

    def __init__(self, client: Redis, zones: Iterable[ZoneId]) -> None:
        self._client = client
        self._records = {zone: TrackRecord(client, zone) for zone in zones}
        self._read: dict[ZoneId, str] = {}
        self._days: dict[ZoneId, dict[str, Quality]] = {}
        self._summed: dict[ZoneId, dict[tuple[str, int], Quality | None]] = {}
        self._packed: dict[ZoneId, str] = {}
        self._on_record: dict[ZoneId, tuple[str, ...]] = {}
        self._is_read = False
        self._rhythms: dict[ZoneId, Rhythm | None] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.refresh()
            except StoreAway as e:
                log.info("ended days are not read while the store is away: %s", e.cause)
            except Exception:
                log.exception("ended days could not be read")
            await asyncio.sleep(REFRESH_S)

    async def refresh(self) -> None:
        """Raises `StoreAway`."""
        async with store_errors():
            told = await self._client.hgetall(JUDGED)
        for zone in self._records:
            revision = str(told.get(zone, ""))
            if revision != self._read.get(zone, ""):
                await self._read_zone(zone)
                self._read[zone] = revision
        self._is_read = True

    def quality(self, zone: ZoneId, before: str, days: int) -> Quality | None:
        """Summed up over the `days` calendar days (at most `DAYS_MOST`) before the business day `before`, ISO; None
        when no range can be held against a wait."""
        summed = self._summed.setdefault(zone, {})
        if (before, days) not in summed:
            summed[before, days] = self._sum(zone, before, days)
        return summed[before, days]

    def rhythm(self, zone: ZoneId) -> Rhythm | None:
        """None while too few days are on record; the same object as long as nothing changed."""
        if zone not in self._rhythms:
            packed = self._packed.get(zone)
            found = rhythm_of(packed) if packed else None
            self._rhythms[zone] = found if found and found.services else None
        return self._rhythms[zone]

    def days(self, zone: ZoneId) -> tuple[str, ...] | None:
        """The ended days that are judged, ISO, oldest first; the same object as long as nothing changed. None before
        the first `refresh`."""
        return self._on_record.get(zone, () if self._is_read else None)

    async def archive(self, zone: ZoneId, day: str) -> list[dict[str, Any]]:
        """The lines of an archived day; none where there is no archive. Raises `StoreAway`, `NotPacked`."""
        return await Records(self._client, zone).read_archive(day)

    def running_day(self, zone: ZoneId, after: Event | None) -> AsyncGenerator[Event, None]:
        """What happened today, as far as it has come (after a given event). Raises `StoreAway`."""
        return Records(self._client, zone).running_day(after)

    async def _read_zone(self, zone: ZoneId) -> None:
        record = self._records[zone]
        days = await record.days()
        self._days[zone], self._on_record[zone] = await record.qualities(days[-DAYS_MOST:]), tuple(days)
        async with store_errors():
            self._packed[zone] = str(await self._client.get(ZoneKeys(zone).rhythm) or "")
        self._rhythms.pop(zone, None)
        self._summed.pop(zone, None)

    def _sum(self, zone: ZoneId, before: str, days: int) -> Quality | None:
        known = self._days.get(zone)
        if not known:
            return None
        first = (date.fromisoformat(before) - timedelta(days=days)).isoformat()
        total = reduce(add, (quality for day, quality in known.items() if first <= day < before), Quality())
        return total if total.judged else None
