"""A visitor's own link: `<zone>.<ticket id>.<signature>`. It names one ticket, cannot be guessed and needs no index."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from queue_core.domain.model import TicketId, ZoneId
from queue_core.web.problems import not_found

_SIGNATURE_BYTES = 18


@dataclass(frozen=True, slots=True)
class Own:
    """The ticket that a valid link names."""

    zone: ZoneId
    ticket: TicketId


class Links:
    """Signs and checks links with a key of their own, made from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"wartezone ticket link", "sha256")

    def link(self, zone: ZoneId, ticket: TicketId) -> str:
        return f"{zone}.{ticket}.{self._signature(zone, ticket)}"

    def path(self, zone: ZoneId, ticket: TicketId) -> str:
        return f"/t/{self.link(zone, ticket)}"

    def read(self, link: str) -> Own:
        """Raises `Problem` 404, the same for every link that is not ours."""
        named, _, signature = link.rpartition(".")
        zone, _, ticket = named.rpartition(".")
        own = Own(ZoneId(zone), TicketId(ticket))
        if not hmac.compare_digest(signature.encode(), self._signature(own.zone, own.ticket).encode()):
            raise not_found()
        return own

    def _signature(self, zone: ZoneId, ticket: TicketId) -> str:
        mac = hmac.digest(self._key, f"{zone}\0{ticket}".encode(), "sha256")
        return urlsafe_b64encode(mac[:_SIGNATURE_BYTES]).decode()
