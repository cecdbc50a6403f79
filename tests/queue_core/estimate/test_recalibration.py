import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId
from queue_core.estimate.recalibration import LEVELS, Outcomes, Promises, Recalibration

TICKET = TicketId("t1")
SHARES = st.floats(0, 1)


def learned(us: np.ndarray) -> Outcomes:
    outcomes = Outcomes()
    for u in us:
        outcomes.learn(u, u)
    return outcomes


def test_before_anything_is_learned_the_run_is_believed() -> None:
    assert Recalibration().shift().levels(np.array([60.0, 3000.0])).T.tolist() == [list(LEVELS)] * 2


def test_a_forecast_that_is_right_stays_as_it_is() -> None:
    assert learned(np.random.default_rng(1).random(400)).levels() == pytest.approx(LEVELS, abs=0.04)


def test_ranges_that_were_too_narrow_are_widened() -> None:
    low, _, high = learned(np.random.default_rng(1).beta(0.5, 0.5, 1500)).levels()
    assert low < 0.06
    assert high > 0.94


def test_calls_that_came_later_than_said_move_all_levels_up() -> None:
    levels = learned(np.random.default_rng(1).beta(2, 1, 1500)).levels()
    assert np.all(levels > np.array(LEVELS) + 0.03)


def test_few_outcomes_shift_little() -> None:
    assert learned(np.full(6, 0.99)).levels()[1] < 0.56


def test_new_outcomes_count_more_than_old_ones() -> None:
    assert learned(np.repeat([0.2, 0.8], [1500, 4000])).levels()[1] > 0.7


def test_who_left_before_the_call_counts_as_later_than_that() -> None:
    seen = np.random.default_rng(1).random(600)
    outcomes = Outcomes()
    for n, u in enumerate(seen):
        gone = n % 2 and u > 0.5
        outcomes.learn(0.5 if gone else u, 1.0 if gone else u)
    assert outcomes.levels() == pytest.approx(LEVELS, abs=0.06)


@given(st.lists(st.tuples(st.integers(0, 2), SHARES, SHARES), max_size=80), st.lists(st.floats(0, 1e5), min_size=1))
def test_levels_are_in_order_and_never_at_the_ends(outcomes: list[tuple[int, float, float]], at: list[float]) -> None:
    recalibration = Recalibration()
    for horizon, one, other in outcomes:
        recalibration.learn(horizon, min(one, other), max(one, other))
    levels = recalibration.shift().levels(np.array([*at, np.inf]))
    assert np.all((levels >= 0.01) & (levels <= 0.99))
    assert np.all(np.diff(levels, axis=0) >= 0)


def test_a_night_weakens_what_was_learned() -> None:
    recalibration = Recalibration()
    for _ in range(100):
        recalibration.learn(0, 0.9, 0.9)
    yesterday = recalibration.shift().levels(np.array([60.0]))[1, 0]
    recalibration.forget_day()
    assert 0.5 < recalibration.shift().levels(np.array([60.0]))[1, 0] < yesterday


def test_what_is_learned_survives_json() -> None:
    recalibration = Recalibration()
    for n in range(50):
        recalibration.learn(n % 3, n / 50, n / 50)
    record = json.loads(json.dumps(recalibration.to_json()))
    assert len(json.dumps(record)) < 1000
    medians = np.array([100.0, 1000.0, 5000.0])
    assert Recalibration.from_json(record).shift().levels(medians) == pytest.approx(
        recalibration.shift().levels(medians), abs=0.001
    )


class Watched:
    """One ticket whose call was forecast evenly between 20 and 30 minutes from 0, and what is learned of it."""

    def __init__(self) -> None:
        self.recalibration = Recalibration()
        self.promises = Promises(self.recalibration)
        self.forecast(0, np.linspace(1200, 1800, 201))

    def forecast(self, at_s: int, sample_s: np.ndarray) -> None:
        self.promises.keep(1000 * at_s, [TICKET], sample_s.reshape(-1, 1))

    def happens(self, kind: EventType, at_s: int, **data: object) -> None:
        self.promises.observe(Event(1, 1, 1000 * at_s, kind, "", {"ticket": TICKET} | data))

    def seen(self) -> list[tuple[int, float]]:
        """(horizon, u) of what was learned, as the middle of its bin."""
        found = [np.flatnonzero(outcomes.weights) for outcomes in self.recalibration.horizons]
        return [(h, (float(bins.mean()) + 0.5) / 20) for h, bins in enumerate(found) if len(bins)]


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_call_is_learned_where_the_forecast_had_it(watched: Watched) -> None:
    watched.happens(EventType.CALLED, 1390)
    watched.happens(EventType.STARTED, 1400)
    assert watched.seen() == [(2, 0.325)]


def test_no_show_was_called_all_the_same(watched: Watched) -> None:
    watched.happens(EventType.CALLED, 1790)
    watched.happens(EventType.MISSED, 1900)
    assert watched.seen()[0][1] == 0.975


def test_an_undone_call_teaches_nothing_until_the_next(watched: Watched) -> None:
    watched.happens(EventType.CALLED, 1300)
    watched.happens(EventType.UNDONE, 1310, tickets=[{"id": TICKET, "state": "waiting"}])
    watched.happens(EventType.STARTED, 1320)
    assert watched.seen() == []
    watched.happens(EventType.CALLED, 1700)
    watched.happens(EventType.STARTED, 1710)
    assert watched.seen()[0][1] == 0.825


def test_ticket_that_is_sent_on_makes_its_promise_void(watched: Watched) -> None:
    watched.happens(EventType.TRANSFERRED, 300)
    watched.happens(EventType.CALLED, 1400)
    watched.happens(EventType.STARTED, 1410)
    assert watched.seen() == []


def test_who_gives_the_ticket_back_would_have_been_called_later(watched: Watched) -> None:
    watched.happens(EventType.CANCELLED, 1500)
    ((_, u),) = watched.seen()
    assert u == pytest.approx(0.75)


def test_one_forecast_a_horizon_is_kept(watched: Watched) -> None:
    for at_s, left_s in ((600, 900), (700, 800), (1300, 200), (1350, 150)):
        watched.forecast(at_s, np.linspace(left_s / 2, left_s * 1.5, 201))
    watched.happens(EventType.CALLED, 1500)
    watched.happens(EventType.STARTED, 1500)
    weights = [round(float(outcomes.weights.sum()), 6) for outcomes in watched.recalibration.horizons]
    assert weights == [1, 1, 1]


def test_call_in_a_step_of_the_forecast_lies_somewhere_within_the_step() -> None:
    watched = Watched()
    watched.forecast(0, np.repeat([300.0, 600.0], [150, 51]))
    watched.happens(EventType.CALLED, 300)
    watched.happens(EventType.STARTED, 300)
    assert np.flatnonzero(watched.recalibration.horizons[0].weights).tolist() == list(range(14))


def test_who_is_called_though_most_runs_never_did_is_learned_as_late() -> None:
    watched = Watched()
    watched.forecast(0, np.concatenate([np.linspace(100, 200, 120), np.full(81, np.inf)]))
    watched.happens(EventType.CALLED, 900)
    watched.happens(EventType.STARTED, 900)
    assert np.flatnonzero(watched.recalibration.horizons[0].weights).min() >= 11
