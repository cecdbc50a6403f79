"""The true laws of visits that run: their rest given their age, and what becomes of their people."""

from dataclasses import dataclass

import numpy as np

from queue_core.domain.model import Counter, Ticket, TicketState
from queue_core.simulate.oracle.draws import Bools, Draws, row
from queue_core.simulate.oracle.leaving import not_there
from queue_core.simulate.oracle.today import Today
from queue_core.simulate.spread import Floats, LogNormal


@dataclass(frozen=True, slots=True)
class Running:
    """(R,) each. `ends_s`: from now until the person leaves the counter; `calls_s`: until it would call again.
    `missed`: was not there. `detour`: is parked or sent on after the talk."""

    ends_s: Floats
    calls_s: Floats
    missed: Bools
    detour: Bools


def running(today: Today, draws: Draws, counter: Counter, ticket: Ticket, now_ms: int) -> Running:
    at, second = row(ticket.ordinal), _second_talk(today, ticket)
    mean_s = today.means_s[ticket.service] * today.pace[counter.id] * (today.habits.talks.second if second else 1.0)
    if ticket.state is TicketState.SERVING:
        ends_s = _rest_s(today, draws.rest[at], mean_s, ticket.started_ms, now_ms)
        missed = np.zeros(len(ends_s), bool)
    else:
        here_s, missed = _coming(today, draws, ticket, now_ms)
        talk_s = draws.talk[at] * mean_s * today.drifts(now_ms + 1000 * here_s)
        ends_s = here_s + np.where(missed, 0.0, talk_s)
    detour = draws.detour[at] & ~missed & (not second) & (ends_s < (today.closes_ms - now_ms) / 1000)
    gap = missed | detour | (not today.one_key[counter.id])
    return Running(ends_s, ends_s + draws.gap[at] * gap, missed, detour)


def _second_talk(today: Today, ticket: Ticket) -> bool:
    """Whoever was sent on keeps the number of another series."""
    service = today.zone.services.get(ticket.service)
    return service is not None and service.series != ticket.series


def _rest_s(today: Today, rest: Floats, mean_s: float, started_ms: int, now_ms: int) -> Floats:
    mean_s *= float(np.asarray(today.drifts(np.array([float(started_ms)]))).ravel()[0])
    spread, age_s = today.habits.talks.spread, (now_ms - started_ms) / 1000
    hazard = spread.hazard(np.array([age_s / mean_s]))
    return np.maximum(mean_s * spread.length(hazard + rest) - age_s, 0.0)


def _coming(today: Today, draws: Draws, ticket: Ticket, now_ms: int) -> tuple[Floats, Bools]:
    """Until somebody who was called stands at the counter, or is given up; and who is."""
    manners, desk, at = today.habits.manners, today.habits.desk, row(ticket.ordinal)
    recalled = ticket.recalls > 0
    since_ms = ticket.recalled_ms if recalled else ticket.called_ms
    age_s = (now_ms - since_ms) / 1000
    waited_s = (ticket.called_ms - ticket.issued_ms) / 1000
    lost = 0.0 if _second_talk(today, ticket) else not_there(today.habits, waited_s)
    late = manners.after_recall
    way_s, still = _way_s(today, draws.rest[at], age_s)
    if recalled:
        left_s = desk.gives_up_after_s - age_s
        chances = np.array([0.0, late * still, lost if left_s > 0 else 0.0])
    else:
        left_s = desk.recalls_after_s - age_s
        open_ = left_s > 0
        chances = np.array([(1 - lost - late) * still, late * open_, lost * open_])
    edges = np.cumsum(chances) / chances.sum() if chances.sum() > 0 else np.ones(3)
    kind = np.searchsorted(edges[:-1], draws.shows[at], side="right")
    after_recall_s = way_s if recalled else max(left_s, 0.0) + draws.way[at]
    given_up_s = max(left_s, 0.0) + (0.0 if recalled else desk.gives_up_after_s)
    return np.choose(kind, [way_s, after_recall_s, np.full(len(way_s), given_up_s)]), kind == 2


def _way_s(today: Today, rest: Floats, age_s: float) -> tuple[Floats, float]:
    """The rest of a way that has lasted so long, and the chance that one lasts longer."""
    manners = today.habits.manners
    if not manners.way_s:
        return np.zeros(len(rest)), 1.0
    law = LogNormal(manners.way_cv)
    hazard = law.hazard(np.array([age_s / manners.way_s]))
    return manners.way_s * law.length(hazard + rest) - age_s, float(np.exp(-hazard[0]))
