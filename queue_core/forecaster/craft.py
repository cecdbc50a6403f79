"""What a forecaster needs of an estimator, and how it comes by one."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast
from queue_core.estimate.queue_length.laws import Laws
from queue_core.estimate.queue_length.method import QueueLength


class Learnt(Protocol):
    def to_json(self) -> dict[str, Any]: ...


class Estimating(Protocol):
    """It stands beside a living snapshot: whose owner folds each event into it, once it was observed here and before
    the next one is. Three ways of forecasting, the best first."""

    @property
    def laws(self) -> Any: ...

    def stands_beside(self, living: Snapshot) -> bool: ...

    def observe(self, event: Event) -> None:
        """Raises `LogGap`."""
        ...

    def slices(self, now_ms: int) -> Generator[None, None, Forecast]:
        """The forecast by simulation, about a millisecond of work a slice; events may be observed in between."""
        ...

    def by_queue_length(self, now_ms: int) -> Forecast: ...

    def by_history(self, now_ms: int, rhythm: Rhythm) -> Forecast: ...


@dataclass(frozen=True, slots=True)
class Craft:
    """`read` makes laws of their JSON (raises for what it does not understand), `no_laws` those that know nothing."""

    read: Callable[[Mapping[str, Any]], Any]
    no_laws: Callable[[], Any]
    beside: Callable[[Zone, Snapshot, Any], Estimating]


class _First:
    """The first method alone."""

    def __init__(self, zone: Zone, living: Snapshot, laws: Laws) -> None:
        self._method = QueueLength.beside(zone, living, laws)

    @property
    def laws(self) -> Laws:
        return self._method.laws

    def stands_beside(self, living: Snapshot) -> bool:
        return self._method.stands_beside(living)

    def observe(self, event: Event) -> None:
        self._method.observe(event)

    def slices(self, now_ms: int) -> Generator[None, None, Forecast]:
        yield
        return self._method.forecast(now_ms)

    def by_queue_length(self, now_ms: int) -> Forecast:
        return self._method.forecast(now_ms)

    def by_history(self, now_ms: int, rhythm: Rhythm) -> Forecast:  # noqa: ARG002
        return Forecast(now_ms, self._method.as_of[1])


CRAFT = Craft(Laws.from_json, Laws, _First)
