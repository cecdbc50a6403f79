"""A visitor's own links: `<zone>.<id>.<signature>`, of a ticket or of an appointment. Each names one, cannot be guessed
and needs no index."""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from queue_core.domain.booking_code import CODE_QUERY
from queue_core.domain.model import Booking, BookingId, TicketId, ZoneId
from queue_core.web.problems import not_found

#: Leads to the page of a ticket whose visitor has just said that they are here.
ARRIVED_QUERY = "arrived"

_SIGNATURE_BYTES = 18
_MADE = "-"
#: In hex, of a moment in ms until 2527.
_MADE_DIGITS = 11
_WITH_MOMENT = re.compile(rf"(?P<booking>.+){_MADE}(?P<made>[0-9a-f]{{{_MADE_DIGITS}}})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Own:
    """The ticket that a valid link names."""

    zone: ZoneId
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """The appointment that a valid link names: the one of this code that was made then."""

    zone: ZoneId
    booking: BookingId
    made_ms: int

    def names(self, booking: Booking) -> bool:
        return (booking.id, booking.made_ms) == (self.booking, self.made_ms)


class _Signed:
    """Signs and checks links with a key of their own, made from the installation's secret."""

    def __init__(self, secret: bytes, purpose: bytes) -> None:
        self._key = hmac.digest(secret, purpose, "sha256")

    def link(self, zone: ZoneId, named: str) -> str:
        return f"{zone}.{named}.{self._signature(zone, named)}"

    def named(self, link: str) -> tuple[ZoneId, str]:
        """Raises `Problem` 404, the same for every link that is not ours."""
        begin, _, signature = link.rpartition(".")
        zone, _, named = begin.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(zone, named).encode()):
            raise not_found()
        return ZoneId(zone), named

    def _signature(self, zone: str, named: str) -> str:
        mac = hmac.digest(self._key, f"{zone}\0{named}".encode(), "sha256")
        return urlsafe_b64encode(mac[:_SIGNATURE_BYTES]).decode()


class Links:
    """Of tickets."""

    def __init__(self, secret: bytes) -> None:
        self._signed = _Signed(secret, b"wartezone ticket link")

    def link(self, zone: ZoneId, ticket: TicketId) -> str:
        return self._signed.link(zone, ticket)

    def path(self, zone: ZoneId, ticket: TicketId) -> str:
        return f"/t/{self.link(zone, ticket)}"

    def read(self, link: str) -> Own:
        """Raises `Problem` 404, the same for every link that is not ours."""
        zone, ticket = self._signed.named(link)
        return Own(zone, TicketId(ticket))


class BookingLinks:
    """Of appointments; whoever has the link may confirm, move and cancel.

    A link is for the appointment with this code that was made at this moment: another booking system gives its codes
    again, and whoever had one before must not find the next visitor's appointment. An earlier release noted no moment:
    its links name none, and go on to open its appointments.
    """

    def __init__(self, secret: bytes) -> None:
        self._signed = _Signed(secret, b"wartezone appointment link")

    def link(self, zone: ZoneId, booking: BookingId, made_ms: int) -> str:
        return self._signed.link(zone, f"{booking}{_MADE}{made_ms:0{_MADE_DIGITS}x}" if made_ms else booking)

    def path(self, zone: ZoneId, booking: BookingId, made_ms: int) -> str:
        return f"/a/{self.link(zone, booking, made_ms)}"

    def path_with_code(self, zone: ZoneId, booking: BookingId, made_ms: int) -> str:
        """What a QR code of an appointment holds, on whatever screen or paper: a phone opens the own page, a kiosk's
        reader finds the code."""
        return f"{self.path(zone, booking, made_ms)}?{urlencode({CODE_QUERY: booking})}"

    def read(self, link: str) -> OwnBooking:
        """Whether the appointment is still that one, `OwnBooking.names` tells. Raises `Problem` 404, the same for every
        link that is not ours."""
        zone, named = self._signed.named(link)
        if found := _WITH_MOMENT.fullmatch(named):
            return OwnBooking(zone, BookingId(found["booking"]), int(found["made"], 16))
        return OwnBooking(zone, BookingId(named), 0)
