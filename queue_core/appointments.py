"""Appointments as faces use them: what is free, to hold, confirm, move and cancel one, and a day as staff see it.

What is free is read from the living snapshot, which may be a moment old; whether it is still so the move decides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from queue_core.domain import booking_code
from queue_core.domain.booking_commands import Book, CancelBooking, ConfirmBooking, HoldSlot, MoveBooking
from queue_core.domain.calendar import BusinessDay, business_day, day_named
from queue_core.domain.commands import Command
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import Block, Booking, BookingId, ClassId, ServiceId, Within, ZoneId
from queue_core.domain.occupancy import Occupancy
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.slots import (
    SLOT_MOST_MS,
    day_slots,
    earliest_ms,
    held_most,
    last_day,
    length_ms,
    require_offer,
    rules_of,
    slots,
)
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine, Once

#: What is asked for at once; further days are another question.
ASKED_DAYS_MOST = 31
_NEXT_FREE = 5
_TAKEN = frozenset({Refusal.SLOT_FULL, Refusal.SLOT_BLOCKED, Refusal.HOLD_LAPSED})


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """`free`: places that are left; 0 where all are taken, it is blocked, or too late for visitors."""

    from_ms: int
    to_ms: int
    free: int


@dataclass(frozen=True, slots=True)
class FreeDay:
    day: date
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """A service's slots on a day, whether or not visitors may still ask for them."""

    service: ServiceId
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class AppointmentDay:
    """All that staff need of a day; appointments in the order of their times. `holds` have not lapsed."""

    day: BusinessDay
    services: tuple[ServiceDay, ...]
    bookings: tuple[Booking, ...]
    holds: tuple[Booking, ...]
    arrived: tuple[Booking, ...]
    blocks: tuple[Block, ...]


