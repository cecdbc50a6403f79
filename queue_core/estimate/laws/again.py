"""What follows a visit: sent on to another service, set aside for a missing paper, missed and back again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_core.domain.model import ServiceId
from queue_core.estimate.laws.delays import PARKED, RETURNING, Delays
from queue_core.estimate.laws.level import Share
from queue_core.estimate.laws.memory import MANNERS

#: Shares of a service's visits start at 0 against so many visits.
_WORTH = 30.0
#: Of those missed, and of those set aside, who come back.
_BACK, _PARKED_BACK, _BACK_WORTH = 0.2, 0.8, 5.0
#: A share with forgetting may pass 1 by a little.
_SURELY = 0.98
#: Fewer than this of a visit are not kept.
_LEAST = 0.01


@dataclass(slots=True)
class Sequel:
    """Of one service's first visits: `n`, those sent on, by service, and those set aside who came back."""

    n: float = 0.0
    sent: dict[ServiceId, float] = field(default_factory=dict)
    parked: float = 0.0

    def forget(self, kept: float) -> None:
        self.n *= kept
        self.parked *= kept
        self.sent = {to: weight for to, n in self.sent.items() if (weight := kept * n) > _LEAST}

    def to_json(self) -> list[Any]:
        sent = {to: round(n, 3) for to, n in self.sent.items()}
        return [round(self.n, 3), sent, round(self.parked, 3)]


@dataclass(slots=True)
class Sequels:
    services: dict[ServiceId, Sequel] = field(default_factory=dict)
    parked_s: Delays = field(default_factory=lambda: Delays(PARKED))
    missed_s: Delays = field(default_factory=lambda: Delays(RETURNING))
    missed: Share = field(default_factory=Share)
    set_aside: Share = field(default_factory=Share)

    def learn_visit(self, service: ServiceId) -> None:
        of = self.services.setdefault(service, Sequel())
        of.forget(MANNERS.each)
        of.n += 1

    def learn_sent(self, service: ServiceId, to: ServiceId) -> None:
        sent = self.services.setdefault(service, Sequel()).sent
        sent[to] = sent.get(to, 0.0) + 1

    def learn_parked(self) -> None:
        self.set_aside.learn(False, MANNERS.each)

    def learn_parked_back(self, service: ServiceId, away_s: float) -> None:
        self.services.setdefault(service, Sequel()).parked += 1
        self.set_aside.k += 1
        self.parked_s.learn(away_s)

    def learn_missed(self) -> None:
        self.missed.learn(False, MANNERS.each)

    def learn_missed_back(self, away_s: float) -> None:
        self.missed.k += 1
        self.missed_s.learn(away_s)

    def sent(self, service: ServiceId) -> dict[ServiceId, float]:
        """The chance of being sent on, by service."""
        of = self.services.get(service) or Sequel()
        return {to: n / (of.n + _WORTH) for to, n in of.sent.items()}

    def parked(self, service: ServiceId) -> float:
        of = self.services.get(service) or Sequel()
        return of.parked / (of.n + _WORTH)

    def missed_back(self) -> float:
        """The chance that somebody who was missed comes back."""
        return min(_SURELY, self.missed.posterior(_BACK, _BACK_WORTH))

    def parked_back(self) -> float:
        """The chance that somebody who was set aside comes back."""
        return min(_SURELY, self.set_aside.posterior(_PARKED_BACK, _BACK_WORTH))

    def forget_day(self) -> None:
        for of in self.services.values():
            of.forget(MANNERS.night)
        self.missed.forget(MANNERS.night)
        self.set_aside.forget(MANNERS.night)

    def to_json(self) -> dict[str, Any]:
        return {
            "services": {id_: of.to_json() for id_, of in self.services.items()},
            "parked_s": self.parked_s.packed(),
            "missed_s": self.missed_s.packed(),
            "missed": self.missed.to_json(),
            "set_aside": self.set_aside.to_json(),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Sequels":
        services = {
            ServiceId(id_): Sequel(n, {ServiceId(to): k for to, k in sent.items()}, parked)
            for id_, (n, sent, parked) in record["services"].items()
        }
        delays = Delays(PARKED, record["parked_s"]), Delays(RETURNING, record["missed_s"])
        return cls(services, *delays, Share.from_json(record["missed"]), Share.from_json(record["set_aside"]))
