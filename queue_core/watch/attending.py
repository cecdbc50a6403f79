"""The devices of the house as they report themselves, and what they are told: one door for web and faces."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from queue_core.domain.attendance import (
    Attendance,
    DeviceKind,
    DeviceName,
    Position,
    Report,
    configured,
    paired_as,
    zones_of,
)
from queue_core.domain.devices import Devices
from queue_core.domain.errors import WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.domain.orders import ORDERS, SERVICE, Order, OrderName, Value, is_fit
from queue_core.domain.principal import Principal
from queue_core.real_clock import real_ms
from queue_core.store.attendance import AttendanceStore, Same
from queue_core.store.audit import Audit
from queue_core.store.credentials import new_id

#: Where a zone's log stands; None while it has not been read.
LogPosition = Callable[[ZoneId], Position | None]


class UnknownDevice(WartezoneError):
    """The office has no such device."""


class UnfitOrder(WartezoneError):
    """This kind of device cannot do this, or not with this value."""


@dataclass(frozen=True, slots=True)
class Present:
    """A configured device with its attendance and the orders of the last minutes, the newest first."""

    name: DeviceName
    zones: tuple[ZoneId, ...]
    attendance: Attendance
    orders: tuple[Order, ...] = ()


class Attending:
    def __init__(
        self,
        devices: Devices,
        store: AttendanceStore,
        audit: Audit,
        log: LogPosition,
        now: Callable[[], int] = real_ms,
    ) -> None:
        self._devices, self._store, self._audit, self._log, self._now = devices, store, audit, log, now

    def zones_of(self, name: DeviceName) -> tuple[ZoneId, ...]:
        """Raises `UnknownDevice`."""
        zones = zones_of(self._devices, name)
        if not zones:
            raise UnknownDevice(str(name))
        return zones

    def log_of(self, zone: ZoneId) -> Position | None:
        """Where the zone's log stands; None while it has not been read."""
        return self._log(zone)

    async def report(self, name: DeviceName, report: Report, done: Iterable[str] = ()) -> list[Order]:
        """Keeps what the device says; answers what it shall do, each order once. Raises `UnknownDevice`."""
        zones = self.zones_of(name)
        if await self._store.is_sent_away(name):
            return []
        logs = {zone: at for zone in zones if (at := self._log(zone))}
        before = await self._store.of(name)
        await self._store.keep(name, before.after(report, logs, self._now()))
        await self._store.done(name, done)
        return await self._store.take(name)

    async def expect(self, name: DeviceName) -> None:
        """From now on the device is missed when it does not report."""
        await self._store.welcome(name)
        if not (await self._store.of(name)).seen_ms:
            await self._store.keep(name, Attendance(seen_ms=self._now()))

    async def forget(self, name: DeviceName) -> None:
        """Nobody misses it any more, until it reports again."""
        await self._store.forget(name)

    def is_heard(self, attendance: Attendance, within_ms: int) -> bool:
        """Whether the device has reported so lately."""
        return self._now() - attendance.seen_ms <= within_ms

    async def command(
        self, kind: str, id_: str, name: str, value: Value, by: str, same: Same = lambda _: False
    ) -> Order:
        """Tells a device to do something within the next minutes, unless it was told the `same` already: then that
        order. Raises `UnknownDevice`, `UnfitOrder`."""
        try:
            device, wanted = DeviceName(DeviceKind(kind), id_), OrderName(name)
        except ValueError as e:
            raise UnfitOrder(str(e)) from None
        self.zones_of(device)
        if wanted not in ORDERS[device.kind] or not is_fit(wanted, value):
            raise UnfitOrder(f"{device.kind} {wanted}")
        if wanted in SERVICE:
            await self._store.set_out_of_service(device, SERVICE[wanted])
        order = Order(new_id(), wanted, value, by, self._now())
        given = await self._store.give(device, order, same)
        if given.id != order.id:
            return given
        await self._audit.append(by, f"told_{wanted}", str(device))
        return order

    async def is_out_of_service(self, name: DeviceName) -> bool:
        """Whether staff have taken it out of service; it serves nobody then, whatever its own page believes."""
        return await self._store.is_out_of_service(name)

    async def is_kept_from_drawing(self, by: Principal) -> bool:
        """Whether the kiosk that this credential was made for is out of service; or, of one that was made at the shell,
        every kiosk that reports with it."""
        out = await self._store.out_of_service()
        if not out:
            return False
        if made_for := paired_as(by.name):
            return made_for in out
        seen = await self._store.all()
        own = {name for name, said in seen.items() if name.kind is DeviceKind.KIOSK and said.credential == by.id}
        return bool(own) and own <= out

    async def attendance(self, name: DeviceName) -> Attendance:
        return await self._store.of(name)

    async def present(self) -> list[Present]:
        """Every configured device, also those that were never seen."""
        seen = await self._store.all()
        return [
            Present(
                name,
                self.zones_of(name),
                seen.get(name, Attendance()),
                tuple(await self._store.given(name) if name in seen else ()),
            )
            for name in configured(self._devices)
        ]
