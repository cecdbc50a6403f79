"""The best that anybody could say: the forward run with the true laws of the simulated day, but no future draw.

Nobody can do better on average than its median, so every method's error is given as a multiple of its own.
"""

from collections.abc import Callable

import numpy as np

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, Range
from queue_core.estimate.forward.chances import Chances, Seconds
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import run
from queue_core.evaluate.contestants import ORACLE
from queue_core.evaluate.scores import LEVELS

REPLICATES = 400

#: (snapshot, now_ms, seed, replicates) -> what chance will do to this office from now on.
TrueChances = Callable[[Snapshot, int, int, int], Chances]


class Oracle:
    """A `Method` for one simulated day. Learns nothing and corrects nothing: there is nothing that it does not know."""

    def __init__(self, zone: Zone, truth: TrueChances, seed: int = 0, replicates: int = REPLICATES) -> None:
        self._zone, self._truth, self._seed, self._replicates = zone, truth, seed, replicates
        self._state = Snapshot()

    def observe(self, event: Event) -> None:
        self._state.fold(event)

    def forecast(self, now_ms: int) -> Forecast:
        house = House.of(self._zone, self._state, now_ms)
        calls = run(house, self._truth(self._state, now_ms, self._seed, self._replicates))
        ranges = [_range(column_s) for column_s in calls.called_s.T]
        return Forecast(
            at_ms=now_ms,
            as_of_seq=self._state.seq,
            tickets=dict(zip(calls.tickets, ranges, strict=False)),
            services=dict(zip(calls.services, ranges[len(calls.tickets) :], strict=True)),
        )

    def end_day(self) -> None:
        return


def _range(called_s: Seconds) -> Range | None:
    """Of those replicates in which the call comes: whoever is never called is not scored either."""
    coming_s = called_s[np.isfinite(called_s)]
    if not len(coming_s):
        return None
    low_s, middle_s, high_s = np.quantile(coming_s, LEVELS, method="hazen")
    return Range(int(low_s), round(middle_s), -int(-high_s // 1), ORACLE)
