"""What a forecaster needs of an estimator, and how it comes by one."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.estimator import Estimator
from queue_core.estimate.forecast import Forecast
from queue_core.estimate.knowledge import Knowledge


class Estimating(Protocol):
    """It stands beside a living snapshot: whose owner folds each event into it, once it was observed here and before
    the next one is. Ways of forecasting, the best first."""

    @property
    def laws(self) -> Any: ...

    def stands_beside(self, living: Snapshot) -> bool: ...

    def observe(self, event: Event) -> None:
        """Raises `LogGap`."""
        ...

    def slices(self, now_ms: int) -> Generator[None, None, Forecast]:
        """The forecast by simulation, about a millisecond of work a slice; events may be observed in between."""
        ...

    def aged(self, now_ms: int) -> Forecast | None:
        """What the last simulation says by now; None after an event."""
        ...

    def prospects(self, now_ms: int) -> Generator[None, None, Mapping[Slot, CallTimes]]:
        """Of who is expected by appointment, in the same way."""
        ...

    def by_queue_length(self, now_ms: int) -> Forecast: ...

    def by_history(self, now_ms: int, rhythm: Rhythm | None) -> Forecast: ...


@dataclass(frozen=True, slots=True)
class Craft:
    """`read` makes laws of their JSON (raises for what it does not understand), `no_laws` those that know nothing."""

    read: Callable[[Mapping[str, Any]], Any]
    no_laws: Callable[[], Any]
    beside: Callable[[Zone, Snapshot, Any], Estimating]


CRAFT = Craft(Knowledge.from_json, Knowledge, Estimator.beside)
