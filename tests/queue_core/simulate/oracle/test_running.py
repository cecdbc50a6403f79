from dataclasses import replace

import numpy as np
import pytest

from queue_core.domain.model import Counter, CounterState, SeriesId, TicketId, TicketState
from queue_core.simulate.habits import Detours
from queue_core.simulate.oracle.draws import draws
from queue_core.simulate.oracle.running import Running, running
from tests.queue_core.simulate.oracle.moments import EXPONENTIAL, ONE, TEN_MS, ticket, today

REPLICATES = 500
HELD = Counter(ONE, CounterState.OPEN, TicketId("t1"))
CALLED, SERVING = TicketState.CALLED, TicketState.SERVING
DRAWS = draws(EXPONENTIAL, 1, REPLICATES)
MEAN_S = 480.0


def called(ago_s: int, **more: int) -> Running:
    of = ticket(CALLED, called_ms=TEN_MS - 1000 * ago_s, **more)
    return running(today(), DRAWS, HELD, of, TEN_MS)


@pytest.mark.parametrize("age_s", [0, 300, 1200])
def test_exponential_talk_has_its_mean_before_it_at_any_age(age_s: int) -> None:
    serving = ticket(SERVING, called_ms=TEN_MS - 1000 * (age_s + 30), started_ms=TEN_MS - 1000 * age_s)
    found = running(today(), DRAWS, HELD, serving, TEN_MS)
    assert found.ends_s.mean() == pytest.approx(MEAN_S, rel=0.1)
    assert found.calls_s - found.ends_s == pytest.approx(np.full(REPLICATES, 10.0))
    assert not found.missed.any()


def test_who_was_called_just_now_is_here_soon_or_given_up_in_the_end() -> None:
    found = called(0)
    assert found.missed.mean() == pytest.approx(EXPONENTIAL.manners.never, abs=0.02)
    assert set(found.ends_s[found.missed]) == {80.0}
    assert found.ends_s[~found.missed].mean() == pytest.approx(MEAN_S + 25, rel=0.1)


def test_longer_nobody_comes_the_more_likely_nobody_will() -> None:
    shares = [called(ago_s).missed.mean() for ago_s in (0, 25, 39)]
    assert shares == sorted(shares)
    assert shares[-1] > 2 * shares[0]


def test_after_a_recall_half_of_them_come() -> None:
    found = called(50, recalls=1, recalled_ms=TEN_MS - 10_000)
    assert 0.4 < found.missed.mean() < 0.8
    assert set(found.ends_s[found.missed]) == {30.0}


def test_some_talks_end_at_another_service_but_no_second_ones() -> None:
    everybody = replace(EXPONENTIAL, detours=Detours(parked=0.0, sent_on=1.0))
    first = ticket(SERVING, called_ms=TEN_MS - 9000, started_ms=TEN_MS)
    second = replace(first, series=SeriesId("b"))
    of_day, their = today(everybody), draws(everybody, 1, REPLICATES)
    assert running(of_day, their, HELD, first, TEN_MS).detour.all()
    again = running(of_day, their, HELD, second, TEN_MS)
    assert not again.detour.any()
    assert again.ends_s.mean() == pytest.approx(0.6 * MEAN_S, rel=0.1)
