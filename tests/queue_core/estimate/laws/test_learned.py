"""Chances from learned laws: shapes and signs of every draw, and what they say in clear situations."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from queue_core.domain.booking_commands import Book
from queue_core.domain.commands import CallNext, CloseCounter, Finish, Miss, Park, PauseCounter, Start
from queue_core.domain.model import BookingId, Counter, TicketId
from queue_core.estimate.forward.chances import Chances, Person, Seconds
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import run
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.learned import Learned
from tests.queue_core.estimate.laws.watched import DEFAULT, ONE, PRIORITY, TWO, ZONE, A, B, Watched

R = 200
RUNS = np.arange(R)
AT_S: Seconds = RUNS.astype(np.float64)


@pytest.fixture
def watched() -> Watched:
    watched = Watched()
    watched.open(ONE, TWO)
    return watched


def chances(watched: Watched, seed: int = 7, replicates: int = R) -> Learned:
    return Learned(watched.laws, watched.zone, watched.state, watched.now_ms, seed, replicates)


def counters(watched: Watched) -> Sequence[Counter]:
    return House.of(watched.zone, watched.state, watched.now_ms).counters


def free_s(watched: Watched) -> Seconds:
    return chances(watched).free_s(counters(watched))


def busy_house() -> Watched:
    """A bit of everything: served, called, parked, missed, booked, waiting, paused."""
    watched = Watched()
    watched.open(ONE, TWO)
    watched.do(Book(BookingId("soon"), A, DEFAULT, watched.now_ms + 2_400_000))
    watched.do(Book(BookingId("late"), B, PRIORITY, watched.now_ms + 600_000))
    for n in range(16):
        watched.draw(B if n % 3 == 0 else A, PRIORITY if n % 5 == 0 else DEFAULT)
    for n in range(4):
        watched.serve(ONE, 200 + 40 * n, way_s=20)
        watched.do(CallNext(ONE), after_s=10)
        watched.do((Miss, Park)[n % 2](ONE), after_s=70)
    watched.do(CallNext(TWO))
    watched.do(Start(TWO), after_s=25)
    watched.do(CallNext(ONE), after_s=100)
    watched.wait(15)
    return watched


def test_it_is_what_a_run_asks() -> None:
    asked: Chances = chances(busy_house())
    assert asked.replicates == R


@pytest.mark.parametrize("replicates", [1, 7, 200])
def test_every_draw_has_its_shape_and_sign(replicates: int) -> None:
    watched = busy_house()
    drawn, house = chances(watched, replicates=replicates), House.of(watched.zone, watched.state, watched.now_ms)
    free, away = drawn.free_s(house.counters), drawn.away_s(house.counters)
    leaves, streams = drawn.leaves_s(house.waiting), drawn.coming()
    assert free.shape == (replicates, 2)
    assert away.shape[:2] == (replicates, 2)
    assert away.shape[3] == 2
    assert leaves.shape == (replicates, len(house.waiting))
    for times in (free, away, leaves, *(s.callable_s for s in streams)):
        assert (times >= 0).all()
    for stream in streams:
        assert stream.callable_s.shape == stream.rank_s.shape
        assert (np.diff(np.where(np.isinf(stream.callable_s), 1e9, stream.callable_s), axis=1) >= 0).all()
        assert np.isfinite(stream.rank_s).all()


def test_every_visit_ends() -> None:
    watched = busy_house()
    drawn, house = chances(watched), House.of(watched.zone, watched.state, watched.now_ms)
    people = [*house.people, *house.coming(drawn.coming())]
    visits = drawn.visits(people)
    for person in range(len(people)):
        index, counter, at_s = np.full(R, person), np.full(R, person % 2), AT_S
        occupied = visits.occupied_s(RUNS, index, counter, at_s)
        assert np.isfinite(occupied).all()
        assert (occupied >= 0).all()
        service, in_s = visits.again(RUNS, index, at_s)
        assert set(service.tolist()) <= {-1, 0, 1}
        assert (in_s >= 0).all()
        second = visits.occupied_s(RUNS, index + len(people), counter, at_s + in_s)
        assert np.isfinite(second).all()


def test_the_same_moment_gives_the_same_draws() -> None:
    watched = busy_house()
    house = House.of(watched.zone, watched.state, watched.now_ms)
    one, two = (run(house, chances(watched)).called_s for _ in range(2))
    assert (one == two).all()
    assert not (run(house, chances(watched, seed=8)).called_s == one).all()


def test_written_and_read_laws_give_the_same_draws() -> None:
    watched = busy_house()
    again = Laws.from_json(watched.laws.to_json())
    house = House.of(watched.zone, watched.state, watched.now_ms)
    one = run(house, chances(watched)).called_s
    watched.laws = again
    two = run(house, chances(watched)).called_s
    assert np.median(two, axis=0) == pytest.approx(np.median(one, axis=0), rel=0.1)


def test_a_visitors_fate_is_the_same_a_moment_later(watched: Watched) -> None:
    people = [Person(n, A, DEFAULT, -60.0) for n in range(5)]
    one = chances(watched).visits(people[:3]).occupied_s(RUNS, np.full(R, 2), np.zeros(R, np.int64), AT_S)
    watched.wait(30)
    two = chances(watched).visits(people).occupied_s(RUNS, np.full(R, 2), np.zeros(R, np.int64), AT_S)
    assert one == pytest.approx(two)


def test_nothing_known_is_the_configured_minutes_and_wide(watched: Watched) -> None:
    visits = chances(watched).visits([Person(1, A, DEFAULT, 0.0)])
    occupied = visits.occupied_s(RUNS, np.zeros(R, np.int64), np.zeros(R, np.int64), np.zeros(R))
    assert np.median(occupied) == pytest.approx(300, rel=0.2)
    assert np.quantile(occupied, 0.9) > 2 * np.median(occupied)


def test_what_is_not_known_of_the_mean_is_shared_by_all_visits_of_a_replicate(watched: Watched) -> None:
    people = [Person(n, A, DEFAULT, 0.0) for n in range(40)]
    visits = chances(watched).visits(people)
    lengths = [visits.occupied_s(RUNS, np.full(R, n), np.zeros(R, np.int64), np.zeros(R)) for n in range(len(people))]
    sums = np.sum(lengths, axis=0)
    independent = np.sum(np.var(lengths, axis=1))
    assert sums.var() > 3 * independent


def test_a_counter_that_waits_for_people_is_free(watched: Watched) -> None:
    assert (free_s(watched) == 0).all()


def test_a_counter_that_does_not_call_is_free_the_later_the_longer_it_hesitates(watched: Watched) -> None:
    watched.draw()
    means = []
    for wait_s in (5, 60, 600):
        watched.wait(wait_s)
        means.append(float(free_s(watched)[:, 0].mean()))
    assert 0 < means[0] < means[1] < means[2]


def test_a_visit_that_lasts_long_already_lasts_the_longer(watched: Watched) -> None:
    watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    medians = []
    for wait_s in (500, 1500, 4500):
        watched.wait(wait_s)
        medians.append(float(np.median(free_s(watched)[:, 0])))
    assert medians[0] < medians[1] < medians[2]


def test_who_has_not_come_for_minutes_will_not(watched: Watched) -> None:
    watched.draw()
    watched.do(CallNext(ONE))
    watched.wait(5)
    fresh = float(np.median(free_s(watched)[:, 0]))
    watched.wait(175)
    late = float(np.median(free_s(watched)[:, 0]))
    assert fresh == pytest.approx(300, rel=0.35)
    assert late < 0.7 * fresh


def test_without_history_open_counters_stay_and_closed_ones_never_open(watched: Watched) -> None:
    watched.do(CloseCounter(ONE))
    assert np.isinf(free_s(watched)[:, 0]).all()
    assert chances(watched).away_s(counters(watched)).shape[2] == 0


def test_a_house_without_counters_draws_none_and_calls_nobody(watched: Watched) -> None:
    watched.draw()
    watched.state.counters.clear()
    assert free_s(watched).shape == (R, 0)
    assert chances(watched).away_s(counters(watched)).shape == (R, 0, 0, 2)
    house = House.of(watched.zone, watched.state, watched.now_ms)
    assert np.isinf(run(house, chances(watched)).called_s).all()


def test_without_history_a_paused_counter_comes_back(watched: Watched) -> None:
    watched.do(PauseCounter(ONE))
    watched.wait(300)
    back = free_s(watched)[:, 0]
    assert np.isfinite(back).all()
    assert 300 < np.median(back) < 1800


def test_a_pause_that_begins_by_a_clock_ahead_has_just_begun(watched: Watched) -> None:
    watched.do(PauseCounter(ONE))
    begun, _ = free_s(watched).mean(axis=0)
    watched.paper.now_ms -= 5_000
    assert free_s(watched).mean(axis=0)[0] == pytest.approx(begun, abs=1)


def lived(watched: Watched, days: int = 5) -> None:
    """Counter one opens at noon, pauses at 13:00 for 20 minutes and closes at 16:00 with people waiting."""
    for _ in range(days):
        noon_ms = watched.now_ms
        watched.open(ONE, TWO)
        watched.draw()
        watched.do(PauseCounter(ONE), after_s=3600)
        watched.open_after(ONE, 1200)
        watched.do(CloseCounter(ONE), after_s=9600)
        watched.do(CloseCounter(TWO), after_s=3600)
        watched.serve_all()
        watched.wait((noon_ms + 86_400_000 - watched.now_ms) / 1000)


def test_with_history_breaks_and_closings_are_foreseen() -> None:
    watched = Watched()
    lived(watched)
    watched.open(ONE, TWO)
    away = chances(watched).away_s(counters(watched))
    begins, ends = away[:, 0, 0, 0], away[:, 0, 0, 1]
    known = np.isfinite(begins) & np.isfinite(ends)
    assert known.mean() > 0.8
    assert np.median(begins[known]) == pytest.approx(3600, abs=240)
    assert np.median(ends[known] - begins[known]) == pytest.approx(1200, abs=10)
    assert np.median(away[known, 0, 1, 0]) == pytest.approx(4 * 3600, abs=240)
    assert np.isinf(away[known, 0, 1, 1]).all()


def test_with_history_a_closed_counter_opens_or_nobody_knows() -> None:
    watched = Watched()
    lived(watched)
    watched.wait(-1800)
    opens = free_s(watched)[:, 0]
    assert np.median(opens) == pytest.approx(1800, abs=240)
    assert np.isinf(opens).mean() < 0.3


def test_a_booking_soon_due_comes_with_its_chance_and_its_slot(watched: Watched) -> None:
    watched.do(Book(BookingId("b"), B, DEFAULT, watched.now_ms + 1_800_000))
    (stream,) = chances(watched, replicates=2000).coming()
    comes = np.isfinite(stream.callable_s[:, 0])
    assert comes.mean() == pytest.approx(0.85, abs=0.05)
    rules = watched.zone.rules
    assert stream.callable_s[comes, 0].min() >= 1800 - rules.booking_lead_s
    late = stream.callable_s[:, 0] > 1800 + rules.booking_grace_s
    assert stream.rank_s[comes & ~late, 0] == pytest.approx(1800)
    assert (stream.rank_s[comes & late, 0] == stream.callable_s[comes & late, 0]).all()


def test_a_booking_long_past_hardly_comes_any_more(watched: Watched) -> None:
    watched.do(Book(BookingId("b"), B, DEFAULT, watched.now_ms + 600_000))
    watched.wait(600 + 2400)
    streams = chances(watched).coming()
    assert sum(np.isfinite(s.callable_s).mean() for s in streams) < 0.1


def test_only_who_could_overtake_is_drawn() -> None:
    watched = Watched()
    watched.open(ONE, TWO)
    for n in range(60):
        watched.draw(A, PRIORITY if n % 2 else DEFAULT)
        watched.wait(60)
    streams = chances(watched).coming()
    assert [s.service for s in streams] == [A]
    finite = np.isfinite(streams[0].callable_s)
    assert streams[0].callable_s[finite].max() <= 1200
    assert finite.sum(axis=1).mean() == pytest.approx(9, rel=0.4)


def test_where_nobody_has_a_head_start_nobody_is_drawn() -> None:
    usual = ZONE.classes[DEFAULT]
    watched = Watched(replace(ZONE, classes={DEFAULT: usual}))
    watched.open(ONE, TWO)
    for _ in range(20):
        watched.draw()
        watched.wait(60)
    assert chances(watched).coming() == []


def test_who_is_set_aside_may_come_back_with_the_old_rank(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    watched.do(Park(ONE), after_s=100)
    rank_s = (watched.state.tickets[TicketId(ticket)].rank_ms - watched.now_ms) / 1000
    (stream,) = chances(watched).coming()
    assert np.isfinite(stream.callable_s[:, 0]).mean() == pytest.approx(0.8, abs=0.1)
    assert (stream.rank_s[:, 0] == rank_s).all()


def test_a_run_finishes_and_is_in_order(watched: Watched) -> None:
    for _ in range(10):
        watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Finish(ONE), after_s=100)
    house = House.of(watched.zone, watched.state, watched.now_ms)
    called = run(house, chances(watched)).called_s
    assert np.isfinite(called).all()
    assert (np.diff(np.median(called[:, : len(house.waiting)], axis=0)) >= 0).all()
