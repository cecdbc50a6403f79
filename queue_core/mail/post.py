"""What pages need of the mail: whether there is any, and to note whom to write to. Letters are sent by a job."""

from dataclasses import dataclass, replace

from queue_core.domain.model import Booking, ZoneId
from queue_core.mail.due import is_reminder_to_come
from queue_core.mail.recipient import Seal
from queue_core.real_clock import real_ms
from queue_core.settings import Settings
from queue_core.store.mail import MailStore, Recipient, name_of

#: More appointments a day with one address are somebody who wants to fill another's letter box.
APPOINTMENTS_OF_ADDRESS_MOST = 6
#: Room for typing errors; with each address an appointment has letters more.
ADDRESSES_OF_APPOINTMENT_MOST = 4
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Post:
    """`is_offered`: a mail server is configured."""

    store: MailStore
    seal: Seal
    is_offered: bool

    async def write_to(self, zone: ZoneId, booking: Booking, address: str, language: str) -> bool:
        """Whether it may be. Nothing is noted for an address that too many appointments have named, nor a second one
        for an appointment: else one could have letters sent to anybody."""
        if not await self._may_be_written_to(zone, booking, address):
            return False
        await self.store.add(self._recipient(zone, booking, address, language))
        return True

    async def change(self, zone: ZoneId, booking: Booking, address: str, language: str) -> bool:
        """Whether it is noted, in the place of another one if there is any; within the same bounds. The new address is
        told of the appointment as it stands."""
        if not await self._may_be_written_to(zone, booking, address):
            return False
        wanted = self._recipient(zone, booking, address, language)
        while before := await self.store.of(wanted.appointment):
            after = replace(wanted, language=before.language, sequence=before.sequence + 1)
            if await self.store.replace(before, after):
                return True
        await self.store.add(wanted)
        return True

    async def forget(self, zone: ZoneId, booking: Booking) -> None:
        """Nobody is written to about it any more."""
        while before := await self.store.of(name_of(zone, booking.id, booking.made_ms)):
            if await self.store.replace(before, None):
                return

    async def knows(self, zone: ZoneId, booking: Booking) -> bool:
        if not self.is_offered:
            return False
        return await self.store.of(name_of(zone, booking.id, booking.made_ms)) is not None

    async def will_remind(self, zone: ZoneId, booking: Booking, now_ms: int) -> bool:
        """Whoever is written to, or would be from now on."""
        if not self.is_offered:
            return False
        recipient = await self.store.of(name_of(zone, booking.id, booking.made_ms))
        return is_reminder_to_come(recipient, booking, now_ms)

    async def _may_be_written_to(self, zone: ZoneId, booking: Booking, address: str) -> bool:
        kept_s = max(0, booking.slot_ms - real_ms()) // 1000 + _DAY_S
        named = self.seal.fingerprint(name_of(zone, booking.id, booking.made_ms))
        if await self.store.count(named, kept_s) > ADDRESSES_OF_APPOINTMENT_MOST:
            return False
        return await self.store.count(self.seal.fingerprint(address), _DAY_S) <= APPOINTMENTS_OF_ADDRESS_MOST

    def _recipient(self, zone: ZoneId, booking: Booking, address: str, language: str) -> Recipient:
        sealed = self.seal.close(address, name_of(zone, booking.id, booking.made_ms))
        return Recipient(zone, booking.id, booking.service, sealed, language, booking.made_ms)


def post_office(store: MailStore, secret: bytes, settings: Settings) -> Post:
    return Post(store, Seal(secret), settings.smtp_host is not None)
