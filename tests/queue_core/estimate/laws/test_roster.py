"""A past day borrowed, held against what has happened today."""

from queue_core.domain.model import CounterState
from queue_core.estimate.laws.roster import Now, Plan, plan
from queue_core.estimate.laws.shifts import Away, Step, Turn, Worked

H, NEVER = 3600.0, float("inf")
MIDDLE = (0.5, 0.5, 0.5)
OPEN, PAUSED, CLOSED = CounterState.OPEN, CounterState.PAUSED, CounterState.CLOSED
OPENED = Turn(4 * H, Step.OPENED)
LUNCH = Worked(4 * H, (Away(8 * H, 8.5 * H),))
PART_TIME = Worked(4 * H, (Away(9 * H, NEVER),))


def test_nothing_known_leaves_all_as_it_is() -> None:
    assert plan(Now.of(5 * H, OPEN, []), None, MIDDLE) == Plan(0.0)
    assert plan(Now.of(5 * H, CLOSED, []), None, MIDDLE) == Plan(NEVER)
    assert plan(Now.of(5 * H, PAUSED, []).lasting(300.0, 5 * H), None, MIDDLE) == Plan(300.0)


def test_before_any_day_is_known_a_counter_opens_with_the_office_or_not_at_all() -> None:
    for at_s, least_s in ((7.5 * H, 0.5 * H), (8 * H, 0.0)):
        soon_s = plan(Now.of(at_s, CLOSED, [], 8 * H), None, MIDDLE).free_s
        assert least_s < soon_s < least_s + 0.1 * H
    assert plan(Now.of(8.5 * H, CLOSED, [], 8 * H), None, MIDDLE) == Plan(NEVER)
    assert plan(Now.of(8 * H, CLOSED, [], 8 * H), None, (0.5, 0.95, 0.5)) == Plan(NEVER)
    left = [Turn(8 * H, Step.OPENED), Turn(8.01 * H, Step.CLOSED)]
    assert plan(Now.of(8.02 * H, CLOSED, left, 8 * H), None, MIDDLE) == Plan(NEVER)


def test_a_break_to_come_comes() -> None:
    assert plan(Now.of(7 * H, OPEN, [OPENED]), LUNCH, MIDDLE) == Plan(0.0, (Away(H, 1.5 * H),))


def test_a_break_already_taken_does_not_come_again() -> None:
    turns = [OPENED, Turn(7 * H, Step.PAUSED), Turn(7.4 * H, Step.OPENED)]
    assert plan(Now.of(7.5 * H, OPEN, turns), LUNCH, MIDDLE) == Plan(0.0)


def test_a_break_overdue_comes_soon_and_lasts_as_long() -> None:
    (away,) = plan(Now.of(8.2 * H, OPEN, [OPENED]), LUNCH, MIDDLE).away
    assert 0 <= away.from_s <= 1200
    assert away.to_s - away.from_s == 0.5 * H


def test_a_break_that_was_not_taken_is_forgotten_in_the_end() -> None:
    assert plan(Now.of(9.5 * H, OPEN, [OPENED]), LUNCH, MIDDLE) == Plan(0.0)


def test_a_part_timer_leaves_for_good() -> None:
    assert plan(Now.of(7 * H, OPEN, [OPENED]), PART_TIME, MIDDLE).away == (Away(2 * H, NEVER),)


def test_a_part_timer_who_should_have_gone_goes_the_later_the_less_surely() -> None:
    soon, late = (plan(Now.of(at_s, OPEN, [OPENED]), PART_TIME, MIDDLE).away[0] for at_s in (9.05 * H, 9.8 * H))
    assert 0 < soon.from_s < late.from_s


def test_a_pause_lasts_as_long_as_the_borrowed_one() -> None:
    now = Now.of(8.3 * H, PAUSED, [OPENED, Turn(8.1 * H, Step.PAUSED)]).lasting(9999.0, 8.1 * H)
    assert abs(plan(now, LUNCH, MIDDLE).free_s - 0.3 * H) < 1e-6


def test_a_pause_longer_than_the_borrowed_one_lasts_as_pauses_do() -> None:
    now = Now.of(9 * H, PAUSED, [OPENED, Turn(8 * H, Step.PAUSED)]).lasting(777.0, 8 * H)
    assert plan(now, LUNCH, MIDDLE).free_s == 777.0


def test_a_break_that_runs_is_not_to_come_afterwards() -> None:
    now = Now.of(7.9 * H, PAUSED, [OPENED, Turn(7.8 * H, Step.PAUSED)]).lasting(600.0, 7.8 * H)
    assert plan(now, LUNCH, MIDDLE).away == ()


def test_a_counter_opens_when_it_opened_then() -> None:
    assert plan(Now.of(3.5 * H, CLOSED, []), LUNCH, MIDDLE).free_s == 0.5 * H


def test_a_counter_that_is_late_comes_soon_or_not_at_all() -> None:
    now = Now.of(4.1 * H, CLOSED, [])
    assert 0 < plan(now, LUNCH, (0.5, 0.1, 0.5)).free_s < NEVER
    assert plan(now, LUNCH, (0.5, 0.99, 0.5)).free_s == NEVER


def test_a_counter_that_has_closed_for_good_stays_closed() -> None:
    turns = [OPENED, Turn(9 * H, Step.CLOSED)]
    assert plan(Now.of(9.5 * H, CLOSED, turns), PART_TIME, MIDDLE).free_s == NEVER


def test_a_counter_closed_for_lunch_opens_again() -> None:
    turns = [OPENED, Turn(7.9 * H, Step.CLOSED)]
    assert plan(Now.of(8 * H, CLOSED, turns), LUNCH, MIDDLE).free_s == 0.5 * H


def test_times_differ_a_little_from_day_to_day() -> None:
    early, late = (plan(Now.of(7 * H, OPEN, [OPENED]), LUNCH, (u, 0.5, 0.5)).away[0].from_s for u in (0.01, 0.99))
    assert 300 < late - early < 400