class Appointments:
    """Raises what the engine raises. A `Refused` for want of a place carries `free_ms`, the next times with one."""

    def __init__(self, engine: Engine, snapshot: Callable[[ZoneId], Snapshot], now_ms: Callable[[ZoneId], int]) -> None:
        self._engine, self._snapshot, self._now_ms = engine, snapshot, now_ms

    def free(self, zone_id: ZoneId, service: ServiceId, from_day: date | None = None, days: int = 7) -> list[FreeDay]:
        """The slots that visitors may ask for, day by day: from today at the earliest, and as far ahead as the zone
        allows."""
        return list(self._free(zone_id, service, from_day or date.min, days))

    def bookable(self, zone_id: ZoneId, service: ServiceId, from_day: date, days: int) -> list[FreeDay]:
        """As staff may book: without notice, and however far ahead."""
        zone, now_ms = self._engine.zone(zone_id), self._now_ms(zone_id)
        occupancy = Occupancy(zone, self._snapshot(zone.id), now_ms)
        return list(_days(zone, service, occupancy, from_day, min(days, ASKED_DAYS_MOST), now_ms))

    def next_free(self, zone_id: ZoneId, service: ServiceId, from_ms: int, most: int = _NEXT_FREE) -> list[int]:
        """When the next appointments with a free place begin, from the day of `from_ms` on."""
        day = business_day(self._engine.zone(zone_id), from_ms).day
        found = (slot for free in self._free(zone_id, service, day, ASKED_DAYS_MOST) for slot in free.slots)
        return list(islice((slot.from_ms for slot in found if slot.free), most))

    def _free(self, zone_id: ZoneId, service: ServiceId, from_day: date, days: int) -> Iterator[FreeDay]:
        zone, now_ms = self._engine.zone(zone_id), self._now_ms(zone_id)
        rules_of(zone, service)
        first = max(from_day, business_day(zone, now_ms).day)
        ahead = (last_day(zone, now_ms) - first).days + 1
        occupancy = Occupancy(zone, self._snapshot(zone.id), now_ms)
        wanted = max(0, min(days, ASKED_DAYS_MOST, ahead))
        return _days(zone, service, occupancy, first, wanted, earliest_ms(zone, now_ms))

    async def hold(self, zone_id: ZoneId, service: ServiceId, slot_ms: int, once: Once) -> Outcome:
        """Keeps a place until it is confirmed or its time is up. The outcome's last event is `slot_held`."""
        zone = self._engine.zone(zone_id)
        rules = rules_of(zone, service)
        require_offer(zone, service, slot_ms, self._now_ms(zone_id))
        ceiling = self._ceiling(zone, service, slot_ms)
        return await self.run(zone_id, HoldSlot(service, rules.visitor_class, slot_ms, ceiling=ceiling), once)

    async def confirm(self, zone_id: ZoneId, booking: BookingId, once: Once) -> Outcome:
        return await self.run(zone_id, ConfirmBooking(booking), once)

    async def move(self, zone_id: ZoneId, booking: BookingId, slot_ms: int, once: Once) -> Outcome:
        """As visitors may."""
        zone, known = self._engine.zone(zone_id), await self._engine.booking(zone_id, booking)
        require_offer(zone, known.service, slot_ms, self._now_ms(zone_id))
        ceiling = self._ceiling(zone, known.service, slot_ms, but=booking) if known.held_until_ms else None
        return await self.run(zone_id, MoveBooking(booking, slot_ms, Within.RULES, ceiling), once)

    def _ceiling(self, zone: Zone, service: ServiceId, slot_ms: int, but: BookingId | None = None) -> Mapping[str, int]:
        """Of what is not booked on that day. Holds of other services may take its places too, where they share
        counters: then none more of its own. `but`: the hold that is to have another time."""
        day, snapshot, now_ms = business_day(zone, slot_ms), self._snapshot(zone.id), self._now_ms(zone.id)
        begins_ms = day_slots(zone, service, day.day).begins_ms
        open_ms = [at_ms for at_ms in begins_ms if at_ms >= earliest_ms(zone, now_ms)]
        others = {i: hold for i, hold in snapshot.holds.items() if i != but}
        booked = {i: b for i, b in snapshot.bookings.items() if day.from_ms - SLOT_MOST_MS < b.slot_ms < day.to_ms}
        free, left = (
            sum(occupancy.free(service, at_ms) for at_ms in open_ms)
            for occupancy in (
                Occupancy(zone, replace(snapshot, bookings=booked, holds=holds), now_ms) for holds in ({}, others)
            )
        )
        most = held_most(free)
        return {"from_ms": day.from_ms, "to_ms": day.to_ms, "most": most if free - left < most else 0}

    async def cancel(self, zone_id: ZoneId, booking: BookingId, once: Once) -> Outcome:
        return await self.run(zone_id, CancelBooking(booking), once)

    async def book_for(
        self, zone_id: ZoneId, service: ServiceId, slot_ms: int, once: Once, visitor_class: ClassId | None = None
    ) -> Outcome:
        """By staff for a visitor, at any time at which a place is free; booked at once."""
        given = visitor_class or rules_of(self._engine.zone(zone_id), service).visitor_class
        return await self.run(zone_id, Book(BookingId(""), service, given, slot_ms, Within.FREE), once)

    async def move_for(self, zone_id: ZoneId, booking: BookingId, slot_ms: int, once: Once) -> Outcome:
        """By staff for a visitor, to any time at which a place is free."""
        return await self.run(zone_id, MoveBooking(booking, slot_ms, Within.FREE), once)

    async def run(self, zone_id: ZoneId, command: Command, once: Once | None) -> Outcome:
        """Any command about appointments."""
        try:
            return await self._engine.do(zone_id, command, once)
        except Refused as e:
            if e.code not in _TAKEN:
                raise
            others = self.next_free(zone_id, ServiceId(e.details["service"]), int(e.details["slot_ms"]))
            raise Refused(e.code, {**e.details, "free_ms": others}) from None

    async def find(self, zone_id: ZoneId, code: str) -> Booking:
        """By what somebody typed or scanned. Raises `Refused` (unknown_booking)."""
        booking = booking_code.normalised(code)
        if booking is None:
            raise Refused(Refusal.UNKNOWN_BOOKING)
        return await self._engine.booking(zone_id, booking)

    def day(self, zone_id: ZoneId, day: date | None = None) -> AppointmentDay:
        """Today without `day`."""
        zone, now_ms, snapshot = self._engine.zone(zone_id), self._now_ms(zone_id), self._snapshot(zone_id)
        named = day_named(zone, day) if day else business_day(zone, now_ms)
        occupancy = Occupancy(zone, snapshot, now_ms)
        services = zone.appointments.services if zone.appointments else ()

        def of_day(bookings: dict[BookingId, Booking]) -> tuple[Booking, ...]:
            found = (b for b in bookings.values() if b.slot_ms in named)
            return tuple(sorted(found, key=lambda b: (b.slot_ms, b.id)))

        return AppointmentDay(
            named,
            tuple(ServiceDay(s, next(_days(zone, s, occupancy, named.day, 1, named.from_ms)).slots) for s in services),
            of_day(snapshot.bookings),
            of_day({i: b for i, b in snapshot.holds.items() if b.held_until_ms > now_ms}),
            of_day(snapshot.arrived),
            tuple(b for b in snapshot.blocks if b.from_ms < named.to_ms and named.from_ms < b.to_ms),
        )


def _days(
    zone: Zone, service: ServiceId, occupancy: Occupancy, first: date, days: int, from_ms: int
) -> Iterator[FreeDay]:
    long_ms = length_ms(zone, service)
    for n, day in enumerate(slots(zone, service, first, days)):
        found = (
            FreeSlot(begin, begin + long_ms, occupancy.free(service, begin) if begin >= from_ms else 0)
            for begin in day.begins_ms
        )
        yield FreeDay(first + timedelta(days=n), tuple(found))
