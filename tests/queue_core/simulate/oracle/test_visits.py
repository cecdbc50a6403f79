from dataclasses import replace

import numpy as np
import pytest

from queue_core.domain.model import Counter, CounterState
from queue_core.estimate.forward.chances import Person, Seconds
from queue_core.simulate.habits import Detours, Habits
from queue_core.simulate.oracle.draws import draws
from queue_core.simulate.oracle.visits import TrueVisits
from tests.queue_core.simulate.oracle.moments import EXPONENTIAL, ONE, TEN_MS, ZONE, A, today

REPLICATES = 500
RUNS, NOBODY = np.arange(REPLICATES), np.zeros(REPLICATES, np.int64)
AT_ONCE = np.zeros(REPLICATES)
TALK_S, WAY_S, GAP_S = 480.0, 25.0, 10.0
PUNCTUAL = replace(
    EXPONENTIAL, manners=replace(EXPONENTIAL.manners, never=0.0, after_recall=0.0), detours=Detours(0.0, sent_on=0.0)
)


def visits(habits: Habits = PUNCTUAL, gone_s: float = np.inf, talks_again: bool = False) -> TrueVisits:
    person = Person(1, A, ZONE.default_class, -60.0)
    counter = Counter(ONE, CounterState.OPEN)
    gone = np.full((1, REPLICATES), gone_s)
    return TrueVisits(today(habits), draws(habits, 1, REPLICATES), TEN_MS, [counter], [person], gone, [talks_again])


def occupied_s(of: TrueVisits, person: int = 0, at_s: Seconds = AT_ONCE) -> Seconds:
    return of.occupied_s(RUNS, NOBODY + person, NOBODY, at_s)


def test_visit_is_way_talk_and_wrap_up() -> None:
    found = occupied_s(visits())
    assert found.mean() == pytest.approx(WAY_S + TALK_S + GAP_S, rel=0.08)
    assert found.min() > GAP_S


def test_who_has_gone_costs_two_patiences_of_the_clerk() -> None:
    found = occupied_s(visits(gone_s=30.0), at_s=np.where(RUNS % 2, 60.0, 0.0))
    assert set(found[1::2]) == {40 + 40 + GAP_S}
    assert found[::2].mean() == pytest.approx(WAY_S + TALK_S + GAP_S, rel=0.12)


def test_second_talk_is_shorter() -> None:
    assert occupied_s(visits(talks_again=True)).mean() == pytest.approx(WAY_S + 0.6 * TALK_S + GAP_S, rel=0.1)


def test_talks_that_begin_after_the_drift_take_longer() -> None:
    drifting = replace(PUNCTUAL, talks=replace(PUNCTUAL.talks, drift=((0.5, 2.0),)))
    found = occupied_s(visits(drifting), at_s=np.where(RUNS % 2, 3 * 3600.0, 0.0))
    assert found[1::2].mean() / found[::2].mean() == pytest.approx(1.95, rel=0.2)


def test_nobody_comes_again_without_a_reason() -> None:
    of = visits()
    occupied_s(of)
    services, after_s = of.again(RUNS, NOBODY, AT_ONCE)
    assert set(services) == {-1}
    assert np.isposinf(after_s).all()


def test_who_is_sent_on_joins_another_service_when_the_talk_ends() -> None:
    of = visits(replace(PUNCTUAL, detours=Detours(0.0, sent_on=1.0)))
    first_s = occupied_s(of)
    services, after_s = of.again(RUNS, NOBODY, AT_ONCE)
    assert set(services) == {1, 2}
    assert after_s + GAP_S == pytest.approx(first_s)
    second_s = occupied_s(of, person=1)
    means_s = np.where(services == 1, 720.0, 300.0)
    assert ((second_s - GAP_S) / means_s).mean() == pytest.approx(0.6, rel=0.2)


def test_who_was_missed_may_come_back_for_a_whole_visit() -> None:
    of = visits(replace(PUNCTUAL, manners=replace(PUNCTUAL.manners, comes_back=1.0)), gone_s=-np.inf)
    occupied_s(of)
    services, after_s = of.again(RUNS, NOBODY, AT_ONCE)
    assert set(services) == {0}
    assert after_s.min() >= 80 + 180
    assert occupied_s(of, person=1).mean() == pytest.approx(WAY_S + TALK_S + GAP_S, rel=0.1)


def test_nobody_comes_again_after_closing_time() -> None:
    of = visits(replace(PUNCTUAL, detours=Detours(0.0, sent_on=1.0)))
    late_s = np.full(REPLICATES, 6 * 3600.0 + 1)
    occupied_s(of, at_s=late_s)
    assert set(of.again(RUNS, NOBODY, late_s)[0]) == {-1}
