"""Opens and ends alarms as devices report, and tells of each once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from queue_core.domain.alarms import About, Alarm, AlarmKind, Watched, due, silence_ms
from queue_core.domain.attendance import Attendance, DeviceKind, DeviceName, configured, zones_of
from queue_core.domain.devices import Devices
from queue_core.domain.errors import StoreAway, WartezoneError
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.principal import Principal
from queue_core.real_clock import real_ms
from queue_core.store.alarms import AlarmStore, Picture
from queue_core.store.audit import Audit
from queue_core.store.credentials import new_id

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0


class Change(StrEnum):
    OPENED = "opened"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to an alarm; `id` is the same however often it is told."""

    change: Change
    alarm: Alarm
    at_ms: int

    @property
    def id(self) -> str:
        return f"{self.alarm.id}.{self.change}"


#: Told of every alarm that opens or ends, once in the whole house. Must not wait for anybody.
Announce = Callable[[News], Awaitable[None]]
#: For how long a zone has been open, in real milliseconds; None while it is closed.
OpenFor = Callable[[ZoneId], int | None]


async def to_nobody(_news: News) -> None:
    """Where nobody else is told."""


class UnknownAlarm(WartezoneError):
    """No such alarm is open."""


class EndsByItself(WartezoneError):
    """An automatic alarm ends when its cause does."""


class Alarming:
    def __init__(
        self,
        devices: Devices,
        store: AlarmStore,
        audit: Audit,
        open_for: OpenFor,
        announce: Announce = to_nobody,
        now: Callable[[], int] = real_ms,
        zones: Sequence[ZoneId] = (),
    ) -> None:
        self._zones = zones
        self._devices, self._store, self._audit = devices, store, audit
        self._open_for, self._announce, self._now = open_for, announce, now
        self.attendance: Mapping[DeviceName, Attendance] = {}
        self.known: tuple[Alarm, ...] = ()
        self._listens_since_ms: int | None = None

    async def run(self) -> None:
        """Looks every second until cancelled."""
        while True:
            try:
                await self.look()
            except StoreAway:
                self._listens_since_ms = None
                log.debug("the store is away: nobody is watched")
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Opens what is due and ends what is not any more. Who could not be heard was not silent: after our own absence
        every device has its time to report."""
        picture = await self._store.picture()
        now_ms = self._now()
        if self._listens_since_ms is None:
            self._listens_since_ms = now_ms
        self.attendance, self.known = picture.attendance, tuple(picture.alarms.values())
        wanted = due(self._watched(picture.attendance), now_ms) | self._of_house(picture)
        for about, alarm in wanted.items():
            if str(about) not in picture.alarms and self._has_listened(alarm, self._listens_since_ms, now_ms):
                await self._begin(alarm)
        for alarm in picture.alarms.values():
            if alarm.is_automatic and alarm.about not in wanted and await self._store.end(alarm):
                await self._tell(Change.RESOLVED, alarm)
            if alarm.has_old_note(now_ms):
                await self._store.forget_note(alarm)

    def _of_house(self, picture: Picture) -> dict[About, Alarm]:
        """About no device."""
        since_ms = picture.case_files_failed_ms
        if since_ms is None or not self._zones:
            return {}
        alarm = Alarm("", AlarmKind.CASE_FILE_FAILED, tuple(self._zones), since_ms)
        return {alarm.about: alarm}

    def _has_listened(self, alarm: Alarm, since_ms: int, now_ms: int) -> bool:
        device = alarm.device
        if device is None or self.attendance[device].seen_ms >= since_ms:
            return True
        return now_ms - since_ms >= silence_ms(device.kind)

    async def open(self) -> list[Alarm]:
        return await self._store.open()

    async def emergency(self, zone: ZoneId, counter: CounterId, note: str, by: Principal) -> Alarm:
        """The open emergency of this counter: pressed twice it is one."""
        wanted = Alarm("", AlarmKind.EMERGENCY, (zone,), self._now(), counter=counter, note=note)
        begun = await self._begin(wanted)
        if begun:
            await self._audit.append(by.id, "emergency_raised", f"{zone}/{counter}")
        return begun or await self._store.about(wanted.about) or wanted

    async def resolve(self, alarm: Alarm, by: Principal) -> None:
        """Ends an emergency. Raises `EndsByItself`."""
        if alarm.is_automatic:
            raise EndsByItself(alarm.id)
        if await self._store.end(alarm):
            await self._audit.append(by.id, "emergency_resolved", f"{alarm.zones[0]}/{alarm.counter}")
            await self._tell(Change.RESOLVED, alarm)

    async def find(self, alarm_id: str) -> Alarm:
        """Raises `UnknownAlarm`."""
        for alarm in await self.open():
            if alarm.id == alarm_id:
                return alarm
        raise UnknownAlarm(alarm_id)

    def _watched(self, seen: Mapping[DeviceName, Attendance]) -> list[Watched]:
        return [self._watch(name, seen[name]) for name in configured(self._devices) if name in seen]

    def _watch(self, name: DeviceName, attendance: Attendance) -> Watched:
        zones = zones_of(self._devices, name)
        open_for_ms = self._open_for(zones[0])
        if name.kind is DeviceKind.DISPLAY:
            display = self._devices.displays[name.id]
            speaks = display.voice.on or display.voice.gong
            return Watched(name, zones, attendance, speaks, open_for_ms, distance_m=display.distance_m)
        kiosk = self._devices.kiosks[name.id]
        block = kiosk.emergency_block if kiosk.emergency_series else 0
        return Watched(name, zones, attendance, False, open_for_ms, emergency_block=block)

    async def _begin(self, alarm: Alarm) -> Alarm | None:
        begun = replace(alarm, id=new_id())
        if not await self._store.begin(begun):
            return None
        await self._tell(Change.OPENED, begun)
        return begun

    async def _tell(self, change: Change, alarm: Alarm) -> None:
        log.warning("alarm %s: %s at %s", change, alarm.kind, alarm.place)
        await self._announce(News(change, alarm, self._now()))
