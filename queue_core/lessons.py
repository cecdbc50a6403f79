"""An estimator's laws from days on record: each day is shown to an estimator that takes over what was learned."""

from collections.abc import Iterable

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.estimate.estimator import Estimator
from queue_core.estimate.knowledge import Knowledge


def learn_day(zone: Zone, events: Iterable[Event], laws: Knowledge) -> None:
    """`laws` learn from a whole business day, from its `epoch_started` on. How forecasts turn out is not learned: that
    takes forecasts. Raises `ValueError` for a log that cannot be followed."""
    estimator = Estimator(zone, laws=laws)
    for event in events:
        estimator.observe(event)
    estimator.end_day()
