"""Who draws a ticket when: a profile of the day for each service, the share of each class, today's intensity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from queue_core.domain.model import ClassId, ServiceId
from queue_core.estimate.laws.draws import Floats

#: The business day in half hours.
CELL_S = 1800.0
CELLS = 50
_KEPT_OVERNIGHT = 0.93
#: What the whole day's rate of a service is worth to one half hour, in days; and a prior of today's intensity, in
#: people: (1 / 0.25)^2, for days differ by a quarter.
_DAY_WORTH, _INTENSITY_WORTH = 0.5, 16.0
#: The first day's rate is worth so long a time of nobody coming.
_FIRST_WORTH_S = 1200.0
_CLASS_WORTH = 10.0


@dataclass(slots=True)
class Arrivals:
    """`people`: by service, people drawn in each half hour, summed over `days`; `today` the same of today."""

    days: float = 0.0
    people: dict[ServiceId, Floats] = field(default_factory=dict)
    classes: dict[ServiceId, dict[ClassId, float]] = field(default_factory=dict)
    today: dict[ServiceId, Floats] = field(default_factory=dict)
    first_s: float = -1.0

    def learn(self, service: ServiceId, visitor_class: ClassId, at_s: float) -> None:
        """`at_s`: since the business day began."""
        if self.first_s < 0:
            self.first_s = at_s
        if service not in self.today:
            self.today[service] = np.zeros(CELLS)
        self.today[service][min(CELLS - 1, max(0, int(at_s / CELL_S)))] += 1
        of = self.classes.setdefault(service, {})
        of[visitor_class] = of.get(visitor_class, 0.0) + 1

    def share(self, service: ServiceId, visitor_class: ClassId, usual: ClassId) -> float:
        """The share of a class, `usual` being the default one: the prior's."""
        of = self.classes.get(service, {})
        return (of.get(visitor_class, 0.0) + _CLASS_WORTH * (visitor_class == usual)) / (
            sum(of.values()) + _CLASS_WORTH
        )

    def rates(self, service: ServiceId, at_s: float) -> Floats:
        """(CELLS,) people a second on a usual day; where there is none yet, today's rate so far."""
        if self.days <= 0:
            seen = self.today[service].sum() if service in self.today else 0.0
            since_s = max(0.0, at_s - self.first_s) if self.first_s >= 0 else 0.0
            return np.full(CELLS, seen / (since_s + _FIRST_WORTH_S))
        people = self.people.get(service, np.zeros(CELLS))
        busy = people > 0
        around = np.convolve(people, (0.25, 0.5, 0.25), "same")
        mean = people.sum() / max(1, busy.sum())
        return np.asarray((around + _DAY_WORTH * mean * (around > 0) / self.days) / (self.days + _DAY_WORTH) / CELL_S)

    def intensity(self, at_s: float) -> tuple[float, float]:
        """Mean and shape of the gamma law of today's people against a usual day's."""
        if self.days <= 0:
            return 1.0, _INTENSITY_WORTH
        seen = sum(float(cells.sum()) for cells in self.today.values())
        expected = sum(_until(self.rates(service, at_s), at_s) for service in self.people)
        return (seen + _INTENSITY_WORTH) / (expected + _INTENSITY_WORTH), seen + _INTENSITY_WORTH

    def forget_day(self) -> None:
        """A day on which nobody came is none."""
        if not self.today:
            return
        self.days = self.days * _KEPT_OVERNIGHT + 1
        for service in self.people.keys() | self.today.keys():
            kept = _KEPT_OVERNIGHT * self.people.get(service, np.zeros(CELLS))
            self.people[service] = kept + self.today.get(service, np.zeros(CELLS))
        for of in self.classes.values():
            for visitor_class in of:
                of[visitor_class] *= _KEPT_OVERNIGHT
        self.today, self.first_s = {}, -1.0

    def to_json(self) -> dict[str, Any]:
        return {
            "days": round(self.days, 3),
            "people": {service: _sparse(cells) for service, cells in self.people.items()},
            "classes": {s: {c: round(n, 2) for c, n in of.items()} for s, of in self.classes.items()},
            "today": {service: _sparse(cells) for service, cells in self.today.items()},
            "first_s": round(self.first_s, 1),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Arrivals":
        return cls(
            days=record["days"],
            people={ServiceId(s): _dense(cells) for s, cells in record["people"].items()},
            classes={ServiceId(s): {ClassId(c): n for c, n in of.items()} for s, of in record["classes"].items()},
            today={ServiceId(s): _dense(cells) for s, cells in record["today"].items()},
            first_s=record["first_s"],
        )


def _until(rates: Floats, at_s: float) -> float:
    """People expected from the day's beginning until `at_s`."""
    return float((rates * np.clip(at_s - CELL_S * np.arange(CELLS), 0.0, CELL_S)).sum())


def _sparse(cells: Floats) -> list[Any]:
    """The first half hour with somebody, then the numbers up to the last."""
    some = np.flatnonzero(cells)
    if not len(some):
        return [0, []]
    return [int(some[0]), [round(float(n), 2) for n in cells[some[0] : some[-1] + 1]]]


def _dense(record: list[Any]) -> Floats:
    first, numbers = record
    cells = np.zeros(CELLS)
    cells[first : first + len(numbers)] = numbers
    return cells
