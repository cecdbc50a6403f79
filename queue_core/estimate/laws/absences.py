"""The counters' breaks and closings to come, drawn: each replicate borrows one past day for all of them."""

from collections.abc import Sequence

import numpy as np

from queue_core.domain.model import Counter, CounterState
from queue_core.estimate.forward.chances import Indices, Seconds
from queue_core.estimate.laws.draws import Stream, stratified, uniforms
from queue_core.estimate.laws.moment import Moment
from queue_core.estimate.laws.roster import Now, Plan, plan
from queue_core.estimate.laws.shifts import PastDay, Worked

#: So many days are borrowed at once; replicates share them.
_BORROWED = 25
#: A past day counts so much of the next newer one, so many times as much on the same weekday, and so much for every
#: counter that was open then and is not now, or the other way round.
_OLDER, _SAME_WEEKDAY, _OTHERWISE = 0.97, 3.0, 0.6
#: What no day at all counts, beside the days that there are: all stays as it is.
_UNKNOWN = 0.5
_CHANCES = 3
_NEVER_OPENED = Worked(float("inf"), ())


class Absences:
    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        days = _borrowed(moment)
        self._of_run = np.arange(moment.replicates) % len(days)
        keys = list(range(_CHANCES * len(moment.counters)))
        chances = uniforms(moment.seed, Stream.SHIFT, keys, len(days)).tolist()
        nows = [self._now(n, counter, len(days)) for n, counter in enumerate(moment.counters)]
        self._plans = [
            [
                plan(now[d], _worked(day, counter, now[d]), chances[d][_CHANCES * n : _CHANCES * (n + 1)])
                for d, day in enumerate(days)
            ]
            for n, (counter, now) in enumerate(zip(moment.counters, nows, strict=True))
        ]

    def free_s(self, number: int) -> Seconds:
        free_s = np.array([p.free_s for p in self._plans[number]])
        return np.asarray(np.maximum(0.0, free_s[self._of_run]))

    def away_s(self, numbers: Sequence[int]) -> Seconds:
        """(R, C, K, 2)."""
        if not numbers:
            return np.zeros((self._moment.replicates, 0, 0, 2))
        most = max((len(p.away) for n in numbers for p in self._plans[n]), default=0)
        spans = [[_padded(p, most) for p in self._plans[n]] for n in numbers]
        found = np.array(spans).reshape(len(numbers), len(spans[0]), most, 2)
        return np.ascontiguousarray(np.maximum(0.0, found[:, self._of_run]).swapaxes(0, 1))

    def _now(self, number: int, counter: Counter, days: int) -> list[Now]:
        """The same for every borrowed day, but for how long a pause would last."""
        moment = self._moment
        turns = moment.laws.shifts.today.get(counter.id, []) if moment.is_today else []
        now = Now.of(moment.at_s, counter.state, turns, moment.office_s)
        if counter.state is not CounterState.PAUSED:
            return [now] * days
        # The log may be ahead of this process's clock by a moment.
        age_s = max(0.0, moment.at_s - now.since_s if turns else (moment.now_ms - counter.since_ms) / 1000)
        u = stratified(moment.seed, Stream.PAUSE, (number,), days)[:, 0]
        rest = np.expm1(moment.laws.shifts.pauses.table().beyond(u, np.log1p(np.full(days, age_s)))) - age_s
        return [now.lasting(float(pause_s), moment.at_s - age_s) for pause_s in rest]


def _padded(found: Plan, most: int) -> list[tuple[float, float]]:
    return [*found.away, *[(np.inf, np.inf)] * (most - len(found.away))]


def _worked(day: PastDay | None, counter: Counter, now: Now) -> Worked | None:
    """A counter that did not open that day does as if that day had not been, where it is open today."""
    if day is None:
        return None
    worked = day.counters.get(counter.id, _NEVER_OPENED)
    return None if worked.opens_s == np.inf and (now.opened or counter.state is not CounterState.CLOSED) else worked


def _borrowed(moment: Moment) -> list[PastDay | None]:
    """As many as there are to be shared out, the likelier the more often."""
    past: list[PastDay | None] = [None, *moment.laws.shifts.past()]
    weights = np.array([_weight(moment, day, len(past) - n) for n, day in enumerate(past, 1)])
    risen = np.cumsum(weights) / weights.sum()
    picked: Indices = np.searchsorted(
        risen, stratified(moment.seed, Stream.DAY, (0,), min(_BORROWED, moment.replicates))[:, 0]
    )
    return [past[n] for n in np.minimum(picked, len(past) - 1)]


def _weight(moment: Moment, day: PastDay | None, age: int) -> float:
    if day is None:
        return _UNKNOWN
    weight = _OLDER**age * (_SAME_WEEKDAY if day.day.weekday() == moment.day.weekday() else 1.0)
    for counter in moment.counters:
        was_open = day.counters.get(counter.id, _NEVER_OPENED).open_at(moment.at_s)
        weight *= 1.0 if was_open == (counter.state is CounterState.OPEN) else _OTHERWISE
    return weight
