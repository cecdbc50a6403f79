"""What is learned of a zone: how long visits occupy a counter, what lies between two of them, who does not come.

Every law starts from a weak prior and forgets exponentially. Credibility weights after Bühlmann (ASTIN Bulletin 4,
1967): n observations against a prior worth k = (spread of one visit / doubt about the mean)^2 of them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from queue_core.domain.model import ClassId, ServiceId
from queue_core.estimate.queue_length.duration import Duration

#: An observation's weight falls by this per newer one: the last 50 or so count.
_KEPT = 1 - 1 / 50
#: What a day's learning is worth the next day: days differ by about 30 % among themselves.
_KEPT_OVERNIGHT = 0.5
#: One observation counts at most this many times the mean, so that a forgotten ticket does not spoil the day.
_LONGEST = 6.0


@dataclass(frozen=True, slots=True)
class Prior:
    """Worth `n` observations with this mean and coefficient of variation."""

    mean: float
    cv: float
    n: float


@dataclass(frozen=True, slots=True)
class Belief:
    """`doubt` is the relative variance of the mean itself."""

    mean: float
    var: float
    doubt: float


@dataclass(slots=True)
class Law:
    """Mean and spread with exponential forgetting (West, CACM 22, 1979); `m2` is the weighted sum of squares."""

    n: float = 0.0
    mean: float = 0.0
    m2: float = 0.0

    def learn(self, value: float) -> None:
        self.n = self.n * _KEPT + 1
        delta = value - self.mean
        self.mean += delta / self.n
        self.m2 = self.m2 * _KEPT + delta * (value - self.mean)

    def forget(self, kept: float) -> None:
        self.n *= kept
        self.m2 *= kept

    def belief(self, prior: Prior) -> Belief:
        n = self.n + prior.n
        mean = (self.n * self.mean + prior.n * prior.mean) / n
        seen = self.m2 / self.mean**2 if self.mean > 0 else 0.0
        cv2 = (seen + prior.n * prior.cv**2) / n
        return Belief(mean, cv2 * mean**2, cv2 / n)


#: The admin's minutes may be wrong by 40 %: (0.7 / 0.4)^2 visits' worth.
_OCCUPATION_CV, _OCCUPATION_N = 0.7, 3.0
#: Visits of the whole office against its minutes.
_OFFICE = Prior(mean=1.0, cv=0.7, n=6.0)
_GAP = Prior(mean=20.0, cv=1.0, n=3.0)
_MISSED = Prior(mean=120.0, cv=0.6, n=3.0)
_MISSING = Prior(mean=0.05, cv=1.0, n=20.0)
_OVERTAKEN = Prior(mean=0.03, cv=1.0, n=20.0)
#: A wait is not stretched further than twofold.
_OVERTAKEN_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Cycle:
    """From one call to the next at a busy counter; `doubt_s` is the standard error of its mean."""

    length: Duration
    doubt_s: float


@dataclass(slots=True)
class Laws:
    """`occupations` in seconds; `office`: occupation / configured minutes; `missing`: 1 for a no-show, else 0;
    `overtaken`: by class, 1 for a call that went past somebody of the class who was there before, else 0."""

    occupations: dict[ServiceId, Law] = field(default_factory=dict)
    office: Law = field(default_factory=Law)
    gaps: Law = field(default_factory=Law)
    misses: Law = field(default_factory=Law)
    missing: Law = field(default_factory=Law)
    overtaken: dict[ClassId, Law] = field(default_factory=dict)

    def learn_occupation(self, service: ServiceId, configured_s: float, occupation_s: float) -> None:
        usual_s = self._occupation(service, configured_s).mean
        seen_s = min(occupation_s, _LONGEST * usual_s)
        self.occupations.setdefault(service, Law()).learn(seen_s)
        self.office.learn(seen_s / configured_s)
        self.missing.learn(0.0)

    def learn_miss(self, occupation_s: float) -> None:
        self.misses.learn(min(occupation_s, _LONGEST * self.misses.belief(_MISSED).mean))
        self.missing.learn(1.0)

    def learn_gap(self, gap_s: float) -> None:
        self.gaps.learn(min(gap_s, _LONGEST * self.gap().mean_s))

    def learn_call(self, visitor_class: ClassId, overtaken: bool) -> None:
        self.overtaken.setdefault(visitor_class, Law()).learn(float(overtaken))

    def stretch(self, visitor_class: ClassId) -> float:
        """How many times longer a wait becomes by those who will overtake."""
        share = self.overtaken.get(visitor_class, Law()).belief(_OVERTAKEN).mean
        return 1 / (1 - min(share, _OVERTAKEN_MOST))

    def gap(self) -> Duration:
        """From a visit's end to the next call, while somebody waits."""
        return _duration(self.gaps.belief(_GAP))

    def occupation(self, service: ServiceId, configured_s: float) -> Duration:
        """From the call of a visitor who comes until the counter is rid of the visit."""
        return _duration(self._occupation(service, configured_s))

    def cycle(self, service: ServiceId, configured_s: float) -> Cycle:
        """A visit or a no-show, then the gap."""
        visit, miss, gap = self._occupation(service, configured_s), self.misses.belief(_MISSED), self.gap()
        share = self.missing.belief(_MISSING).mean
        mean = (1 - share) * visit.mean + share * miss.mean
        square = (1 - share) * (visit.var + visit.mean**2) + share * (miss.var + miss.mean**2)
        length = Duration(mean + gap.mean_s, max(0.0, square - mean**2) + gap.var)
        return Cycle(length, visit.doubt**0.5 * visit.mean)

    def forget_day(self) -> None:
        by_kind = (*self.occupations.values(), *self.overtaken.values())
        for law in (*by_kind, self.office, self.gaps, self.misses, self.missing):
            law.forget(_KEPT_OVERNIGHT)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Laws":
        return cls(
            occupations={ServiceId(s): Law(**law) for s, law in record["occupations"].items()},
            overtaken={ClassId(c): Law(**law) for c, law in record["overtaken"].items()},
            **{name: Law(**record[name]) for name in ("office", "gaps", "misses", "missing")},
        )

    def _occupation(self, service: ServiceId, configured_s: float) -> Belief:
        expected_s = configured_s * self.office.belief(_OFFICE).mean
        prior = Prior(expected_s, _OCCUPATION_CV, _OCCUPATION_N)
        return self.occupations.get(service, Law()).belief(prior)


def _duration(belief: Belief) -> Duration:
    return Duration(belief.mean, belief.var)
