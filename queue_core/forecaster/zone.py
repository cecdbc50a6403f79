"""The lease holder's work for one zone: observe, forecast, announce, publish, keep what was learned."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queue_core.domain.events import Event, EventType
from queue_core.domain.office import Zone
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.domain.strange import STRANGE
from queue_core.domain.views.scene import Outlook
from queue_core.domain.views.timetable import Timetable
from queue_core.estimate.announcer import Announcer
from queue_core.estimate.forecast import Forecast
from queue_core.estimate.prospects import expected
from queue_core.forecaster.attempts import Attempts
from queue_core.forecaster.craft import Craft, Estimating
from queue_core.forecaster.ladder import Ladder
from queue_core.forecaster.pace import Pace
from queue_core.store.estimates import Estimates
from queue_core.store.laws import KeptLaws

log = logging.getLogger(__name__)

#: What was learned is kept so often; a crash forgets at most this much.
SAVE_LAWS_EVERY_S = 300.0
#: Who is expected by appointment is looked at so often.
PROSPECTS_EVERY_S = 120.0
#: And so soon where somebody is expected at a new time: who has just booked wants to know.
PROSPECTS_ANEW_S = 10.0
#: A zone where somebody is expected so soon is not at rest: they want to know when they are called.
_EXPECTED_WITHIN_MS = 3 * 3_600_000
#: A zone at rest is looked at so often: its clock may have been wound.
REST_MOST_S = 60.0
#: Of an announcement that is older nothing is kept: people have gone home, or the clock was wound.
ANNOUNCED_KEPT_MS = 1_800_000


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A zone as this process sees it now; `outlook` is what the faces show."""

    zone: Callable[[], Zone]
    snapshot: Callable[[], Snapshot]
    now_ms: Callable[[], int]
    outlook: Callable[[], Outlook | None]
    rhythm: Callable[[], Rhythm | None] = lambda: None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the zone's estimates and laws are."""

    estimates: Estimates
    laws: KeptLaws


@dataclass(slots=True)
class _Term:
    """From taking the lease to losing it. `revision`: of which laws in the store ours are; `learned`: from so many
    events, `kept`: so many of them are in the store."""

    estimator: Estimating
    announcer: Announcer
    revision: str
    saved_s: float
    learned: int = 0
    kept: int = 0
    announced: Forecast | None = None
    slots: Mapping[Slot, CallTimes] = field(default_factory=dict)
    looked_s: float = float("-inf")
    looked_for: frozenset[Slot] = frozenset()

    @property
    def unsaved(self) -> bool:
        return self.learned > self.kept


