"""How long people have waited today: folded from the running day's log when somebody asks, and kept for those who ask
next."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from queue_core.domain.errors import StoreAway
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.rhythm import Usual
from queue_core.estimate.draws import Draws
from queue_core.estimate.rhythm import so_far
from queue_core.store.hindsight import Hindsight

log = logging.getLogger(__name__)

#: A chart of quarters of an hour need not be younger, and thousands who look at it ask once together.
FRESH_S = 30.0

Today = Mapping[ServiceId, Mapping[int, Usual]]


@dataclass(slots=True)
class _Zone:
    """`day`: ISO, of the business day that `draws` are of."""

    day: str = ""
    draws: Draws = field(default_factory=Draws)
    last: Event | None = None
    told: Today = field(default_factory=dict)
    asked_s: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def follow(self, event: Event) -> None:
        if event.type in (EventType.DAY_ROLLED, EventType.EPOCH_STARTED):
            day = str(event.data.get("day") or event.data.get("state", {}).get("day", ""))
            if day != self.day:
                self.day, self.draws = day, Draws()
        self.draws.follow(event)
        self.last = event


class DaySoFar:
    """Without hindsight nothing is known."""

    def __init__(self, hindsight: Hindsight | None, fresh_s: float = FRESH_S) -> None:
        self._hindsight, self._fresh_s = hindsight, fresh_s
        self._zones: defaultdict[ZoneId, _Zone] = defaultdict(_Zone)

    async def of(self, zone: Zone) -> Today:
        """By service and by the quarter in which people drew (96 and up: after midnight); while the store is away what
        was known last."""
        kept = self._zones[zone.id]
        async with kept.turn:
            now_s = asyncio.get_running_loop().time()
            if self._hindsight and now_s - kept.asked_s >= self._fresh_s:
                kept.asked_s = now_s
                await self._catch_up(zone, kept, self._hindsight)
        return kept.told

    async def _catch_up(self, zone: Zone, kept: _Zone, hindsight: Hindsight) -> None:
        try:
            async for event in hindsight.running_day(zone.id, kept.last):
                kept.follow(event)
        except StoreAway as e:
            log.info("today's waits of %s are not read while the store is away: %s", zone.id, e.cause)
        if kept.day:
            kept.told = so_far(kept.draws, zone, date.fromisoformat(kept.day))
