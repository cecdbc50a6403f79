"""An address of the office's own is told of each appointment a day before, for who knows by the code whom to remind:
by a text message, say. It gets nothing of a person, as there is nothing here.

What is told follows from how appointments stand, not from events, as letters do: a job that runs twice finds nothing
left to do, and whoever moved an appointment is reminded of its new time.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from queue_core.domain.calendar import iso
from queue_core.domain.model import Booking, BookingId, ZoneId
from queue_core.domain.office import Zone
from queue_core.mail.due import REMINDED_BEFORE_MS
from queue_core.store.mail import name_of
from queue_core.store.outbox import Letter
from queue_core.store.reminders import Reminded, ReminderStore
from queue_core.webhook import PAUSES_MS, Receiver

log = logging.getLogger(__name__)

EVENT = "appointment_reminder"
_ID_DIGITS = 32
#: Of one's own appointment, the one with this code that was made then.
AddressOf = Callable[[ZoneId, BookingId, int], str]


@dataclass(frozen=True, slots=True)
class Expected:
    """A zone's appointments whose visitors have not come yet."""

    zone: Zone
    bookings: Iterable[Booking]
    now_ms: int


class Reminders:
    def __init__(self, receiver: Receiver, store: ReminderStore, address_of: AddressOf) -> None:
        self._receiver, self._store, self._address_of = receiver, store, address_of

    async def run(self, expected: Iterable[Expected]) -> None:
        """Every zone at once: what none of them expects any more is forgotten."""
        noted, known = await self._store.all(), set[str]()
        async with self._receiver:
            for place in expected:
                for booking in place.bookings:
                    known.add(_name(place.zone, booking))
                    before = noted.get(_name(place.zone, booking))
                    if not self._receiver.is_away and is_due(booking, before, place.now_ms):
                        await self._tell(place, booking, before)
        await self._store.forget([name for name in noted if name not in known])

    async def _tell(self, place: Expected, booking: Booking, noted: Reminded | None) -> None:
        name, letter = _name(place.zone, booking), self._letter(place, booking)
        if not await self._store.claims.take(letter.id):
            return
        if await self._store.of(name) == noted:  # else another run has just told it
            before = noted if noted and noted.slot_ms == booking.slot_ms else Reminded(booking.slot_ms)
            await self._store.put(name, _after(before, await self._receiver.fault(letter), letter.id, place.now_ms))
        await self._store.claims.release(letter.id)

    def _letter(self, place: Expected, booking: Booking) -> Letter:
        zone = place.zone
        named = f"{EVENT}\0{_name(zone, booking)}\0{booking.slot_ms}"
        told = {
            "event": EVENT,
            "id": hashlib.sha256(named.encode()).hexdigest()[:_ID_DIGITS],
            "zone": zone.id,
            "code": booking.id,
            "service": booking.service,
            "slot_at": iso(zone, booking.slot_ms),
            "link": self._address_of(zone.id, booking.id, booking.made_ms),
        }
        return Letter(told["id"], json.dumps(told), place.now_ms)


def is_due(booking: Booking, noted: Reminded | None, now_ms: int) -> bool:
    """From a day before until it begins, once for each time that it is given."""
    if not booking.slot_ms - REMINDED_BEFORE_MS <= now_ms < booking.slot_ms:
        return False
    if noted is None or noted.slot_ms != booking.slot_ms:
        return True
    return not noted.is_over and noted.due_ms <= now_ms


def _after(before: Reminded, fault: str, letter: str, now_ms: int) -> Reminded:
    if not fault:
        return replace(before, is_over=True)
    if before.tries >= len(PAUSES_MS):
        log.error("the reminder webhook did not take %s: %s; given up", letter, fault)
        return replace(before, is_over=True)
    log.warning("the reminder webhook did not take %s: %s", letter, fault)
    return replace(before, tries=before.tries + 1, due_ms=now_ms + PAUSES_MS[before.tries])


def _name(zone: Zone, booking: Booking) -> str:
    return name_of(zone.id, booking.id, booking.made_ms)
