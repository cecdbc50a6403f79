"""Open alarms, shared by all web processes. Each may open and end them; of two at once one does."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from queue_core.domain.alarms import About, Alarm
from queue_core.domain.attendance import Attendance, DeviceName
from queue_core.store.attendance import read_attendance
from queue_core.store.away import store_errors
from queue_core.store.keys import ALARMS, ATTENDANCE, CASE_FILES_FAILED


@dataclass(frozen=True, slots=True)
class Picture:
    """What devices said, which alarms are open and since when files of cases lie about, of one moment: whoever sees an
    alarm has also seen all that had been said when it was opened, and cannot end it for want of news."""

    attendance: Mapping[DeviceName, Attendance]
    alarms: Mapping[str, Alarm]
    case_files_failed_ms: int | None = None


class AlarmStore:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def picture(self) -> Picture:
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            pipe.hgetall(ATTENDANCE)
            pipe.hgetall(ALARMS)
            pipe.get(CASE_FILES_FAILED)
            attendance, alarms, failed_ms = await pipe.execute()
        return Picture(read_attendance(attendance or {}), _read(alarms), int(failed_ms) if failed_ms else None)

    async def open(self) -> list[Alarm]:
        """The oldest first."""
        async with store_errors():
            found: Any = await self._client.hgetall(ALARMS)
        return sorted(_read(found).values(), key=lambda alarm: (alarm.since_ms, alarm.id))

    async def about(self, about: About) -> Alarm | None:
        async with store_errors():
            text = await self._client.hget(ALARMS, str(about))
        return Alarm.from_json(json.loads(text)) if text else None

    async def begin(self, alarm: Alarm) -> bool:
        """Whether it was this call that opened it; False where one about the same is open."""
        async with store_errors():
            return bool(await self._client.hsetnx(ALARMS, str(alarm.about), json.dumps(alarm.to_json())))

    async def forget_note(self, alarm: Alarm) -> None:
        """Nothing where it has just ended, or another one has begun in its place."""
        key = str(alarm.about)
        async with store_errors(), self._client.pipeline(transaction=True) as pipe:
            await pipe.watch(ALARMS)
            text = await pipe.hget(ALARMS, key)
            if not text or json.loads(text) != alarm.to_json():
                return
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(ALARMS, key, json.dumps(replace(alarm, note="").to_json()))
            with suppress(WatchError):  # looked at again in a second
                await pipe.execute()

    async def end(self, alarm: Alarm) -> bool:
        """Whether it was this call that ended it."""
        async with store_errors():
            return bool(await self._client.hdel(ALARMS, str(alarm.about)))


def _read(found: Mapping[str, str] | None) -> dict[str, Alarm]:
    return {about: Alarm.from_json(json.loads(text)) for about, text in (found or {}).items()}
