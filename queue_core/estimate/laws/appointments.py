"""Who comes to an appointment, and how long before its slot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_core.estimate.laws.empirical import Empirical, Scale, Table
from queue_core.estimate.laws.level import Share
from queue_core.estimate.laws.memory import SELDOM

#: Minutes after the slot, from an hour and a half before it, to 45 s.
_MINUTES = Scale(-90.0, 0.75)
_EARLINESS = 300
_MEAN_MIN, _SPREAD_MIN = -8.0, 8.0
_SHOWS, _SHOWS_WORTH = 0.85, 10.0


@dataclass(slots=True)
class Appointments:
    shows: Share = field(default_factory=Share)
    earliness: Empirical = field(default_factory=lambda: Empirical(_MINUTES, _EARLINESS))

    def learn_check_in(self, after_slot_s: float) -> None:
        self.shows.learn(True, SELDOM.each)
        self.earliness.learn(after_slot_s / 60)

    def learn_absence(self) -> None:
        self.shows.learn(False, SELDOM.each)

    def chance(self) -> float:
        return self.shows.posterior(_SHOWS, _SHOWS_WORTH)

    def table(self) -> Table:
        """Of minutes after the slot; negative for who comes before it."""
        return self.earliness.table(_MEAN_MIN, _SPREAD_MIN)

    def forget_day(self) -> None:
        self.shows.forget(SELDOM.night)

    def to_json(self) -> dict[str, Any]:
        return {"shows": self.shows.to_json(), "earliness": self.earliness.packed()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Appointments":
        earliness = Empirical(_MINUTES, _EARLINESS, record["earliness"])
        return cls(Share.from_json(record["shows"]), earliness)
