"""What a ticket's page may ask: to tell this phone, and to tell it no more."""

from collections.abc import Callable

from queue_core.domain.errors import WartezoneError
from queue_core.domain.model import TicketId, ZoneId
from queue_core.live.hub import Hub
from queue_core.push.due import Kind, due
from queue_core.push.endpoints import NotPublic, service_of
from queue_core.store.push import Phone, PushStore, phone_id

__all__ = ["Phone", "PhoneUnusable", "Phones", "TooManyPhones"]

#: Says what is wrong with a phone's keys, or nothing.
Fault = Callable[[str, str], str]


class PhoneUnusable(WartezoneError):
    """What the browser gave cannot be used; the text says which of it."""


class TooManyPhones(WartezoneError):
    """The ticket has as many phones as it may."""


class Phones:
    """`public_key`: what browsers ask their push service for. `loopback`: services on this machine are allowed."""

    def __init__(self, public_key: str, store: PushStore, hub: Hub, fault: Fault, *, loopback: bool = False) -> None:
        self.public_key = public_key
        self._store, self._hub, self._fault, self._loopback = store, hub, fault, loopback

    async def add(self, zone: ZoneId, ticket: TicketId, phone: Phone) -> None:
        """What could be told at this very moment is known to whoever asks. Raises `PhoneUnusable`, `TooManyPhones`."""
        self.require_usable(phone)
        for_ms = left_ms(self._hub, zone)
        if not await self._store.add(zone, ticket, phone, for_ms):
            raise TooManyPhones
        known = self._hub.snapshot(zone).tickets.get(ticket)
        now = due(known, self._hub.forecast(zone), self._hub.now_ms(zone)) if known else None
        if now and now.kind is Kind.SOON:
            await self._store.claim(zone, now.of(ticket), for_ms)

    async def remove(self, zone: ZoneId, ticket: TicketId, endpoint: str) -> None:
        await self._store.remove(zone, ticket, phone_id(endpoint))

    def require_usable(self, phone: Phone) -> None:
        """Raises `PhoneUnusable`."""
        try:
            service_of(phone.endpoint, loopback=self._loopback)
        except NotPublic as e:
            raise PhoneUnusable(f"endpoint: {e}") from None
        if fault := self._fault(phone.key, phone.auth):
            raise PhoneUnusable(fault)


def left_ms(hub: Hub, zone: ZoneId) -> int:
    """Until the business day's end, in real time whatever the zone's clock is: a day at most."""
    return max(1, hub.snapshot(zone).day_to_ms - hub.now_ms(zone))