class Forecaster:
    """`observe` gets every event of the zone, in order, from whoever reads the log in this process, before it is folded
    into the snapshot that this process keeps."""

    def __init__(self, seen: Surveyed, kept: Kept, pace: Pace, ladder: Ladder, craft: Craft) -> None:
        self._seen, self._kept, self._pace, self._ladder, self._craft = seen, kept, pace, ladder, craft
        self._timetable = Timetable()
        self._term: _Term | None = None
        self._rests = self._leases = False
        self._observing = Attempts(f"the estimator of {seen.zone().id}")
        self._announcing = Attempts(f"the announcer of {seen.zone().id}")

    @property
    def pause_s(self) -> float:
        """After a turn, whatever happens."""
        return self._pace.pause_after_s(self._ladder.cost_s)

    @property
    def retry_s(self) -> float:
        return max(self._pace.retry_s, self.pause_s)

    def observe(self, event: Event, now_s: float) -> bool:
        """Whether a turn is due for it: not where another process is the zone's estimator. Never raises: who reads the
        log reads it for everybody."""
        term = self._term
        if term is None:
            return self._rests
        with self._observing.at(now_s):
            self._learn(term, event)
            return True
        self._term = None
        return False

    async def turn(self, now_s: float) -> float:
        """Does what is due, and says in how many seconds to come again. Raises `StoreAway`."""
        self._rests = False
        if (rest_s := self._rest_s()) > 0:
            self._rests = True
            await self.leave()
            return rest_s
        if not self._observing.due(now_s) or (self._term is None and not await self._begin(now_s)):
            return self.retry_s
        if (term := self._term) is None or not await self._tell(term, now_s):
            return self.retry_s
        if self._looks_ahead(term, now_s - term.looked_s):
            await self._look_ahead(term, now_s)
        if term.unsaved and now_s - term.saved_s >= SAVE_LAWS_EVERY_S:
            await self._save(term, now_s)
        return self.pause_s if self._is_at_rest() else self.retry_s

    def give_up(self) -> None:
        """After a failure the next turn begins anew."""
        self._term = None

    async def leave(self) -> None:
        """Another process may take over at once. What whoever took over meanwhile has kept is not overwritten. Raises
        `StoreAway`; what was learned is then still there to be kept."""
        while (term := self._term) and term.unsaved and await self._kept.estimates.holds_lease():
            await self._save(term, term.saved_s)
        self._term = None
        if self._leases:
            await self._kept.estimates.leave_lease()
            self._leases = False

    async def _begin(self, now_s: float) -> bool:
        self._leases = True  # whoever is cancelled before the answer gives it back
        self._leases = await self._kept.estimates.hold_lease()
        if not self._leases:
            return False
        laws, revision = await self._laws()
        before = await self._announced_before()
        zone = self._seen.zone()
        estimator = self._craft.beside(zone, self._seen.snapshot(), laws)
        self._term = _Term(estimator, Announcer(zone, before), revision, now_s, announced=before)
        return True

    async def _tell(self, term: _Term, now_s: float) -> bool:
        """False when somebody else is the estimator by now, or this one has to begin anew."""
        living, now_ms = self._seen.snapshot(), self._seen.now_ms()
        if not term.estimator.stands_beside(living):
            self._renew(term, term.estimator.laws)
        estimator = term.estimator
        forecast = await self._ladder.forecast(estimator, living, now_ms, now_s, self._seen.rhythm())
        if self._term is not term or term.estimator is not estimator or living is not self._seen.snapshot():
            return False
        term.announced = self._announce(term, forecast, now_s)
        term.announced = replace(term.announced, slots=term.slots)
        standing = await self._kept.estimates.publish(term.announced.to_json())
        if not standing.holds:
            self._term, self._leases = None, False
        elif standing.laws != term.revision:
            log.info("the laws of %s were exchanged in the store; ours are forgotten", self._seen.zone().id)
            laws, term.revision = await self._laws()
            self._renew(term, laws)
            term.kept = term.learned
        return standing.holds

    def _looks_ahead(self, term: _Term, since_s: float) -> bool:
        if since_s < PROSPECTS_ANEW_S:
            return False
        return since_s >= PROSPECTS_EVERY_S or not term.looked_for.issuperset(self._expected())

    def _expected(self) -> list[Slot]:
        return expected(self._seen.zone(), self._seen.snapshot(), self._seen.now_ms())

    async def _look_ahead(self, term: _Term, now_s: float) -> None:
        """It is told with the forecasts that follow, so that none waits for it."""
        term.looked_s, term.looked_for = now_s, frozenset(self._expected())
        term.slots = await self._ladder.prospects(term.estimator, self._seen.now_ms(), now_s)

    def _is_at_rest(self) -> bool:
        snapshot = self._seen.snapshot()
        return snapshot.is_at_rest() and not expected(
            self._seen.zone(), snapshot, self._seen.now_ms(), _EXPECTED_WITHIN_MS
        )

    def _announce(self, term: _Term, forecast: Forecast, now_s: float) -> Forecast:
        """A forecast that cannot be made steady is told as it is."""
        with self._announcing.at(now_s):
            return term.announcer.announce(forecast, self._seen.snapshot())
        term.announcer = Announcer(self._seen.zone())
        return forecast

    def _learn(self, term: _Term, event: Event) -> None:
        if event.type is EventType.CONFIGURED:
            self._renew(term, term.estimator.laws)
        try:
            term.estimator.observe(event)
        except LogGap:
            self._renew(term, term.estimator.laws)
            term.estimator.observe(event)
        term.learned += 1
        if event.type is EventType.DAY_ROLLED:
            term.saved_s = float("-inf")

    def _renew(self, term: _Term, laws: Any) -> None:
        """Configuration, snapshot or laws are others; what was announced stays."""
        zone = self._seen.zone()
        term.estimator = self._craft.beside(zone, self._seen.snapshot(), laws)
        term.announcer = Announcer(zone, term.announced)

    async def _save(self, term: _Term, now_s: float) -> None:
        """Laws that were exchanged meanwhile are not overwritten; the next forecast finds it out."""
        learned, term.saved_s = term.learned, now_s
        await self._kept.laws.save(term.estimator.laws.to_json(), term.revision)
        term.kept = learned

    async def _laws(self) -> tuple[Any, str]:
        """Those in the store, and which they are. What is none is put aside, and learning begins anew."""
        kept = await self._kept.laws.read()
        if kept.packed is None:
            return self._craft.no_laws(), kept.revision
        try:
            return self._craft.read(kept.record()), kept.revision
        except STRANGE as e:
            log.error("the laws of %s cannot be read (%r): they are put aside", self._seen.zone().id, e)
            await self._kept.laws.put_aside()
            return self._craft.no_laws(), kept.revision

    async def _announced_before(self) -> Forecast | None:
        """By whoever forecast this zone before us."""
        try:
            before = await self._kept.estimates.published()
            said = Forecast.from_json(before) if before else None
        except STRANGE as e:
            log.warning("what was announced in %s cannot be read: %r", self._seen.zone().id, e)
            return None
        is_fresh = said is not None and 0 <= self._seen.now_ms() - said.at_ms <= ANNOUNCED_KEPT_MS
        return said if is_fresh else None

    def _rest_s(self) -> float:
        """How long the zone may be left alone: at rest, all faces know it, and hours do not change before."""
        snapshot, known = self._seen.snapshot(), self._seen.outlook()
        if known is None or known.as_of_seq != snapshot.seq or not self._is_at_rest():
            return 0
        self._timetable.at(self._seen.zone(), known.at_ms)
        return min(REST_MOST_S, (self._timetable.until_ms - self._seen.now_ms()) / 1000)
