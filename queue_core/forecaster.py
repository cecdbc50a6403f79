"""One zone's forecaster: while it holds the lease, an estimator watches the log and all faces get what it says.

A zone at rest costs nothing: what was said of it stays true until something happens or the hours change, so nobody
holds its lease, and no estimator is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

from queue_core.domain.events import Event, EventType
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.domain.views.scene import Outlook
from queue_core.domain.views.timetable import Timetable
from queue_core.estimate.queue_length.laws import Laws
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.store.estimates import Estimates

#: What was learned is kept so often; a crash forgets at most this much.
SAVE_LAWS_EVERY_S = 60.0
#: A zone at rest is looked at so often: its clock may have been wound.
REST_MOST_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """At most one forecast in `pause_s`, at least one in `idle_s`; a lease ends `lease_s` after the last one."""

    pause_s: float
    idle_s: float
    lease_s: float

    @property
    def retry_s(self) -> float:
        return min(self.idle_s, self.lease_s / 3)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A zone as this process sees it now; `outlook` is what the faces show."""

    zone: Callable[[], Zone]
    snapshot: Callable[[], Snapshot]
    now_ms: Callable[[], int]
    outlook: Callable[[], Outlook | None]


class Forecaster:
    """`observe` gets every event of the zone, in order, from whoever reads the log in this process, before it is folded
    into the snapshot that this process keeps."""

    def __init__(self, seen: Surveyed, estimates: Estimates, pace: Pace) -> None:
        self.pace = pace
        self._seen = seen
        self._estimates = estimates
        self._timetable = Timetable()
        self._estimator: QueueLength | None = None
        self._rests = False
        self._saved_s = float("-inf")

    def observe(self, event: Event) -> bool:
        """Whether a turn is due for it: not where another process is the zone's estimator."""
        if self._estimator is None:
            return self._rests
        if event.type is EventType.CONFIGURED:
            self._estimator = self._fresh(self._estimator.laws)
        try:
            self._estimator.observe(event)
        except LogGap:
            self._estimator = self._fresh(self._estimator.laws)
            self._estimator.observe(event)
        return True

    async def turn(self, now_s: float) -> float:
        """Does what is due, and says in how many seconds to come again. Raises `StoreAway`."""
        self._rests = False
        if (rest_s := self._rest_s()) > 0:
            self._rests = True
            await self.leave()
            return rest_s
        if self._estimator is None and not await self._begin(now_s):
            return self.pace.retry_s
        estimator = self._estimator
        if estimator and not estimator.stands_beside(self._seen.snapshot()):
            estimator = self._estimator = self._fresh(estimator.laws)
        if estimator is None or not await self._estimates.publish(estimator.forecast(self._seen.now_ms()).to_json()):
            self._estimator = None
            return self.pace.retry_s
        if now_s - self._saved_s >= SAVE_LAWS_EVERY_S:
            self._saved_s = now_s
            await self._estimates.save_laws(estimator.laws.to_json())
        return self.pace.pause_s if self._seen.snapshot().is_at_rest() else self.pace.retry_s

    def give_up(self) -> None:
        """After a failure the next turn begins anew."""
        self._estimator = None

    async def leave(self) -> None:
        """Another process may take over at once. Raises `StoreAway`."""
        estimator, self._estimator = self._estimator, None
        if estimator:
            await self._estimates.save_laws(estimator.laws.to_json())
            await self._estimates.leave_lease()

    async def _begin(self, now_s: float) -> bool:
        if not await self._estimates.hold_lease():
            return False
        stored = await self._estimates.laws()
        self._estimator = self._fresh(Laws.from_json(stored) if stored else Laws())
        self._saved_s = now_s
        return True

    def _rest_s(self) -> float:
        """How long the zone may be left alone: at rest, all faces know it, and hours do not change before."""
        snapshot, known = self._seen.snapshot(), self._seen.outlook()
        if known is None or known.as_of_seq != snapshot.seq or not snapshot.is_at_rest():
            return 0
        self._timetable.at(self._seen.zone(), known.at_ms)
        return min(REST_MOST_S, (self._timetable.until_ms - self._seen.now_ms()) / 1000)

    def _fresh(self, laws: Laws) -> QueueLength:
        return QueueLength.beside(self._seen.zone(), self._seen.snapshot(), laws)
