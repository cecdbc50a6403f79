"""A mean that is learned: normal observations, a normal prior, older observations forgotten."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(slots=True)
class Level:
    """Weight, mean and weighted squares of what was seen (West, CACM 22, 1979)."""

    n: float = 0.0
    mean: float = 0.0
    m2: float = 0.0

    def learn(self, value: float, kept: float = 1.0) -> None:
        """Every older observation counts `kept` times what it did."""
        self.n = self.n * kept + 1
        delta = value - self.mean
        self.mean += delta / self.n
        self.m2 = self.m2 * kept + delta * (value - self.mean)

    def join(self, other: "Level") -> None:
        """As if all that `other` saw had been seen here (Chan, Golub, LeVeque, The American Statistician 37, 1983)."""
        n, delta = self.n + other.n, other.mean - self.mean
        self.m2 += other.m2 + delta**2 * self.n * other.n / n
        self.mean += delta * other.n / n
        self.n = n

    def forget(self, kept: float) -> None:
        self.n *= kept
        self.m2 *= kept

    def posterior(self, mean: float, worth: float) -> float:
        """The mean believed, when the prior's is worth `worth` observations."""
        return (self.n * self.mean + worth * mean) / (self.n + worth)

    def spread(self, prior: float, worth: float) -> float:
        """Standard deviation of an observation; the prior's is worth `worth` observations."""
        return float(((self.m2 + worth * prior**2) / (self.n + worth)) ** 0.5)

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 5) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        return cls(**record)


@dataclass(slots=True)
class Share:
    """How often something happens: `k` of `n`, with a Beta prior."""

    n: float = 0.0
    k: float = 0.0

    def learn(self, happened: bool, kept: float = 1.0) -> None:
        self.n = self.n * kept + 1
        self.k = self.k * kept + happened

    def forget(self, kept: float) -> None:
        self.n *= kept
        self.k *= kept

    def posterior(self, prior: float, worth: float) -> float:
        return (self.k + worth * prior) / (self.n + worth)

    def to_json(self) -> list[float]:
        return [round(self.n, 3), round(self.k, 3)]

    @classmethod
    def from_json(cls, record: list[float]) -> Self:
        return cls(*record)
