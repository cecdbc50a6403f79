"""The commands `wartezone appointments`: appointments from another system's file, and what is booked."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from queue_core.appointment_file import Appointments, Form, exported, listed
from queue_core.cli_store import Unusable, ZoneOption, content_of, opened
from queue_core.domain.booking_code import grouped
from queue_core.domain.booking_commands import Book
from queue_core.domain.calendar import business_day, local_time
from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import Booking, BookingId, ZoneId
from queue_core.domain.office import Zone
from queue_core.filling import RandomIds
from queue_core.intake import Patience, take_in
from queue_core.office_file import default_config, load_office
from queue_core.settings import Settings, load_settings
from queue_core.store.keys import queues
from queue_core.store.opened import Store
from queue_core.store.zone import OutOfStep, Stamp, ZoneReading, ZoneStore

#: Several times as much as ROWS_MOST rows of the longest codes and names.
_MIB_MOST = 8
_DAY = "%Y-%m-%d"

appointments_app = typer.Typer(help="Appointments from another booking system.", no_args_is_help=True)


@appointments_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with the header code,service,slot,class, or .jsonl.")],
    zone: ZoneOption,
) -> None:
    """Book the appointments of a file: all of them, or none and every fault with its line. Repeating it is harmless."""
    content = content_of(file, _MIB_MOST, "appointments")
    found = asyncio.run(_import(load_settings(), ZoneId(zone), content, file.name))
    print(f"booked {len(found.fresh)} appointments, {found.known} were booked already")


@appointments_app.command("list")
def list_(zone: ZoneOption) -> None:
    """Print the appointments that have not been checked in: code, service, class, time."""
    asyncio.run(_list(load_settings(), ZoneId(zone)))


@appointments_app.command("export")
def export(
    zone: ZoneOption,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=[_DAY], help="First day; today without it.")
    ] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=[_DAY], help="Last day; the first without it.")] = None,
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = Form.CSV,
) -> None:
    """Print the appointments of a day or of several, and who came. `import` reads the CSV."""
    first, last = (day.date() if day else None for day in (from_, to))
    print(asyncio.run(_export(load_settings(), ZoneId(zone), first, last, form)), end="")


async def _export(settings: Settings, zone_id: ZoneId, first: date | None, last: date | None, form: Form) -> str:
    configured = _configured(settings, zone_id)
    async with opened(settings) as store:
        _, reading = await _living(store, zone_id)
    assert reading.snapshot
    begin = first or business_day(configured, reading.now_ms).day
    end = last or begin
    if end < begin:
        raise Unusable(f"--to {end} lies before {begin}")
    return exported(listed(reading.snapshot, configured, begin, end), configured, form)


async def _import(settings: Settings, zone_id: ZoneId, content: bytes, name: str) -> Appointments:
    configured = _configured(settings, zone_id)
    async with opened(settings) as store:
        zone, reading = await _living(store, zone_id)
        return await take_in(_Shell(zone, reading), configured, content, name, Patience())


class _Shell:
    """The appointments by the configuration that is in force: a command at the shell changes no office."""

    def __init__(self, zone: ZoneStore, reading: ZoneReading) -> None:
        self._zone, self._reading, self._ids = zone, reading, RandomIds()

    async def read(self) -> tuple[Mapping[BookingId, Booking], int]:
        return await self._zone.bookings(), self._reading.now_ms

    async def find(self, booking: BookingId) -> Booking:
        return await self._zone.booking(booking)

    async def book(self, booking: Booking) -> None:
        snapshot = self._reading.snapshot
        assert snapshot
        command = Book(booking.id, booking.service, booking.visitor_class, booking.slot_ms)
        stamp = Stamp(self._ids.command(), snapshot.day)
        try:
            await self._zone.run(command, stamp, queues(snapshot.services, snapshot.counters))
        except OutOfStep as e:
            self._reading = await self._zone.read()
            raise StoreAway("the business day has just ended, and nobody has begun the next one") from e


async def _list(settings: Settings, zone_id: ZoneId) -> None:
    configured = _configured(settings, zone_id)
    async with opened(settings) as store:
        _, reading = await _living(store, zone_id)
    bookings = reading.snapshot.bookings.values() if reading.snapshot else ()
    for b in sorted(bookings, key=lambda b: (b.slot_ms, b.id)):
        at = local_time(configured, b.slot_ms).isoformat(timespec="minutes")
        print("\t".join((grouped(b.id), b.service, b.visitor_class, at)))


def _configured(settings: Settings, zone_id: ZoneId) -> Zone:
    office = load_office(settings.config or default_config())
    if zone_id not in office:
        raise UnknownZone(zone_id)
    return office[zone_id]


async def _living(store: Store, zone_id: ZoneId) -> tuple[ZoneStore, ZoneReading]:
    zone = ZoneStore(store.client, zone_id)
    reading = await zone.read()
    if reading.snapshot is None:
        raise UnknownZone(zone_id)
    return zone, reading
