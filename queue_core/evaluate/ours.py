"""Ours as the faces show it: the estimator's forecast, announced."""

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.announcer import Announcer
from queue_core.estimate.estimator import Estimator
from queue_core.estimate.forecast import Forecast


class Ours:
    """A `Method`."""

    def __init__(self, zone: Zone) -> None:
        self._state = Snapshot()
        self._estimator = Estimator(zone)
        self._announcer = Announcer(zone)

    def observe(self, event: Event) -> None:
        self._estimator.observe(event)
        self._state.fold(event)

    def forecast(self, now_ms: int) -> Forecast:
        return self._announcer.announce(self._estimator.forecast(now_ms), self._state)

    def end_day(self) -> None:
        self._estimator.end_day()
