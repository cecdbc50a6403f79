"""Who of the waiting has left or will, given how long they have waited and that they have not given the number back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queue_core.domain.model import Ticket
from queue_core.simulate.habits import Habits
from queue_core.simulate.oracle.draws import Draws, Rows, patient, row
from queue_core.simulate.spread import Floats, LogNormal


@dataclass(frozen=True, slots=True)
class Leaving:
    """(n, R), seconds from now. `gone_s`: from when on somebody is not there when called; `leaves_s`: when somebody
    gives the number back. `inf`: not at all."""

    gone_s: Floats
    leaves_s: Floats


def known_to_stay(ticket: Ticket) -> bool:
    """Whoever was called before has come or is back: they stay now."""
    return ticket.called_ms > 0


def leaving(habits: Habits, draws: Draws, tickets: Sequence[Ticket], now_ms: int) -> Leaving:
    shape = len(tickets), draws.replicates
    gone_s, leaves_s = np.full(shape, np.inf), np.full(shape, np.inf)
    rows = np.array([row(t.ordinal) for t in tickets], np.int64)
    new = np.array([not known_to_stay(t) for t in tickets], bool)
    if not new.any():
        return Leaving(gone_s, leaves_s)
    waited_s = np.array([(now_ms - t.issued_ms) / 1000 for t in tickets])[new, np.newaxis]
    gone, leaves = _of_new(habits, draws, rows[new], np.maximum(waited_s, 0.0))
    gone_s[new], leaves_s[new] = gone, leaves
    return Leaving(gone_s, leaves_s)


def _of_new(habits: Habits, draws: Draws, rows: Rows, waited_s: Floats) -> tuple[Floats, Floats]:
    manners = habits.manners
    never = draws.shows[rows] < manners.never
    endless = np.full(never.shape, np.inf)
    if patient(habits):
        return np.where(never, -np.inf, endless), endless
    law = LogNormal(manners.patience_cv)
    hazard = law.hazard(waited_s / manners.patience_s)
    silent = draws.silent[rows] < _silent(manners.silent, hazard)
    gone_s = np.where(silent, draws.patience[rows] - waited_s, endless)
    gone_s[never] = -np.inf
    stays_s = manners.patience_s * law.length(hazard + draws.stays[rows]) - waited_s
    return gone_s, np.where(silent, endless, stays_s)


def _silent(silent: float, hazard: Floats) -> Floats:
    """Share of those who would leave without a word among those who have not given the number back by now."""
    return silent / (silent + (1 - silent) * np.exp(-hazard))


def not_there(habits: Habits, waited_s: float) -> float:
    """Chance that somebody is not there who is called for the first time after so long."""
    manners = habits.manners
    if patient(habits):
        return manners.never
    hazard = LogNormal(manners.patience_cv).hazard(np.array([waited_s / manners.patience_s]))
    left = float(_silent(manners.silent, hazard)[0]) * -np.expm1(-float(hazard[0]))
    return float(manners.never + (1 - manners.never) * left)
