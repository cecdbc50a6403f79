"""Ranges that are true as often as they say: levels corrected by how earlier forecasts turned out.

Conformal in PIT form. Of each forecast that came true, u = F(wait) is kept, F being its distribution as it was run.
Were all laws right, u would be uniform; if a tenth of them lies below 0.15, the forecast's own 15 % point is what
deserves the name p10. Near and far calls err differently, so u is kept by horizon, the median that was forecast.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId, TicketState

Floats = npt.NDArray[np.float64]

#: What is published: p10, p50, p90.
LEVELS = (0.1, 0.5, 0.9)
#: No level is shifted further out: a sample of some hundred knows no more.
_LEVEL_LEAST, _LEVEL_MOST = 0.01, 0.99
_BINS = 20
#: n outcomes count n / (n + 300) against the belief that the laws are right. Those of one day err together: five of
#: them tell as much as one alone, which would stand against 60.
_SHRINK_N = 300.0
#: An outcome's weight falls by this per newer one of its horizon, and overnight.
_KEPT = 1 - 1 / 2000
_KEPT_OVERNIGHT = 0.95
#: Whoever is forecast to be called sooner finds a counter as good as free: that tells nothing of the laws.
_IDLE_S = 30.0

_ENDS = frozenset({EventType.CANCELLED, EventType.EXPIRED})
_VOIDS = frozenset({EventType.RETURNED, EventType.TRANSFERRED})
_BEGINS = frozenset({EventType.EPOCH_STARTED, EventType.DAY_ROLLED})
_LEAVES_CALL = frozenset({EventType.STARTED, EventType.MISSED, EventType.PARKED}) | _VOIDS


class Horizons(NamedTuple):
    """Parts of the future, near to far. Between the centres levels are interpolated, so that nobody who stands behind
    gets a lower level by standing beyond an edge."""

    edges_s: tuple[float, ...]
    centres_s: tuple[float, ...]


#: Below 7, to 25, above 25 minutes.
OF_WAITS = Horizons((420.0, 1500.0), (180.0, 900.0, 2400.0))
#: Of who will come in the course of the day: below 45 minutes, to two hours, above them.
OF_DAYS = Horizons((2700.0, 7200.0), (1500.0, 5000.0, 12_600.0))


@dataclass(slots=True)
class Outcomes:
    """A histogram of u over [0, 1] that forgets exponentially."""

    weights: Floats = field(default_factory=lambda: np.zeros(_BINS))

    def learn(self, low: float, high: float) -> None:
        """u lies in [low, high]; where in between, is taken from the others (Efron's redistribution to the right, for
        high = 1; Proc. 5th Berkeley Symp. 4, 1967)."""
        edges = np.linspace(0.0, 1.0, _BINS + 1)
        width = max(high - low, 1e-9)
        low = min(low, 1.0 - width)
        covered = np.clip(np.minimum(edges[1:], low + width) - np.maximum(edges[:-1], low), 0.0, None)
        likely = covered * (self.weights + _SHRINK_N / _BINS)
        self.weights = self.weights * _KEPT + likely / likely.sum()

    def forget(self, kept: float) -> None:
        self.weights = self.weights * kept

    def levels(self) -> Floats:
        """The levels of a run that deserve the names of `LEVELS`."""
        n = float(self.weights.sum())
        named = np.array(LEVELS)
        if n <= 0:
            return named
        cumulated = np.concatenate([[0.0], np.cumsum(self.weights)]) / n
        seen = np.interp(named, cumulated, np.linspace(0.0, 1.0, _BINS + 1))
        weight = n / (n + _SHRINK_N)
        shifted: Floats = np.clip((1 - weight) * named + weight * seen, _LEVEL_LEAST, _LEVEL_MOST)
        return shifted


class Shift(NamedTuple):
    """`of_horizons` (horizons, 3): the levels of a run that are published as p10, p50, p90."""

    of_horizons: Floats
    by: Horizons = OF_WAITS

    def levels(self, medians_s: Floats) -> Floats:
        """(3, n): the same for forecasts with these medians; in order, and within [0.01, 0.99]."""
        at = np.log1p(np.where(np.isfinite(medians_s), medians_s, self.by.centres_s[-1]))
        centres = np.log1p(self.by.centres_s)
        return np.array([np.interp(at, centres, levels) for levels in self.of_horizons.T])


@dataclass(slots=True)
class Recalibration:
    """What is learned of the forecasts themselves, by horizon."""

    horizons: tuple[Outcomes, ...] = ()
    by: Horizons = OF_WAITS

    def __post_init__(self) -> None:
        self.horizons = self.horizons or tuple(Outcomes() for _ in self.by.centres_s)

    def shift(self) -> Shift:
        """As learned until now."""
        return Shift(np.array([outcomes.levels() for outcomes in self.horizons]), self.by)

    def learn(self, horizon: int, low: float, high: float) -> None:
        self.horizons[horizon].learn(low, high)

    def forget_day(self) -> None:
        for outcomes in self.horizons:
            outcomes.forget(_KEPT_OVERNIGHT)

    def to_json(self) -> list[list[float]]:
        return [[round(w, 3) for w in outcomes.weights.tolist()] for outcomes in self.horizons]

    @classmethod
    def from_json(cls, record: Sequence[Sequence[float]], by: Horizons = OF_WAITS) -> "Recalibration":
        """Raises `ValueError` for what tells of other horizons."""
        if len(record) != len(by.centres_s):
            raise ValueError(f"{len(record)} horizons, not {len(by.centres_s)}")
        return cls(tuple(Outcomes(np.array(weights, dtype=float)) for weights in record), by)


_POINTS = 21


class _Promise(NamedTuple):
    """A forecast that may come true: its distribution as quantiles at 0, 5, .. 100 %."""

    horizon: int
    at_ms: int
    points_s: Floats

    def where(self, called_ms: int) -> tuple[float, float]:
        """Between which bounds F(wait) lies: apart where the wait lies in a step of F, or beyond its last finite
        point."""
        wait_s = (called_ms - self.at_ms) / 1000
        below, upto = np.searchsorted(self.points_s, wait_s, "left"), np.searchsorted(self.points_s, wait_s, "right")
        if upto > below:
            return _share(below), _share(upto - 1)
        if below == 0:
            return 0.0, 0.0
        if below == _POINTS:
            return 1.0, 1.0
        before, after = self.points_s[below - 1], self.points_s[below]
        if not np.isfinite(after):
            return _share(below - 1), 1.0
        u = _share(below - 1) + (wait_s - before) / (after - before) / (_POINTS - 1)
        return float(u), float(u)


def _share(point: Any) -> float:
    return float(point) / (_POINTS - 1)


class Promises:
    """Watches how forecasts turn out, and teaches `recalibration`.

    Of a ticket, the first forecast is kept and one for each nearer horizon at most. A call counts when the visit goes
    on from it, so that an undone call teaches nothing. Of somebody who gives the ticket back while waiting it is known
    only that the call would have come later; somebody who is called and does not come was called all the same. A ticket
    that is sent on or returned makes the promise void.
    """

    def __init__(self, recalibration: Recalibration) -> None:
        self._recalibration = recalibration
        self._kept: dict[Hashable, list[_Promise]] = {}
        self._called: dict[TicketId, tuple[int, list[_Promise]]] = {}

    def keep(self, at_ms: int, whose: Iterable[Hashable], called_s: Floats) -> None:
        """`called_s` (R, n): each ticket's sample of call times in seconds from `at_ms`, sorted along R. What is kept
        of others (`pass_on`) counts only for tickets."""
        runs = len(called_s)
        horizons = np.searchsorted(self._recalibration.by.edges_s, called_s[(runs - 1) // 2], "right").tolist()
        soon = (called_s[(runs - 1) // 2] < _IDLE_S).tolist()
        rows = np.linspace(0, runs - 1, _POINTS).round().astype(int)
        for n, (who, horizon) in enumerate(zip(whose, horizons, strict=True)):
            kept = self._kept.get(who)
            if kept is None:
                kept = self._kept[who] = []
            if not soon[n] and all(horizon < promise.horizon for promise in kept):
                kept.append(_Promise(horizon, at_ms, called_s[rows, n].copy()))

    def pass_on(self, whose: Hashable, ticket: TicketId) -> None:
        """What was promised there is this ticket's from now on, too."""
        if kept := self._kept.get(whose):
            self._kept[ticket] = list(kept)

    def observe(self, event: Event) -> None:
        if event.type in _BEGINS:
            self._kept.clear()
            self._called.clear()
        elif event.type is EventType.UNDONE:
            self._undo(event.data["tickets"])
        elif ticket := event.data.get("ticket"):
            self._move(event, ticket)

    def _move(self, event: Event, ticket: TicketId) -> None:
        if event.type is EventType.CALLED:
            if kept := self._kept.pop(ticket, None):
                self._called[ticket] = event.at_ms, kept
        elif event.type in _LEAVES_CALL and ticket in self._called:
            self._learn(*self._called.pop(ticket), to_end=False)
        elif event.type in _ENDS and ticket in self._kept:
            self._learn(event.at_ms, self._kept.pop(ticket), to_end=True)
        elif event.type in _VOIDS:
            self._kept.pop(ticket, None)

    def _learn(self, at_ms: int, promises: Iterable[_Promise], to_end: bool) -> None:
        for promise in promises:
            low, high = promise.where(at_ms)
            self._recalibration.learn(promise.horizon, low, 1.0 if to_end else high)

    def _undo(self, records: Iterable[Mapping[str, Any]]) -> None:
        for record in records:
            _, kept = self._called.pop(record["id"], (0, None))
            if kept and record.get("state") == TicketState.WAITING:
                self._kept[record["id"]] = kept
