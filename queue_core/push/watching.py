"""Sees when phones are to be told. Every web process does; the store lets one of them tell each thing, once."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress

from queue_core.domain.errors import Refused, StoreAway
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CLOSED, Ticket, TicketId, ZoneId
from queue_core.engine import Engine
from queue_core.live.hub import Hub
from queue_core.push.due import Due, due
from queue_core.push.phones import left_ms
from queue_core.real_clock import real_ms
from queue_core.store.push import Phone, PushLetter, PushStore

log = logging.getLogger(__name__)

#: Waits become shorter by themselves.
LOOK_AT_PHONES_EVERY_S = 5.0
_CALLS = frozenset({EventType.CALLED, EventType.RECALLED})

Wake = Callable[[], Awaitable[None]]
PathOf = Callable[[ZoneId, TicketId], str]


class PushWatch:
    """`path_of`: where a ticket's own page is. `wake`: letters wait to be sent."""

    def __init__(
        self,
        engine: Engine,
        hub: Hub,
        store: PushStore,
        path_of: PathOf,
        wake: Wake,
        every_s: float = LOOK_AT_PHONES_EVERY_S,
    ) -> None:
        self._engine, self._hub, self._store, self._path_of, self._wake = engine, hub, store, path_of, wake
        self._every_s = every_s
        self._called: set[ZoneId] = set()
        self._stir = asyncio.Event()
        for zone in engine.office:
            hub.observe(zone, self._observer(zone))

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._stir.wait()
            self._stir.clear()
            called, self._called = self._called, set()
            try:
                await self.look(called)
            except StoreAway as e:
                log.warning("phones are told later: %s", e.cause)
            except Exception:  # what one look cannot tell, the next one may
                log.exception("phones could not be told")

    async def look(self, called: AbstractSet[ZoneId] = frozenset()) -> None:
        """At the zones where somebody was called, else at all that have phones."""
        known = await self._store.zones() & self._engine.office.keys()
        await self._look_at(known & called or known)

    def _observer(self, zone: ZoneId) -> Callable[[Event], None]:
        def observe(event: Event) -> None:
            if event.type in _CALLS:
                self._called.add(zone)
                self._stir.set()

        return observe

    async def _look_at(self, zones: Iterable[ZoneId]) -> None:
        told = False
        for zone in sorted(zones):
            for ticket_id, phones in (await self._store.phones(zone)).items():
                ticket = self._hub.snapshot(zone).tickets.get(ticket_id)
                if ticket is None:
                    await self._forget_ended(zone, ticket_id, phones)
                elif found := due(ticket, self._hub.forecast(zone), self._hub.now_ms(zone)):
                    told |= await self._tell(zone, ticket, phones, found)
        if told:
            await self._wake()

    async def _tell(self, zone: ZoneId, ticket: Ticket, phones: Iterable[Phone], found: Due) -> bool:
        if not await self._store.claim(zone, found.of(ticket.id), left_ms(self._hub, zone)):
            return False
        for phone in phones:
            payload = self._payload(zone, ticket, phone, found)
            letter = PushLetter(f"{found.of(ticket.id)} {phone.id}", zone, ticket.id, phone, payload, real_ms())
            await self._store.put(letter)
        return True

    def _payload(self, zone: ZoneId, ticket: Ticket, phone: Phone, found: Due) -> str:
        place = self._engine.zone(zone).counters.get(ticket.counter)
        names = place.name if place else {}
        counter = names.get(phone.language) or next(iter(names.values()), "")
        title, text = (words.format(number=ticket.number, counter=counter) for words in phone.words[found.kind])
        path = f"{self._path_of(zone, ticket.id)}?lang={phone.language}"
        told = {"kind": found.kind, "title": title, "text": text, "path": path, "language": phone.language}
        return json.dumps(told, ensure_ascii=False)

    async def _forget_ended(self, zone: ZoneId, ticket: TicketId, phones: Iterable[Phone]) -> None:
        """This process may not have heard of a ticket yet: the store knows."""
        with suppress(Refused):
            if (await self._engine.ticket(zone, ticket)).state not in CLOSED:
                return
        for phone in phones:
            await self._store.remove(zone, ticket, phone.id)
