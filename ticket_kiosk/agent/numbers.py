"""Numbers lent to this kiosk ahead of time: fetched while the server is there, given out while it is away."""

import logging
import secrets
from typing import Any

from queue_core.real_clock import real_ms
from queue_core.web.reading import KEY_HEADER
from ticket_kiosk.agent.ledger import Block, Kind, Ledger
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.place import Place

log = logging.getLogger(__name__)

_KEY_BYTES = 16
#: Of a block: with less than that in hand another one is fetched.
_ENOUGH_SHARE = 0.5


class Numbers:
    def __init__(self, ledger: Ledger, kiosk: str) -> None:
        self._ledger, self._path = ledger, f"/kiosk/{kiosk}/blocks"
        self._asked_on = ""

    def are_asked_for(self, place: Place) -> bool:
        """Whether this business day has had a chance to lend any: before that none is no alarm."""
        return place.is_same_day() and place.day == self._asked_on

    def left(self, place: Place | None) -> int:
        """How many can still be given out today."""
        return sum(block.left for block in self._usable(place))

    def spare(self, place: Place | None) -> list[str]:
        """The numbers themselves, in the order of giving."""
        return [block.number(n) for block in self._usable(place) for n in range(block.next, block.last + 1)]

    def take(self, place: Place) -> tuple[Block, int] | None:
        """The next number; whoever notes that it is given away uses it up."""
        block = next((block for block in self._usable(place) if block.left > 0), None)
        return (block, block.next) if block else None

    async def refill(self, link: Link, place: Place) -> None:
        """Asks for one more block with a key that is on the disk first: asked again, the server lends the same one."""
        if not place.block_size or self.left(place) >= _ENOUGH_SHARE * place.block_size:
            self._asked_on = place.day
            return
        key = next(iter(self._ledger.wanted_blocks), None)
        if key is None:
            key = secrets.token_urlsafe(_KEY_BYTES)
            self._ledger.note({"kind": Kind.BLOCK_ASKED, "of": key}, now_ms=real_ms())
        answer = await link.ask("POST", self._path, headers={KEY_HEADER: key}, json={})
        self._asked_on = place.day
        if answer is None:
            return
        if answer.is_success:
            lent: dict[str, Any] = answer.json()
            self._ledger.note({"kind": Kind.BLOCK, "of": key, "block": {"id": key, **lent}}, now_ms=real_ms())
        else:
            log.warning("no numbers are lent for an outage: %s %s", answer.status_code, answer.text[:200])

    def _usable(self, place: Place | None) -> list[Block]:
        """Numbers begin anew with every business day: yesterday's are lent to nobody any more."""
        if place is None or not place.is_same_day():
            return []
        return [b for b in self._ledger.blocks.values() if b.day == place.day and b.zone == place.zone.id]
