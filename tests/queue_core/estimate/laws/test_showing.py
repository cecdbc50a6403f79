"""No-shows and leavers by how long they waited."""

import numpy as np
import pytest

from queue_core.estimate.laws.showing import EDGES_MIN, Cancelling, NoShows, wait_class


def test_nothing_seen_is_one_in_twenty() -> None:
    assert NoShows().chances() == pytest.approx(np.full(len(EDGES_MIN) + 1, 0.05))


def test_true_chances_are_found() -> None:
    laws, random = NoShows(), np.random.default_rng(1)
    for _ in range(3000):
        wait_min = random.uniform(0, 60)
        laws.learn(60 * wait_min, bool(random.random() < (0.02 if wait_min < 30 else 0.25)))
    chances = laws.chances()
    assert chances[wait_class(60 * 2)] == pytest.approx(0.02, abs=0.03)
    assert chances[wait_class(60 * 40)] == pytest.approx(0.25, abs=0.07)


def test_they_never_fall_with_the_wait() -> None:
    laws, random = NoShows(), np.random.default_rng(2)
    for _ in range(500):
        laws.learn(random.uniform(0, 7200), bool(random.random() < 0.2))
    assert (np.diff(laws.chances()) >= 0).all()


def test_falling_neighbours_are_pooled() -> None:
    laws = NoShows()
    for _ in range(400):
        laws.learn(60.0, missed=True)
        laws.learn(7.5 * 60, missed=False)
    chances = laws.chances()
    assert chances[0] == pytest.approx(chances[1])


def test_the_hazard_is_who_left_over_the_time_waited() -> None:
    laws = Cancelling()
    for n in range(1000):
        laws.learn(300.0, cancelled=n % 10 == 0)
    first = 0.5 / (300_000 + 36_000)
    assert laws.hazards()[0] == pytest.approx(first)
    assert laws.hazards()[wait_class(300)] == pytest.approx((100 + 9_000 * first) / 9_000)
    assert (laws.hazards()[2:] == laws.hazards()[1]).all()


def test_patience_drawn_is_the_exponentials_with_that_hazard() -> None:
    laws = Cancelling()
    exponential = np.random.default_rng(3).exponential(1, (20_000, 2))
    leaves_s = laws.leaves_s(exponential, np.array([[0.0, 20_000.0]]))
    assert leaves_s.mean(axis=0) == pytest.approx([72_000, 72_000], rel=0.03)


def test_who_has_waited_through_the_worst_stays() -> None:
    laws = Cancelling()
    for n in range(500):
        laws.learn(600.0 + n % 200, cancelled=n % 2 == 0)
    for _ in range(500):
        laws.learn(6000.0, cancelled=False)
    exponential = np.random.default_rng(4).exponential(1, (5000, 2))
    fresh, old = (laws.leaves_s(exponential, np.array([[500.0, 4000.0]])) < 1500).mean(axis=0)
    assert fresh > 5 * old


def test_they_are_written_read_and_forgotten() -> None:
    shows, leaves = NoShows(), Cancelling()
    shows.learn(100.0, missed=True)
    leaves.learn(100.0, cancelled=True)
    assert NoShows.from_json(shows.to_json()) == shows
    assert Cancelling.from_json(leaves.to_json()) == leaves
    for law in (shows, leaves):
        law.forget_day()
        assert law.shares[0].k == pytest.approx(0.9)
