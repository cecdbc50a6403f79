"""Ended days in figures: worked out from their archives when somebody asks, and kept for those who ask next."""

import asyncio
import logging
from collections import OrderedDict

from queue_core.domain.day_table import DayTable
from queue_core.domain.model import ZoneId
from queue_core.domain.strange import STRANGE
from queue_core.estimate.day_table import day_table
from queue_core.store.hindsight import Hindsight

log = logging.getLogger(__name__)

#: An archive of a thousand visits takes some 50 ms; its table has some 100 lines.
TABLES_MOST = 240


class PastDays:
    """Without hindsight no day is known."""

    def __init__(self, hindsight: Hindsight | None) -> None:
        self._hindsight = hindsight
        self._tables: OrderedDict[tuple[ZoneId, str], DayTable] = OrderedDict()

    def days(self, zone: ZoneId) -> tuple[str, ...] | None:
        return self._hindsight.days(zone) if self._hindsight else None

    async def table(self, zone: ZoneId, day: str) -> DayTable:
        """Of one of `days`; the same object to all as long as it is kept. Without lines where nothing can be told.
        Raises `StoreAway`."""
        if (zone, day) not in self._tables:
            self._tables[zone, day] = await self._worked_out(zone, day)
            if len(self._tables) > TABLES_MOST:
                self._tables.popitem(last=False)
        self._tables.move_to_end((zone, day))
        return self._tables[zone, day]

    async def _worked_out(self, zone: ZoneId, day: str) -> DayTable:
        if self._hindsight is None:
            return DayTable(day)
        try:
            lines = await self._hindsight.archive(zone, day)
            return await asyncio.to_thread(day_table, day, lines) if lines else DayTable(day)
        except STRANGE as e:
            log.error("the archive of %s in %s cannot be read: %s", day, zone, e)
            return DayTable(day)
