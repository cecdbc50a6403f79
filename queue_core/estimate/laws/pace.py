"""How fast the office works today: a posterior over a grid of ln(speed), robust against single long visits.

0 is the usual pace, ln 2 means that everything takes twice as long. An observation's likelihood is a mixture of the
normal law and a wide one, so that three long services do not double every forecast; with each visit there is a small
chance that the pace has jumped, so that a doubling at noon is found after some visits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from queue_core.estimate.laws.draws import Floats
from queue_core.estimate.laws.normal import survival

STEP = 0.05
GRID: Floats = STEP * np.arange(-32.0, 33.0)
#: Days differ so much from one another; some by far more.
DAY_SPREAD = 0.08
_ODD_DAY, _ODD_SPREAD = 0.03, 0.45
#: A visit in so many is not like the others (a forgotten ticket, another matter), and so widely spread.
_ODD_VISIT, _ODD_VISIT_SPREAD = 0.12, 1.5
#: Chance, with each visit, that the pace has jumped.
_JUMP = 0.003
#: Share of belief that moves one step up, and as much down, with each visit.
_DRIFT = 0.001
_DIGITS = 5


def _bell(spread: float) -> Floats:
    density = np.exp(-0.5 * (GRID / spread) ** 2)
    return np.asarray(density / density.sum())


_START = (1 - _ODD_DAY) * _bell(DAY_SPREAD) + _ODD_DAY * _bell(_ODD_SPREAD)
_JUMPED = _JUMP * _bell(_ODD_SPREAD)


@dataclass(slots=True)
class Pace:
    belief: Floats = field(default_factory=_START.copy)

    def learn(self, residual: float, var: float) -> None:
        """`residual`: ln(occupation) less what was expected at the usual pace; `var` its variance given the pace."""
        belief = (1 - _JUMP) * self.belief + _JUMPED
        belief = (1 - 2 * _DRIFT) * belief + _DRIFT * (np.roll(belief, 1) + np.roll(belief, -1))
        squares = (residual - GRID) ** 2
        wide = var + _ODD_VISIT_SPREAD**2
        usual = (1 - _ODD_VISIT) / var**0.5 * np.exp(-0.5 / var * squares)
        belief = belief * (usual + _ODD_VISIT / wide**0.5 * np.exp(-0.5 / wide * squares))
        self.belief = belief / belief.sum()

    @property
    def mean(self) -> float:
        return float(self.belief @ GRID)

    def outlasting(self, running: Iterable[tuple[float, float]]) -> Floats:
        """The belief, given visits that still run: for each (ln(age) less expected ln(occupation), spread)."""
        belief = self.belief
        for residual, spread in running:
            belief = belief * ((1 - _ODD_VISIT) * survival((residual - GRID) / spread) + _ODD_VISIT)
        return np.asarray(belief / belief.sum())

    def to_json(self) -> list[float]:
        return [round(float(p), _DIGITS) for p in self.belief]

    @classmethod
    def from_json(cls, record: list[float]) -> "Pace":
        """Raises `ValueError` for another grid."""
        belief = np.asarray(record, np.float64)
        if belief.shape != GRID.shape or not belief.sum() > 0:
            raise ValueError("the pace has another grid")
        return cls(belief)


def drawn(belief: Floats, u: Floats) -> Floats:
    """ln(speed) at each level of a belief, spread evenly within the grid's cells."""
    edges = np.concatenate([[0.0], np.cumsum(belief)])
    bounds = np.concatenate([GRID - STEP / 2, [GRID[-1] + STEP / 2]])
    return np.asarray(np.interp(u * edges[-1], edges, bounds))
