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
from queue_core.forecaster.attempts import Attempts

log = logging.getLogger(__name__)

#: So many have their turn at once: they wait for the store together, and compute one after the other.
TOGETHER = 4


class Forecasting:
    """`observe` gets a zone's events."""

    def __init__(self) -> None:
        self._forecasters: dict[ZoneId, Forecaster] = {}
        self._attempts: dict[ZoneId, Attempts] = {}
        self._due_s: dict[ZoneId, float] = {}
        self._turned_s: dict[ZoneId, float] = {}
        self._turning: dict[ZoneId, asyncio.Task[None]] = {}
        self._heap: list[tuple[float, ZoneId]] = []
        self._woken = asyncio.Event()
        self._is_away = False

    def add(self, zone: ZoneId, forecaster: Forecaster) -> None:
        self._forecasters[zone] = forecaster
        self._attempts[zone] = Attempts(f"the forecaster of {zone}")
        self._schedule(zone, float("-inf"))

    def observe(self, zone: ZoneId, event: Event) -> None:
        forecaster, now_s = self._forecasters[zone], _now_s()
        if forecaster.observe(event, now_s):
            soon_s = max(now_s, self._turned_s.get(zone, float("-inf")) + forecaster.pause_s)
            if soon_s < self._due_s.get(zone, float("inf")):
                self._schedule(zone, soon_s)

    async def run(self) -> None:
        """Until cancelled; then another process may take over at once."""
        try:
            while True:
                await self._until_due()
                for zone in self._taken_due():
                    self._turning[zone] = asyncio.create_task(self._turn(zone))
        finally:
            for turn in self._turning.values():
                turn.cancel()
            await asyncio.gather(*self._turning.values(), return_exceptions=True)
            for together in _batches(self._forecasters):
                await asyncio.gather(*map(self._leave, together))

    async def _until_due(self) -> None:
        while len(self._turning) >= TOGETHER or not self._heap or self._heap[0][0] > _now_s():
            self._woken.clear()
            is_full = len(self._turning) >= TOGETHER
            try:
                async with asyncio.timeout_at(None if is_full or not self._heap else self._heap[0][0]):
                    await self._woken.wait()
            except TimeoutError:
                continue

    def _taken_due(self) -> list[ZoneId]:
        """The next whose time has come. Entries of a time that was changed since are skipped."""
        due: list[ZoneId] = []
        while self._heap and self._heap[0][0] <= _now_s() and len(due) + len(self._turning) < TOGETHER:
            at_s, zone = heapq.heappop(self._heap)
            if self._due_s.get(zone) == at_s:
                del self._due_s[zone]
                due.append(zone)
        return due

    async def _turn(self, zone: ZoneId) -> None:
        forecaster, attempts = self._forecasters[zone], self._attempts[zone]
        now_s = self._turned_s[zone] = _now_s()
        pause_s = None
        with attempts.at(now_s):
            pause_s = await self._pause_after(forecaster, now_s)
        if pause_s is None:
            forecaster.give_up()
        self._turned(zone, now_s + (pause_s or attempts.pause_s), now_s + forecaster.pause_s)

    async def _pause_after(self, forecaster: Forecaster, now_s: float) -> float:
        try:
            pause_s = await forecaster.turn(now_s)
        except StoreAway as e:
            if not self._is_away:
                log.warning("no forecasts while the store is away: %s", e.cause)
            self._is_away = True
            return forecaster.retry_s
        self._is_away = False
        return pause_s

    async def _leave(self, zone: ZoneId) -> None:
        with self._attempts[zone].at(_now_s()):
            try:
                await self._forecasters[zone].leave()
            except StoreAway as e:
                log.info("a forecast lease runs out by itself: %s", e.cause)

    def _turned(self, zone: ZoneId, next_s: float, soonest_s: float) -> None:
        """An event in between wants the next turn soon."""
        del self._turning[zone]
        wanted_s = self._due_s.pop(zone, float("inf"))
        self._schedule(zone, min(next_s, max(wanted_s, soonest_s)))
        self._woken.set()

    def _schedule(self, zone: ZoneId, at_s: float) -> None:
        """A zone whose turn it is comes back in when that has ended."""
        self._due_s[zone] = at_s
        if zone not in self._turning:
            heapq.heappush(self._heap, (at_s, zone))
            if self._heap[0] == (at_s, zone):
                self._woken.set()


def _batches(zones: Iterable[ZoneId]) -> Iterator[list[ZoneId]]:
    rest = iter(zones)
    while together := list(itertools.islice(rest, TOGETHER)):
        yield together


def _now_s() -> float:
    return asyncio.get_running_loop().time()
