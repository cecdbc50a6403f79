"""How long a visit occupies a counter, from its call until it leaves: ln(length) = service mean + residual.

The service's mean has a normal prior around the admin's minutes times the office's usual factor, which all services
learn together; n observations weigh against it as in the conjugate normal model (Gelman et al., Bayesian Data
Analysis, 3rd ed. 2013, 2.5), older ones forgotten. Counter session and today's pace are taken off before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_core.domain.model import ServiceId
from queue_core.estimate.laws.empirical import RATIO, Empirical, Table
from queue_core.estimate.laws.level import Level
from queue_core.estimate.laws.memory import LENGTHS

#: Standard deviation of ln(length) before anything was seen, worth so many visits.
SPREAD, _SPREAD_WORTH = 0.6, 20.0
#: ln(visit / configured minutes) in the usual office. The minutes are a mean, and a log-normal's logarithm lies half a
#: variance below (-0.18); the way to the counter is in the visit and not in the minutes (+0.05).
USUAL = -0.13
#: The admin's minutes: of the whole office, and of one service beside it, as standard deviations of the logarithm.
OFFICE_DOUBT, SERVICE_DOUBT = 0.2, 0.25
#: Of the second talk with somebody who was sent on or came back, against the service's usual one.
_SECOND, _SECOND_DOUBT = -0.3, 0.3
_RESIDUALS = 1500
#: A visit counts at most so many spreads from the mean, so that a forgotten ticket does not spoil it.
_FARTHEST = 3.0
#: So little is no visit: the desk pressed two keys at once.
_SHORTEST_S = 1.0


def log_length(length_s: float) -> float:
    return math.log(max(_SHORTEST_S, length_s))


def _worth(doubt: float) -> float:
    return (SPREAD / doubt) ** 2


@dataclass(frozen=True, slots=True)
class Belief:
    """Of ln(seconds). `doubt`: standard deviation of the mean itself, without the office's part, of which the share
    `office` is this service's; `spread`: of one visit."""

    mean: float
    doubt: float
    office: float
    spread: float


@dataclass(slots=True)
class Service:
    """Logarithms of length / configured length. `days`: days on which it was learned, older ones less."""

    level: Level = field(default_factory=Level)
    residuals: Empirical = field(default_factory=lambda: Empirical(RATIO, _RESIDUALS))
    days: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {"level": self.level.to_json(), "days": round(self.days, 3), "residuals": self.residuals.packed()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Service":
        residuals = Empirical(RATIO, _RESIDUALS, record["residuals"])
        return cls(Level.from_json(record["level"]), residuals, record["days"])


@dataclass(slots=True)
class Occupations:
    services: dict[ServiceId, Service] = field(default_factory=dict)
    office: Level = field(default_factory=Level)
    second: Level = field(default_factory=Level)

    def belief(self, service: ServiceId, configured_s: float) -> Belief:
        known = self.services.get(service) or Service()
        usual = self.office.posterior(USUAL, _worth(OFFICE_DOUBT))
        worth = _worth(SERVICE_DOUBT)
        spread = known.level.spread(SPREAD, _SPREAD_WORTH)
        return Belief(
            mean=math.log(configured_s) + known.level.posterior(usual, worth),
            doubt=spread / (known.level.n + worth) ** 0.5,
            office=worth / (known.level.n + worth),
            spread=spread,
        )

    def office_doubt(self) -> float:
        """Standard deviation of the office's factor: a few services seen do not tell about the next."""
        var = SPREAD**2 / (self.office.n + _worth(OFFICE_DOUBT)) + SERVICE_DOUBT**2 / (1 + len(self.services))
        return min(OFFICE_DOUBT, float(var**0.5))

    def table(self, service: ServiceId) -> Table:
        """Residuals of ln(length), mean 0."""
        known = self.services.get(service) or Service()
        usual = self.office.posterior(USUAL, _worth(OFFICE_DOUBT))
        mean = known.level.posterior(usual, _worth(SERVICE_DOUBT))
        return known.residuals.table(mean, known.level.spread(SPREAD, _SPREAD_WORTH), centred=True)

    def pace_share(self, service: ServiceId) -> float:
        """How much of a day's deviation is the day's: nearly all of it where the usual length is known for long, none
        on the first day, when it is the admin's minutes that are wrong: counted in both, it would count twice."""
        days = self.services[service].days if service in self.services else 0.0
        return days / (days + 1) if days >= 1 else 0.0

    def learn(self, service: ServiceId, configured_s: float, length_s: float, known: float) -> None:
        """`known`: what session and pace explain of ln(length)."""
        belief = self.belief(service, configured_s)
        value = log_length(length_s) - known
        reach = _FARTHEST * belief.spread
        ratio = min(max(value, belief.mean - reach), belief.mean + reach) - math.log(configured_s)
        law = self.services.setdefault(service, Service())
        law.level.learn(ratio, LENGTHS.each)
        law.residuals.learn(ratio)
        self.office.learn(ratio, LENGTHS.each)

    def learn_second(self, service: ServiceId, configured_s: float, length_s: float, known: float) -> None:
        """Somebody who was at a counter before in this visit."""
        value = log_length(length_s) - known - self.belief(service, configured_s).mean
        reach = _FARTHEST * SPREAD
        self.second.learn(min(max(value, -reach), reach), LENGTHS.each)

    def second_shift(self) -> tuple[float, float]:
        """What a second talk adds to ln(length), and the standard deviation of that."""
        worth = _worth(_SECOND_DOUBT)
        return self.second.posterior(_SECOND, worth), float(SPREAD / (self.second.n + worth) ** 0.5)

    def forget_day(self, learned: frozenset[ServiceId]) -> None:
        """`learned`: the services of which today brought something."""
        for id_ in learned & self.services.keys():
            self.services[id_].days = LENGTHS.night * self.services[id_].days + 1
        for level in (self.office, self.second, *(s.level for s in self.services.values())):
            level.forget(LENGTHS.night)

    def to_json(self) -> dict[str, Any]:
        services = {id_: law.to_json() for id_, law in self.services.items()}
        return {"services": services, "office": self.office.to_json(), "second": self.second.to_json()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Occupations":
        services = {ServiceId(id_): Service.from_json(law) for id_, law in record["services"].items()}
        return cls(services, Level.from_json(record["office"]), Level.from_json(record["second"]))
