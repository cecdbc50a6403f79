"""Sends what is due, and tries again later what was not taken. Nothing that is logged names an address."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from queue_core.domain.model import Booking, BookingId, ClassId, ZoneId
from queue_core.domain.office import Zone
from queue_core.mail.calendar import Entry
from queue_core.mail.due import Kind, is_fresh, next_step
from queue_core.mail.letter import Envelope, letter, letter_id
from queue_core.mail.recipient import Seal
from queue_core.mail.server import Fault, MailServer
from queue_core.settings import Settings
from queue_core.store.mail import MailStore, Recipient

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 10.0
#: How long after each failure it is tried again; after the last one the address is erased.
PAUSES_MS = (60_000, 300_000, 900_000, 3_600_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000)


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """A zone as it stands: its appointments, whether they are held, booked or checked in, and its time."""

    zone: Zone
    bookings: Mapping[BookingId, Booking]
    now_ms: int

    def appointment(self, recipient: Recipient) -> Booking | None:
        """None also where its code is somebody else's by now."""
        found = self.bookings.get(recipient.booking)
        return found if found and found.made_ms == recipient.made_ms else None


@dataclass(frozen=True, slots=True)
class _Draft:
    """A letter that is due."""

    recipient: Recipient
    entry: Entry
    kind: Kind
    now_ms: int

    @property
    def name(self) -> str:
        return letter_id(self.entry, self.kind)


ReadZone = Callable[[ZoneId], Awaitable[ZoneNow | None]]
PathOf = Callable[[ZoneId, BookingId, int], str]


class Delivery:
    """`read`: None for a zone that no office names any more. `path_of`: of one's own appointment, the one with this
    code that was made then."""

    def __init__(
        self,
        settings: Settings,
        store: MailStore,
        seal: Seal,
        read: ReadZone,
        path_of: PathOf,
        within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        self._settings, self._store, self._seal = settings, store, seal
        self._read, self._path_of = read, path_of
        self._server = MailServer(settings, within_s)

    async def run(self) -> None:
        recipients = await self._store.all()
        zones = {zone: await self._read(zone) for zone in {r.zone for r in recipients}}
        try:
            for recipient in recipients:
                await self._attend(recipient, zones[recipient.zone])
        finally:
            await self._server.close()

    async def _attend(self, recipient: Recipient, place: ZoneNow | None) -> None:
        if place is None:
            log.warning("zone %s is gone: an address of it was erased", recipient.zone)
            await self._store.replace(recipient, None)
            return
        booking = place.appointment(recipient)
        step = next_step(recipient, booking, place.now_ms)
        if step.kind is None:
            if step.is_last:
                await self._store.replace(recipient, None)
        elif recipient.due_ms <= place.now_ms:
            entry = self._entry(recipient, booking, step.kind, place.zone)
            await self._send(_Draft(recipient, entry, step.kind, place.now_ms))

    def _entry(self, recipient: Recipient, booking: Booking | None, kind: Kind, zone: Zone) -> Entry:
        told = booking or Booking(
            recipient.booking,
            recipient.service,
            ClassId(""),
            recipient.told_ms,
            recipient.length_ms,
            made_ms=recipient.made_ms,
        )
        link = self._settings.base_url + self._path_of(zone.id, told.id, told.made_ms)
        sequence = recipient.sequence + (kind in (Kind.MOVED, Kind.CANCELLED))
        return Entry(zone, told, link, recipient.language, sequence, is_cancelled=kind is Kind.CANCELLED)

    async def _send(self, draft: _Draft) -> None:
        address = self._seal.open(draft.recipient.sealed, draft.recipient.appointment)
        if address is None:
            log.warning("letter %s: the secret is another one; the address was erased", draft.name)
            await self._store.replace(draft.recipient, None)
            return
        if not await self._store.claims.take(draft.name):
            return
        if await self._store.of(draft.recipient.appointment) != draft.recipient:  # another run has just sent it
            await self._store.claims.release(draft.name)
            return
        envelope = Envelope(self._settings.smtp_from or "", address)
        message = letter(draft.entry, draft.kind, envelope, draft.now_ms)
        await self._note(draft, await self._server.send(message, envelope))
        await self._store.claims.release(draft.name)

    async def _note(self, draft: _Draft, fault: Fault | None) -> None:
        recipient = draft.recipient
        if fault is None:
            is_last = draft.kind is Kind.CANCELLED
            await self._store.replace(recipient, None if is_last else _told(draft))
        elif fault.is_final or recipient.tries >= len(PAUSES_MS):
            log.error("letter %s was not taken: %s; given up, and the address erased", draft.name, fault.words)
            await self._store.replace(recipient, None)
        else:
            log.warning("letter %s was not taken: %s", draft.name, fault.words)
            due_ms = draft.now_ms + PAUSES_MS[recipient.tries]
            await self._store.replace(recipient, replace(recipient, tries=recipient.tries + 1, due_ms=due_ms))


def _told(draft: _Draft) -> Recipient:
    booking = draft.entry.booking
    return replace(
        draft.recipient,
        told_ms=booking.slot_ms,
        length_ms=booking.length_ms,
        sequence=draft.entry.sequence,
        is_reminded=draft.kind is Kind.REMINDER or is_fresh(booking, draft.now_ms),
        tries=0,
        due_ms=0,
    )
