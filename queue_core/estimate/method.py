"""What every method of estimating offers to the one process that holds a zone's estimation lease."""

from typing import Protocol

from queue_core.domain.events import Event
from queue_core.estimate.forecast import Forecast


class Method(Protocol):
    """Pure: no clock, no sockets. Never raises on a legal log.

    `observe` takes every event in order, `day_rolled` included; it raises `LogGap` when one is missing, and the holder
    then builds a new estimator from a fresh snapshot and the old one's laws.
    """

    def observe(self, event: Event) -> None: ...

    def forecast(self, now_ms: int) -> Forecast: ...

    def end_day(self) -> None:
        """Keeps what was learned, at less weight: tomorrow differs. A second call without new events changes nothing;
        `observe(day_rolled)` calls it itself."""
        ...
