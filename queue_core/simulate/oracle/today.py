"""What the oracle knows of one day: its laws, effects and plan, but none of its draws."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from queue_core.domain.calendar import opening_ms
from queue_core.domain.model import CounterId, ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.day import OfficeDay, peak_per_s, pressure
from queue_core.simulate.habits import Habits
from queue_core.simulate.rota import Planned, Span, plan
from queue_core.simulate.spread import Floats
from queue_core.simulate.visits import talk_means_s


@dataclass(frozen=True, slots=True)
class Today:
    """`pace` and `one_key` by counter; `peak_per_s` by service: arrivals without appointment at the day's peak."""

    zone: Zone
    habits: Habits
    opens_ms: int
    closes_ms: int
    means_s: Mapping[ServiceId, float]
    pace: Mapping[CounterId, float]
    one_key: Mapping[CounterId, bool]
    plan: Mapping[CounterId, Planned]
    peak_per_s: Mapping[ServiceId, float]
    drawing_ms: Mapping[ServiceId, tuple[Span, ...]]

    @classmethod
    def of(cls, zone: Zone, day: OfficeDay, seed: int) -> "Today":
        habits, hours = day.habits, (day.opens_ms, day.closes_ms)
        usual_s, asked = talk_means_s(zone, seed, habits.talks), pressure(habits, day.name)
        return cls(
            zone=zone,
            habits=habits,
            opens_ms=day.opens_ms,
            closes_ms=day.closes_ms,
            means_s=day.means_s,
            pace={s.counter: s.pace for s in day.shifts},
            one_key={s.counter: s.one_key for s in day.shifts},
            plan={p.counter: p for p in plan(zone, habits.rota, hours)},
            peak_per_s={s: asked * peak_per_s(zone, habits, s, mean_s) for s, mean_s in usual_s.items()},
            drawing_ms={s: opening_ms(zone, zone.hours_of(s), day.day) for s in zone.services},
        )

    def drifts(self, at_ms: Floats) -> Floats | float:
        """How many times as long as usual talks last that begin then."""
        steps = self.habits.talks.drift
        if not steps:
            return 1.0
        since = [self.opens_ms + share * (self.closes_ms - self.opens_ms) for share, _ in steps]
        factors = np.array([1.0, *(factor for _, factor in steps)])
        return factors[np.searchsorted(since, at_ms, side="right")]
