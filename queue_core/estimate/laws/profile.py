"""What the hour adds to ln(length): where visits take longer each afternoon, whoever waits at noon is told so.

Learned from ended days, each against its own mean, so that a slow day is not taken for slow hours. What is special
about today is the pace's. How far hours differ at all is estimated from the same days (DerSimonian and Laird,
Controlled Clinical Trials 7, 1986, 177-188), and each is drawn towards nothing accordingly: where they do not, nothing
is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

import numpy as np

from queue_core.estimate.laws.draws import Floats
from queue_core.estimate.laws.level import Level
from queue_core.estimate.laws.memory import LENGTHS

SLOT_S = 1800.0
#: Of a business day, the longest included: the clocks may go back.
SLOTS = 50
#: Visits of one hour of one day are alike: so many times less sure is a mean of them.
_ALIKE = 1.5


def slot_of(at_s: float) -> int:
    """`at_s`: seconds since the business day began."""
    return min(SLOTS - 1, max(0, int(at_s // SLOT_S)))


@dataclass(slots=True)
class Profile:
    """`slots`: what was seen; `added`: what is believed of it."""

    slots: dict[int, Level] = field(default_factory=dict)
    added: dict[int, float] = field(default_factory=dict)

    def at(self, at_s: float) -> float:
        return self.added.get(slot_of(at_s), 0.0)

    def factors(self) -> Floats:
        """(SLOTS,) by how much visits are longer that begin there."""
        factors = np.ones(SLOTS)
        for slot, added in self.added.items():
            factors[slot] = exp(added)
        return factors

    def forget_day(self, day: Mapping[int, Level]) -> None:
        """`day`: of the ended one, by slot, ln(length) less what was expected at any hour at the usual pace."""
        for level in self.slots.values():
            level.forget(LENGTHS.night)
        visits = sum(level.n for level in day.values())
        usual = sum(level.n * level.mean for level in day.values()) / visits if visits else 0.0
        for slot, seen in day.items():
            self.slots.setdefault(slot, Level()).join(Level(seen.n, seen.mean - usual, seen.m2))
        self._believe()

    def to_json(self) -> dict[str, dict[str, float]]:
        return {str(slot): level.to_json() for slot, level in self.slots.items()}

    @classmethod
    def from_json(cls, record: Mapping[str, Mapping[str, float]]) -> "Profile":
        profile = cls({int(slot): Level.from_json(level) for slot, level in record.items()})
        profile._believe()
        return profile

    def _believe(self) -> None:
        levels = [level for level in self.slots.values() if level.n > 0]
        visits = sum(level.n for level in levels)
        self.added = {}
        if len(levels) < 2 or visits <= len(levels):
            return
        noise = _ALIKE * sum(level.m2 for level in levels) / visits
        usual = sum(level.n * level.mean for level in levels) / visits
        between = sum(level.n * (level.mean - usual) ** 2 for level in levels) - (len(levels) - 1) * noise
        apart = between / (visits - sum(level.n**2 for level in levels) / visits)
        if apart > 0:
            worth = noise / apart
            self.added = {s: (level.mean - usual) * level.n / (level.n + worth) for s, level in self.slots.items()}
