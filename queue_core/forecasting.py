"""All forecasters of one process in one task: each has its turn when it is due, and soon after an event."""

import asyncio
import heapq
import itertools
import logging
from collections.abc import Iterable, Iterator

from queue_core.domain.errors import StoreAway
from queue_core.domain.events import Event
from queue_core.domain.model import ZoneId
from queue_core.forecaster import Forecaster

log = logging.getLogger(__name__)

#: So many wait for the store together. A forecast is work of some milliseconds, and requests come in between.
TOGETHER = 4


class Forecasting:
    """`observer` of a zone gets its events."""

    def __init__(self) -> None:
        self._forecasters: dict[ZoneId, Forecaster] = {}
        self._due_s: dict[ZoneId, float] = {}
        self._turned_s: dict[ZoneId, float] = {}
        self._heap: list[tuple[float, ZoneId]] = []
        self._woken = asyncio.Event()
        self._is_away = False

    def add(self, zone: ZoneId, forecaster: Forecaster) -> None:
        self._forecasters[zone] = forecaster
        self._schedule(zone, float("-inf"))

    def observe(self, zone: ZoneId, event: Event) -> None:
        forecaster = self._forecasters[zone]
        if forecaster.observe(event):
            soon_s = self._turned_s.get(zone, float("-inf")) + forecaster.pace.pause_s
            if soon_s < self._due_s.get(zone, float("inf")):
                self._schedule(zone, soon_s)

    async def run(self) -> None:
        """Until cancelled; then another process may take over at once."""
        try:
            while True:
                await self._until_due()
                await asyncio.gather(*(self._turn(zone) for zone in self._taken_due()))
        finally:
            for together in _batches(self._forecasters.values()):
                await asyncio.gather(*(_leave(forecaster) for forecaster in together))

    async def _until_due(self) -> None:
        while not self._heap or self._heap[0][0] > _now_s():
            self._woken.clear()
            try:
                async with asyncio.timeout_at(self._heap[0][0] if self._heap else None):
                    await self._woken.wait()
            except TimeoutError:
                return

    def _taken_due(self) -> list[ZoneId]:
        """The next whose time has come. Entries of a time that was changed since are skipped."""
        due: list[ZoneId] = []
        while self._heap and self._heap[0][0] <= _now_s() and len(due) < TOGETHER:
            at_s, zone = heapq.heappop(self._heap)
            if self._due_s.get(zone) == at_s:
                del self._due_s[zone]
                due.append(zone)
        return due

    async def _turn(self, zone: ZoneId) -> None:
        forecaster = self._forecasters[zone]
        now_s = self._turned_s[zone] = _now_s()
        pause_s = forecaster.pace.retry_s
        try:
            pause_s = await forecaster.turn(now_s)
            self._is_away = False
        except StoreAway as e:
            forecaster.give_up()
            if not self._is_away:
                log.warning("no forecasts while the store is away: %s", e.cause)
            self._is_away = True
        except Exception:
            forecaster.give_up()
            log.exception("the forecast of %s failed; its faces show no estimate", zone)
        if self._due_s.get(zone, float("inf")) > now_s + pause_s:
            self._schedule(zone, now_s + pause_s)

    def _schedule(self, zone: ZoneId, at_s: float) -> None:
        self._due_s[zone] = at_s
        heapq.heappush(self._heap, (at_s, zone))
        if self._heap[0] == (at_s, zone):
            self._woken.set()


async def _leave(forecaster: Forecaster) -> None:
    try:
        await forecaster.leave()
    except StoreAway as e:
        log.info("a forecast lease runs out by itself: %s", e.cause)


def _batches(forecasters: Iterable[Forecaster]) -> Iterator[list[Forecaster]]:
    rest = iter(forecasters)
    while together := list(itertools.islice(rest, TOGETHER)):
        yield together


def _now_s() -> float:
    return asyncio.get_running_loop().time()
