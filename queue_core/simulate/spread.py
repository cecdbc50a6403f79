"""How lengths of time spread about their mean: laws with a draw for the playing and a cumulative hazard for the truth.

A law's hazard H(x) = -ln P(length > x mean). With a standard exponential E the length whose hazard is E follows the
law, and the length whose hazard is H(a) + E follows it given that it is longer than `a`.
"""

import math
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Spread(Protocol):
    def draw(self, random: Random, mean: float) -> float: ...

    def shares(self, random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        """Lengths as shares of their mean."""
        ...

    def hazard(self, shares: Floats) -> Floats:
        """Cumulative, at lengths given as shares of the mean."""
        ...

    def length(self, hazards: Floats) -> Floats:
        """The inverse of `hazard`, as shares of the mean."""
        ...


@dataclass(frozen=True, slots=True)
class Exponential:
    def draw(self, random: Random, mean: float) -> float:
        return random.expovariate(1 / mean)

    def shares(self, random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        return random.standard_exponential(shape)

    def hazard(self, shares: Floats) -> Floats:
        return np.maximum(shares, 0.0)

    def length(self, hazards: Floats) -> Floats:
        return hazards


@dataclass(frozen=True, slots=True)
class LogNormal:
    cv: float

    @property
    def _sigma2(self) -> float:
        return math.log1p(self.cv**2)

    def draw(self, random: Random, mean: float) -> float:
        return random.lognormvariate(math.log(mean) - self._sigma2 / 2, math.sqrt(self._sigma2))

    def shares(self, random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        return random.lognormal(-self._sigma2 / 2, math.sqrt(self._sigma2), shape)

    def hazard(self, shares: Floats) -> Floats:
        z = (np.log(np.maximum(shares, 1e-12)) + self._sigma2 / 2) / math.sqrt(self._sigma2)
        return np.interp(z, *_normal())

    def length(self, hazards: Floats) -> Floats:
        z, hazard = _normal()
        return np.exp(np.interp(hazards, hazard, z) * math.sqrt(self._sigma2) - self._sigma2 / 2)


@cache
def _normal() -> tuple[Floats, Floats]:
    """z and -ln P(Z > z) of the standard normal, finely enough to read between the lines."""
    z = np.arange(-8.0, 12.0, 0.005)
    return z, np.array([-math.log(0.5 * math.erfc(x / math.sqrt(2))) for x in z])
