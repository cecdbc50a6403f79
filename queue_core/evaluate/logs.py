"""The logs of a real office as a course: earlier days to learn from, later ones to be scored on, no oracle."""

from collections.abc import Iterable
from pathlib import Path

from queue_core.domain.errors import WartezoneError
from queue_core.domain.office import Zone
from queue_core.evaluate.contest import Course
from queue_core.evaluate.outcomes import outcomes
from queue_core.evaluate.replay import completed, days, logs

#: Of so many days the last is scored.
_SCORED_OF = 3


class NothingToScore(WartezoneError):
    def __init__(self) -> None:
        super().__init__("nobody waited for a minute and was called on the days to be scored")


def course(files: Iterable[Path], zone: Zone) -> Course:
    """One day alone is scored as a first day. Raises `LogInvalid`, `NothingToScore`."""
    events = list(logs(files, zone))
    found = days(events)
    scored = max(1, round(len(found) / _SCORED_OF))
    training, tests = found[: len(found) - scored], found[len(found) - scored :]
    if not any(o.counts for day in tests for o in outcomes(day)):
        raise NothingToScore
    return Course(completed(zone, events), training, tests)
