from dataclasses import replace

import numpy as np
import pytest

from queue_core.domain.model import ClassId, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.simulate.habits import DEMO, Habits
from queue_core.simulate.oracle.draws import draws
from queue_core.simulate.oracle.leaving import Leaving, leaving, not_there

REPLICATES = 500
IMPATIENT = replace(DEMO, manners=replace(DEMO.manners, never=0.1, silent=0.5, patience_s=1800.0))
PATIENT = replace(DEMO, manners=replace(DEMO.manners, never=0.1, patience_s=1e9))
NOW_MS = 10_000_000


def waiting(waited_s: float, called_ms: int = 0) -> Ticket:
    issued_ms = NOW_MS - round(1000 * waited_s)
    return Ticket(
        TicketId("t1"),
        "A001",
        SeriesId("a"),
        ServiceId("a"),
        ClassId("default"),
        TicketState.WAITING,
        ordinal=1,
        issued_ms=issued_ms,
        arrival_ms=issued_ms,
        rank_ms=issued_ms,
        seq=1,
        called_ms=called_ms,
    )


def of(ticket: Ticket, habits: Habits = IMPATIENT) -> Leaving:
    return leaving(habits, draws(habits, 1, REPLICATES), [ticket], NOW_MS)


def test_some_never_come_however_soon_they_are_called() -> None:
    assert np.isneginf(of(waiting(0)).gone_s).mean() == pytest.approx(0.1, abs=0.03)


def test_longer_the_wait_the_more_have_gone_without_a_word() -> None:
    gone = [float((of(waiting(waited_s)).gone_s <= 0).mean()) for waited_s in (60, 1200, 2400, 4800)]
    assert gone == sorted(gone)
    assert gone == pytest.approx([not_there(IMPATIENT, waited_s) for waited_s in (60, 1200, 2400, 4800)], abs=0.05)


def test_half_of_those_who_lose_patience_give_the_number_back() -> None:
    leaves_s = of(waiting(0)).leaves_s
    assert np.isfinite(leaves_s).mean() == pytest.approx(0.5, abs=0.05)
    assert leaves_s[np.isfinite(leaves_s)].mean() == pytest.approx(1800, rel=0.08)


def test_whoever_is_still_here_after_long_has_left_quietly_or_stays_a_while() -> None:
    found = of(waiting(3600))
    assert (found.leaves_s > 0).all()
    assert (found.gone_s <= 0).mean() > 0.7


def test_whoever_was_called_before_stays() -> None:
    found = of(waiting(3600, called_ms=NOW_MS - 60_000))
    assert np.isposinf(found.gone_s).all()
    assert np.isposinf(found.leaves_s).all()


def test_nobody_leaves_where_patience_never_ends() -> None:
    found = of(waiting(36_000), PATIENT)
    assert np.isposinf(found.leaves_s).all()
    assert not_there(PATIENT, 36_000) == 0.1
    assert set(np.unique(found.gone_s)) == {-np.inf, np.inf}
