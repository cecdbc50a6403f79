"""Lengths of time as mean and variance, what is left of one already begun, and the levels of a published range."""

import math
from dataclasses import dataclass

#: Below this chance of lasting so long the log-normal's closed form loses its digits.
_SURVIVAL_LEAST = 1e-9
#: The standard normal's 10 % and 90 % points.
_LOW, _HIGH = -1.2815515655446004, 1.2815515655446004
#: Gamma shapes below this are wider than any knowledge of a queue; the approximation holds down to here.
_SHAPE_LEAST = 0.4


@dataclass(frozen=True, slots=True)
class Duration:
    """A random length in seconds, thought of as log-normal; `var` in square seconds."""

    mean_s: float
    var: float

    @property
    def cv(self) -> float:
        """Coefficient of variation."""
        return math.sqrt(self.var) / self.mean_s if self.mean_s > 0 else 0.0

    def plus(self, other: "Duration") -> "Duration":
        """The sum of both, independent of each other."""
        return Duration(self.mean_s + other.mean_s, self.var + other.var)

    def residual(self, age_s: float) -> "Duration":
        """What is left after `age_s` seconds: mean and variance of X - age given X > age, X log-normal.

        Uses E[X^k; X > a] = exp(k mu + k^2 sigma^2 / 2) Phi((mu + k sigma^2 - ln a) / sigma)
        (Johnson, Kotz, Balakrishnan: Continuous Univariate Distributions 1, 2nd ed. 1994, chapter 14).
        """
        if age_s <= 0 or self.var <= 0:
            return Duration(max(0.0, self.mean_s - max(0.0, age_s)), self.var)
        sigma2 = math.log1p(self.var / self.mean_s**2)
        sigma, mu = math.sqrt(sigma2), math.log(self.mean_s) - sigma2 / 2
        z = (mu - math.log(age_s)) / sigma
        survival = _normal(z)
        if survival < _SURVIVAL_LEAST:
            left = age_s * sigma2 / (math.log(age_s) - mu)
            return Duration(left, left**2)
        mean = self.mean_s * _normal(z + sigma) / survival
        square = self.mean_s**2 * math.exp(sigma2) * _normal(z + 2 * sigma) / survival
        return Duration(max(0.0, mean - age_s), max(0.0, square - mean**2))


def _normal(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def levels_s(mean_s: float, var: float) -> tuple[float, float, float]:
    """The 10 %, 50 % and 90 % quantiles of a wait with this mean and variance, taken as gamma.

    In M/M/s with n people ahead the wait is the sum of n + 1 exponential times between departures, so gamma with shape
    n + 1 and a relative error of 1/sqrt(n + 1) (Whitt, Management Science 45, 1999, 870-888). Other services and what
    is not known of the means change the variance; the gamma with the same two moments stays the natural law of a sum
    of positive times. Its quantiles are Wilson and Hilferty's (PNAS 17, 1931, 684-688): within 2 % of the mean for
    shapes of 1 and more.
    """
    if mean_s <= 0:
        return 0.0, 0.0, 0.0
    ninth = 1 / (9 * max(_SHAPE_LEAST, mean_s**2 / var)) if var > 0 else 0.0
    root, middle = math.sqrt(ninth), 1 - ninth
    return (
        mean_s * max(0.0, middle + _LOW * root) ** 3,
        mean_s * max(0.0, middle) ** 3,
        mean_s * max(0.0, middle + _HIGH * root) ** 3,
    )
