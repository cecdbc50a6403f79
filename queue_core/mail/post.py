"""What pages need of the mail: whether there is any, and to note whom to write to. Letters are sent by a job."""

from dataclasses import dataclass

from queue_core.domain.model import Booking, BookingId, ZoneId
from queue_core.mail.recipient import Seal
from queue_core.settings import Settings
from queue_core.store.mail import MailStore, Recipient, name_of

#: More appointments a day with one address are somebody who wants to fill another's letter box.
APPOINTMENTS_OF_ADDRESS_MOST = 6


@dataclass(frozen=True, slots=True)
class Post:
    """`is_offered`: a mail server is configured."""

    store: MailStore
    seal: Seal
    is_offered: bool

    async def write_to(self, zone: ZoneId, booking: Booking, address: str, language: str) -> None:
        """Nothing is noted for an address that too many appointments have named, nor a second one for an appointment:
        else one could have letters sent to anybody."""
        if await self.store.count(self.seal.fingerprint(address)) > APPOINTMENTS_OF_ADDRESS_MOST:
            return
        sealed = self.seal.close(address, name_of(zone, booking.id))
        await self.store.add(Recipient(zone, booking.id, booking.service, sealed, language))

    async def knows(self, zone: ZoneId, booking: BookingId) -> bool:
        return self.is_offered and await self.store.knows(zone, booking)


def post_office(store: MailStore, secret: bytes, settings: Settings) -> Post:
    return Post(store, Seal(secret), settings.smtp_host is not None)
