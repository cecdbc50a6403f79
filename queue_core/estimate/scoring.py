"""How good an estimator is: what it says at each draw against what the log then shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId
from queue_core.estimate.forecast import Range
from queue_core.estimate.method import Method

#: Shorter waits found a counter as good as free: they are easy and would flatter.
IDLE_WAIT_S = 60.0


@dataclass(slots=True)
class Score:
    """Of draws that were called later, after more than `IDLE_WAIT_S`; seconds. `unknown` had no range when drawn."""

    waits_s: list[float] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    unknown: int = 0

    @property
    def mean_wait_s(self) -> float:
        return _mean(self.waits_s)

    @property
    def mean_error_s(self) -> float:
        """Mean absolute error of the medians."""
        return _mean(abs(r.p50_s - wait) for r, wait in self._pairs())

    @property
    def bias_s(self) -> float:
        """Positive: forecast too long."""
        return _mean(r.p50_s - wait for r, wait in self._pairs())

    @property
    def coverage(self) -> float:
        """Share of waits within [p10, p90]; 0.8 would be right."""
        return _mean(r.p10_s <= wait <= r.p90_s for r, wait in self._pairs())

    @property
    def too_late(self) -> float:
        """Share of waits longer than p90."""
        return _mean(wait > r.p90_s for r, wait in self._pairs())

    def _pairs(self) -> Iterable[tuple[Range, float]]:
        return zip(self.ranges, self.waits_s, strict=True)


def score(log: Iterable[Event], estimator: Method, into: Score | None = None) -> Score:
    """Shows the log to the estimator; what it says after each draw is held against the first call."""
    result = into or Score()
    said: dict[TicketId, tuple[int, Range | None]] = {}
    for event in log:
        estimator.observe(event)
        if event.type is EventType.ISSUED:
            ticket = TicketId(event.data["ticket"])
            said[ticket] = event.at_ms, estimator.forecast(event.at_ms).tickets[ticket]
        elif event.type is EventType.CALLED and event.data["ticket"] in said:
            issued_ms, shown = said.pop(event.data["ticket"])
            _count(result, (event.at_ms - issued_ms) / 1000, shown)
    return result


def _count(result: Score, wait_s: float, shown: Range | None) -> None:
    if wait_s < IDLE_WAIT_S:
        return
    if shown is None:
        result.unknown += 1
        return
    result.waits_s.append(wait_s)
    result.ranges.append(shown)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
