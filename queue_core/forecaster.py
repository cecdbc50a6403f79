"""One zone's forecaster: while it holds the lease, an estimator watches the log and all faces get what it says."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from queue_core.domain.errors import StoreAway
from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.estimate.laws import Laws
from queue_core.estimate.queue_length import QueueLength
from queue_core.store.estimates import Estimates

log = logging.getLogger(__name__)

#: What was learned is kept so often; a crash forgets at most this much.
SAVE_LAWS_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """At most one forecast in `pause_s`, at least one in `idle_s`; the lease is looked at every `lease_s` / 3."""

    pause_s: float
    idle_s: float
    lease_s: float


class Forecaster:
    """`observe` gets every event of the zone, in order, from whoever reads the log in this process."""

    def __init__(
        self,
        zone: Callable[[], Zone],
        snapshot: Callable[[], Snapshot],
        now_ms: Callable[[], int],
        estimates: Estimates,
        pace: Pace,
    ) -> None:
        self._zone, self._snapshot, self._now_ms = zone, snapshot, now_ms
        self._estimates = estimates
        self._pace = pace
        self._estimator: QueueLength | None = None
        self._changed = asyncio.Event()
        self._published_s = self._saved_s = float("-inf")

    def observe(self, event: Event) -> None:
        self._changed.set()
        if self._estimator is None:
            return
        try:
            self._estimator.observe(event)
        except LogGap:
            self._estimator = self._fresh(self._estimator.laws)

    async def run(self) -> None:
        """Until cancelled; then another process may take over at once."""
        try:
            while True:
                try:
                    await self._turn()
                except StoreAway as e:
                    log.warning("no forecasts while the store is away: %s", e.cause)
                    self._estimator = None
                except Exception:
                    log.exception("the forecast failed; the faces show no estimate")
                    self._estimator = None
                await self._pause()
        finally:
            await self._leave()

    async def _turn(self) -> None:
        if not await self._estimates.hold_lease():
            self._estimator = None
            return
        if self._estimator is None:
            stored = await self._estimates.laws()
            self._estimator = self._fresh(Laws.from_json(stored) if stored else Laws())
            self._changed.set()
        if self._changed.is_set() or self._since(self._published_s) >= self._pace.idle_s:
            self._changed.clear()
            await self._estimates.publish(self._estimator.forecast(self._now_ms()).to_json())
            self._published_s = _monotonic_s()
        if self._since(self._saved_s) >= SAVE_LAWS_EVERY_S:
            await self._estimates.save_laws(self._estimator.laws.to_json())
            self._saved_s = _monotonic_s()

    async def _pause(self) -> None:
        """First the least pause between two forecasts, then until something happens or the lease must be renewed."""
        await asyncio.sleep(self._pace.pause_s)
        try:
            async with asyncio.timeout(min(self._pace.idle_s, self._pace.lease_s / 3)):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _leave(self) -> None:
        try:
            if self._estimator:
                await self._estimates.save_laws(self._estimator.laws.to_json())
            await self._estimates.leave_lease()
        except StoreAway as e:
            log.info("the forecast lease runs out by itself: %s", e.cause)

    def _fresh(self, laws: Laws) -> QueueLength:
        return QueueLength(self._zone(), self._snapshot(), laws)

    def _since(self, then_s: float) -> float:
        return _monotonic_s() - then_s


def _monotonic_s() -> float:
    return asyncio.get_running_loop().time()
