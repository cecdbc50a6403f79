"""Least squares with an absolute penalty: weak columns drop out. By accelerated shrinkage (Beck and Teboulle, SIAM
Journal on Imaging Sciences 2, 2009, 183-202)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Penalties tried, relative to the one that drops every column, and the share of the newest rows that decides.
_PENALTIES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
_HELD_OUT = 0.25
_STEPS = 300


@dataclass(frozen=True, slots=True)
class Lasso:
    """`weights` (p,) of the columns as they come; a row's answer is `constant` + row @ weights."""

    constant: float
    weights: Floats

    def answer(self, rows: Floats) -> Floats:
        return np.asarray(self.constant + rows @ self.weights)


def fitted(rows: Floats, answers: Floats) -> Lasso:
    """`rows` (n, p) in the order of time, `answers` (n,): the penalty is the one that tells the newest best."""
    cut = max(1, int(len(rows) * (1 - _HELD_OUT)))
    tried = (_fit(rows[:cut], answers[:cut], penalty) for penalty in _PENALTIES)
    errors = [float(np.mean(np.abs(fit.answer(rows[cut:]) - answers[cut:]))) for fit in tried]
    return _fit(rows, answers, _PENALTIES[int(np.argmin(errors))])


def _fit(rows: Floats, answers: Floats, penalty: float) -> Lasso:
    centre, spread, mean = rows.mean(axis=0), rows.std(axis=0), float(answers.mean())
    scale = np.where(spread > 0, spread, 1.0)
    like = (rows - centre) / scale
    gram, toward = like.T @ like / len(rows), like.T @ (answers - mean) / len(rows)
    weights = _descend(gram, toward, penalty * float(np.abs(toward).max(initial=0.0))) / scale
    return Lasso(mean - float(centre @ weights), weights)


def _descend(gram: Floats, toward: Floats, penalty: float) -> Floats:
    """Least of w gram w / 2 - w toward + penalty |w|."""
    step = 1 / max(float(np.linalg.norm(gram, 2)), 1e-12)
    weights = ahead = np.zeros(len(toward))
    pace = 1.0
    for _ in range(_STEPS):
        down = ahead - step * (gram @ ahead - toward)
        before, weights = weights, np.sign(down) * np.maximum(np.abs(down) - step * penalty, 0.0)
        faster = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = weights + (pace - 1) / faster * (weights - before)
        pace = faster
    return weights
