"""The true laws of counters: when each calls next, and when it is away."""

import numpy as np

from queue_core.domain.model import Counter, CounterState
from queue_core.simulate.clerks import STAYS_AT_MOST_MS
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.spread import Floats


class Counters:
    """`even` (C, B + 3, R): even numbers on [0, 1), by counter in the zone's order: breaks, opening, gap, reaction."""

    def __init__(self, today: Today, seed: int, replicates: int) -> None:
        self._today, self._replicates = today, replicates
        self._breaks = len(today.habits.rota.breaks)
        shape = len(today.plan), self._breaks + 2, replicates
        even = np.random.default_rng([seed, len(today.plan)]).random(shape)
        self._even = dict(zip(today.plan, even, strict=True))

    def free_s(self, counter: Counter, now_ms: int) -> Floats:
        """(R,): when a counter without a ticket would call."""
        match counter.state:
            case CounterState.CLOSED:
                return self._opens_s(counter, now_ms) + self._gap_s(counter, 0.0)
            case CounterState.PAUSED:
                return self._back_s(counter, now_ms) + self._gap_s(counter, 0.0)
            case CounterState.OPEN:
                return self._gap_s(counter, (now_ms - counter.since_ms) / 1000)

    def _gap_s(self, counter: Counter, age_s: float) -> Floats:
        """The rest of a gap of this age; none once it must be over."""
        low, high = self._today.habits.desk.gap_s
        low = max(low, age_s)
        if low >= high and age_s > 0:
            return np.zeros(self._replicates)
        rest_s: Floats = low + (high - low) * self._even[counter.id][-1] - age_s
        return rest_s

    def _opens_s(self, counter: Counter, now_ms: int) -> Floats:
        off_ms = 1000 * self._today.habits.rota.opens_off_s
        planned_ms = self._today.plan[counter.id].from_ms
        from_ms, to_ms = max(planned_ms - off_ms, now_ms), planned_ms + off_ms
        if now_ms > to_ms or counter.since_ms >= planned_ms - off_ms:
            return np.full(self._replicates, np.inf)
        opens_s: Floats = (from_ms - now_ms + (to_ms - from_ms) * self._even[counter.id][-2]) / 1000
        return opens_s

    def _back_s(self, counter: Counter, now_ms: int) -> Floats:
        """The end of the break that runs: it began in its window, before the pause, and has not ended."""
        breaks = [b for b in self._today.plan[counter.id].breaks_ms if b[0] <= counter.since_ms]
        if not breaks:
            return np.full(self._replicates, np.inf)
        from_ms, to_ms = breaks[-1]
        latest_ms = min(self._late_ms, counter.since_ms - from_ms)
        soonest_ms = max(0, min(now_ms - to_ms, latest_ms))
        late_ms = soonest_ms + (latest_ms - soonest_ms) * self._even[counter.id][len(breaks) - 1]
        back_s: Floats = np.maximum(to_ms + late_ms - now_ms, 0.0) / 1000
        return back_s

    @property
    def _late_ms(self) -> int:
        return 1000 * self._today.habits.rota.late_break_s

    def away_s(self, counter: Counter, looked_ms: int, now_ms: int) -> Floats:
        """(R, B + 1, 2): breaks to come, none of them due when it last looked, then the end of the shift."""
        planned, even = self._today.plan[counter.id], self._even[counter.id]
        away = np.full((self._replicates, self._breaks + 1, 2), np.inf)
        for n, (from_ms, to_ms) in enumerate(planned.breaks_ms):
            since_ms = max(from_ms, looked_ms)
            taken = counter.state is CounterState.PAUSED and from_ms <= counter.since_ms
            if taken or since_ms > from_ms + self._late_ms:
                continue
            starts_ms = since_ms + (from_ms + self._late_ms - since_ms) * even[n]
            away[:, n, 0] = (starts_ms - now_ms) / 1000
            away[:, n, 1] = (starts_ms + to_ms - from_ms - now_ms) / 1000 + self._gap_s(counter, 0.0)
        ends_ms = planned.to_ms + (STAYS_AT_MOST_MS if planned.stays else 0)
        away[:, -1, 0] = (ends_ms - now_ms) / 1000
        away.sort(axis=1)
        return away
