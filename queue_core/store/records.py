"""A zone's records at rest: its log over all kept days, the purge of ended days, the archive that takes their place."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from queue_core.domain.archive import deidentified
from queue_core.domain.errors import StoreAway
from queue_core.domain.events import Event
from queue_core.domain.model import CounterId, ServiceId, ZoneId
from queue_core.store.away import store_errors
from queue_core.store.keys import FIELD, ZoneKeys
from queue_core.store.packed import pack_lines, unpack_lines

PAGE = 500
REWRITE_POLL_S = 0.05
REWRITE_WITHIN_S = 120.0


class Records:
    """The records of one zone. Days are ISO dates of business days. `places`: the services of the zone's counters,
    by which an archive tells what a counter session served; without `sessions` it does not tell them apart."""

    def __init__(
        self,
        client: Redis,
        zone: ZoneId,
        places: Mapping[CounterId, tuple[ServiceId, ...]] | None = None,
        *,
        sessions: bool = True,
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._places = places
        self.keys = ZoneKeys(zone)

    async def days(self) -> list[str]:
        """Ended days whose log is still kept, in order."""
        prefix = self.keys.log_of("")
        async with store_errors():
            return sorted([key.removeprefix(prefix) async for key in self._client.scan_iter(self.keys.days, PAGE)])

    async def export(self, after: Event | None = None) -> AsyncIterator[Event]:
        """Every kept event (after a given one), in order and without a gap, also while a day rolls meanwhile."""
        while True:
            days = await self.days()
            keys = [*map(self.keys.log_of, days), self.keys.log]
            async with aclosing(self._through(keys, after)) as events:
                async for event in events:
                    if not _follows(after, event) and days != await self.days():
                        break
                    yield event
                    after = event
                else:
                    return

    async def running_day(self, after: Event | None) -> AsyncGenerator[Event, None]:
        """Of the day that goes on, as far as it has come (after a given event)."""
        async for event in self._through([self.keys.log], after):
            yield event

    async def log_of_day(self, day: str) -> list[Event]:
        """Of an ended day; none once it is purged."""
        return [event async for event in self._through([self.keys.log_of(day)], None)]

    async def archive(self, day: str) -> None:
        """Keeps what is left of an ended day without its people. Idempotent; nothing to do once the day is purged."""
        async with store_errors():
            if await self._client.hexists(self.keys.archive, day):
                return
        if events := await self.log_of_day(day):
            lines = deidentified(events, self._places, sessions=self._sessions)
            async with store_errors():
                await self._client.hset(self.keys.archive, day, pack_lines(lines))

    async def archived_days(self) -> list[str]:
        async with store_errors():
            return sorted(map(str, await self._client.hkeys(self.keys.archive)))

    async def read_archive(self, day: str) -> list[dict[str, Any]]:
        """The lines of an archived day; none if there is no archive of it. Raises `NotPacked`."""
        async with store_errors():
            packed = await self._client.hget(self.keys.archive, day)
        return unpack_lines(str(packed)) if packed else []

    async def archive_ended_days(self) -> None:
        for day in await self.days():
            await self.archive(day)

    async def purge_days(self, current_day: str, ended_before_ms: int) -> list[str]:
        """Deletes the ended days that were over by then, each archived first; answers which.

        Repeats of a purged day's commands are refused for as long as their answer is kept. The deleted data stay in
        the append-only file until `rewrite_log`.
        """
        due = [day for day in await self.days() if day < current_day and await self._end_ms(day) <= ended_before_ms]
        for day in due:
            await self.archive(day)
            async with store_errors():
                await self._client.unlink(self.keys.log_of(day), self.keys.tickets_of(day))
        return due

    async def forget_answers(self, before_ms: int) -> None:
        """Deletes what is kept for repeats of commands of business days that were over by then, in any time zone."""
        last = datetime.fromtimestamp(before_ms / 1000, UTC).date() - timedelta(days=2)
        cursor = -1
        while cursor:
            async with store_errors():
                found: Any = await self._client.hscan(self.keys.answers, max(cursor, 0), count=PAGE)
                cursor, answers = int(found[0]), found[1]
                if old := [key for key, answer in answers.items() if answer.split("-")[3] <= f"{last:%Y%m%d}"]:
                    await self._client.hdel(self.keys.answers, *old)

    async def rewrite_log(self, within_s: float = REWRITE_WITHIN_S) -> None:
        """Rewrites the store's append-only file, so that what was deleted is gone from the disk too; does nothing
        without one.

        A rewrite that began before us may still carry deleted data: it is waited for, and another one is made.
        """
        async with asyncio.timeout(within_s), store_errors():
            if (await self._persistence())["aof_enabled"]:
                await self._until_no_rewrite()
                await self._client.bgrewriteaof()
                await self._until_no_rewrite()
                if (await self._persistence())["aof_last_bgrewrite_status"] != "ok":
                    raise StoreAway("the append-only file could not be rewritten")

    async def log_tail_bytes(self) -> int:
        """By how much the append-only file grew since it was last rewritten; 0 without one."""
        async with store_errors():
            info = await self._persistence()
        return int(info["aof_current_size"]) - int(info["aof_base_size"]) if info["aof_enabled"] else 0

    async def _until_no_rewrite(self) -> None:
        while True:
            info = await self._persistence()
            if not (info["aof_rewrite_in_progress"] or info["aof_rewrite_scheduled"]):
                return
            await asyncio.sleep(REWRITE_POLL_S)

    async def _persistence(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._client.info("persistence")
        return found

    async def _end_ms(self, day: str) -> int:
        """When an ended day was over: its first event says so."""
        first = (await self._page(self.keys.log_of(day), "-", 1))[0].data
        return int(first.get("state", first)["day_to_ms"])

    async def _through(self, keys: Iterable[str], after: Event | None) -> AsyncGenerator[Event, None]:
        start = f"({after.epoch}-{after.seq}" if after else "-"
        for key in keys:
            page = await self._page(key, start)
            while page:
                for event in page:
                    yield event
                start = f"({page[-1].epoch}-{page[-1].seq}"
                page = await self._page(key, start) if len(page) == PAGE else []

    async def _page(self, key: str, start: str, count: int = PAGE) -> list[Event]:
        async with store_errors():
            found: Any = await self._client.xrange(key, start, "+", count)
        return [_event(at, entry) for at, entry in found or []]


def _event(at: str, entry: Mapping[str, str]) -> Event:
    epoch, seq = map(int, at.split("-"))
    return Event.from_json(epoch, seq, json.loads(entry[FIELD]))


def _follows(one: Event | None, other: Event) -> bool:
    if one is None:
        return False
    return (other.epoch, other.seq) == (one.epoch, one.seq + 1) or (other.epoch > one.epoch and other.seq == 1)
