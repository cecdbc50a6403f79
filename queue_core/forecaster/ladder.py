"""The methods of one zone in order: the best that answers does; one that fails rests for a while."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from queue_core.domain.model import ZoneId
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.fallback import silence
from queue_core.estimate.forecast import Forecast
from queue_core.forecaster.attempts import Attempts
from queue_core.forecaster.craft import Estimating
from queue_core.forecaster.figures import ForecastFigures, Why
from queue_core.forecaster.workbench import Overrun, Workbench

#: A simulation that takes more of a core is given up.
BUDGET_S = 0.2
#: The look at those expected goes over the whole day, and comes seldom.
PROSPECTS_BUDGET_S = 0.5


class Rung(StrEnum):
    """As `Range.method` and the figures name them."""

    SIMULATION = "simulation"
    QUEUE_LENGTH = "queue_length"
    HISTORY = "history"


class Ladder:
    """`cost_s`: what the last forecast took of a core, failed attempts included."""

    def __init__(
        self, zone: ZoneId, bench: Workbench, figures: ForecastFigures, anew_s: float, budget_s: float = BUDGET_S
    ) -> None:
        """`anew_s`: what the last simulation says by now is believed for so long."""
        self._bench, self._figures, self._anew_s, self._budget_s = bench, figures, anew_s, budget_s
        self._attempts = {rung: Attempts(f"the forecast of {zone} by {rung}") for rung in Rung}
        self._prospecting = Attempts(f"the look at those expected in {zone}")
        self._simulated_s = float("-inf")
        self.cost_s = 0.0

    async def forecast(
        self, estimator: Estimating, living: Snapshot, now_ms: int, now_s: float, rhythm: Rhythm | None
    ) -> Forecast:
        """By the first method that answers; nobody knows anything where none does."""
        self.cost_s = 0.0
        simulated = self._aged(estimator, now_ms, now_s) or await self._simulated(estimator, now_ms, now_s)
        return (
            simulated
            or self._by(Rung.QUEUE_LENGTH, lambda: estimator.by_queue_length(now_ms), now_s)
            or self._by(Rung.HISTORY, lambda: estimator.by_history(now_ms, rhythm), now_s)
            or silence(living, now_ms, {})
        )

    async def prospects(self, estimator: Estimating, now_ms: int, now_s: float) -> Mapping[Slot, CallTimes]:
        """Of who is expected by appointment; nothing where that fails or takes too long. Not part of `cost_s`."""
        if self._prospecting.due(now_s):
            with self._prospecting.at(now_s):
                found, _ = await self._bench.work(estimator.prospects(now_ms), PROSPECTS_BUDGET_S)
                return found
        return {}

    def _aged(self, estimator: Estimating, now_ms: int, now_s: float) -> Forecast | None:
        attempts = self._attempts[Rung.SIMULATION]
        if now_s - self._simulated_s >= self._anew_s or not attempts.due(now_s):
            return None
        with attempts.at(now_s):
            began_s = time.thread_time()
            if aged := estimator.aged(now_ms):
                self.cost_s += time.thread_time() - began_s
                return _by(Rung.SIMULATION, aged)
        return None

    async def _simulated(self, estimator: Estimating, now_ms: int, now_s: float) -> Forecast | None:
        attempts, why = self._attempts[Rung.SIMULATION], Why.FAILED
        if not attempts.due(now_s):
            return None
        with attempts.at(now_s):
            try:
                simulated = await self._bench.work(estimator.slices(now_ms), self._budget_s)
            except Overrun as e:
                self.cost_s, why = self.cost_s + e.cost_s, Why.OVERRUN
                raise
            self._simulated_s = now_s
            return self._told(Rung.SIMULATION, *simulated)
        self._figures.failed(Rung.SIMULATION, why)
        return None

    def _by(self, rung: Rung, method: Callable[[], Forecast], now_s: float) -> Forecast | None:
        if not self._attempts[rung].due(now_s):
            return None
        with self._attempts[rung].at(now_s):
            began_s = time.thread_time()
            forecast = method()
            return self._told(rung, forecast, time.thread_time() - began_s)
        self._figures.failed(rung, Why.FAILED)
        return None

    def _told(self, rung: Rung, forecast: Forecast, cost_s: float) -> Forecast:
        self.cost_s += cost_s
        self._figures.told(rung, cost_s)
        return _by(rung, forecast)


def _by(rung: Rung, forecast: Forecast) -> Forecast:
    """Whoever knows nothing of anybody has not answered."""
    knows = rung is not Rung.HISTORY or any(forecast.services.values()) or any(forecast.tickets.values())
    return replace(forecast, method=rung.value if knows else "")
