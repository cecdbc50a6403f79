"""What is usual at each time of the week: hand-made days with known answers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from queue_core.domain.archive import deidentified, events_of
from queue_core.domain.calendar import local_time
from queue_core.domain.events import Event, EventType
from queue_core.domain.rhythm import DayWaits, Rhythm, Usual
from queue_core.estimate.draws import Draws
from queue_core.estimate.rhythm import rhythm_of, rhythm_of_waits, so_far, waits_of
from tests.queue_core.estimate.visits import MORNING_MS, Book
from tests.support.zones import NEW, zone

ZONE = zone()
WEEK_S = 604_800
MONDAY, NINE = 0, 36
FIRST = date(2026, 3, 2)


def day(week: int = 0, waits_s: Mapping[float, int] | None = None) -> list[Event]:
    """A Monday's log; `waits_s`: seconds after 9:00 -> wait. Local time stays over changes of the clocks."""
    shift_ms = 1000 * WEEK_S * week
    local_s = local_time(ZONE, MORNING_MS + shift_ms).utcoffset() or timedelta()
    book = Book(MORNING_MS + shift_ms + 3_600_000 - round(1000 * local_s.total_seconds()))
    book.add(0, "counter_opened", counter="1")
    for n, (at_s, wait_s) in enumerate((waits_s or {0.0: 600}).items(), 1):
        book.draw(n, at_s)
        book.move("called", n, at_s + wait_s)
        book.move("started", n, at_s + wait_s)
        book.move("finished", n, at_s + wait_s)
    return book.log


def summary(week: int, *waits_s: int, quarter: int = NINE) -> DayWaits:
    iso = (FIRST + timedelta(weeks=week)).isoformat()
    return DayWaits(iso, {NEW: {quarter: tuple(sorted(s // 10 for s in waits_s))}})


def test_a_day_is_summed_up_by_quarter_in_tens_of_seconds() -> None:
    waits = waits_of(day(0, {0: 604, 30: 99, 899: 55, 900: 1000}), ZONE)
    assert waits == DayWaits("2026-03-02", {NEW: {NINE: (6, 10, 60), NINE + 1: (100,)}})


def test_the_archive_teaches_what_the_log_taught() -> None:
    log = day(0, {0: 604, 30: 99, 900: 1000})
    assert waits_of(events_of(deidentified(log)), ZONE) == waits_of(log, ZONE)


def test_who_was_not_called_or_had_an_appointment_is_left_out() -> None:
    book = Book()
    book.add(0, "counter_opened", counter="1")
    book.draw(1, 0, booking="b", slot_ms=MORNING_MS + 60_000)
    book.draw(2, 0)
    book.draw(3, 0)
    book.move("called", 1, 100)
    book.move("started", 1, 101)
    book.move("finished", 1, 110)
    book.move("called", 2, 200)
    book.undo(2, 201, "waiting")
    book.move("cancelled", 3, 300)
    assert waits_of(book.log, ZONE) == DayWaits("2026-03-02")


def test_who_draws_after_midnight_drew_on_the_next_weekday() -> None:
    book = Book()
    after_midnight_s = 15 * 3600 + 20 * 60
    book.draw(1, after_midnight_s)
    book.move("called", 1, after_midnight_s + 100)
    waits = waits_of(book.log, ZONE)
    assert waits == DayWaits("2026-03-02", {NEW: {96 + 1: (10,)}})
    nights = [DayWaits((FIRST + timedelta(weeks=w)).isoformat(), waits.services) for w in range(5)]
    assert rhythm_of_waits(nights).services == {NEW: {1: {1: Usual(5, 100, 100, 100)}}}


def test_a_day_is_called_as_the_log_calls_it() -> None:
    rolled = {"day": "2026-03-01", "from_day": "2026-02-28", "day_from_ms": 0, "day_to_ms": 1}
    log = [Event(1, 1, MORNING_MS, EventType.DAY_ROLLED, "c", rolled), *day()[2:]]
    assert waits_of(log, ZONE) == DayWaits("2026-03-01", {NEW: {96 + NINE: (60,)}})


def test_a_day_without_visitors_is_on_record_and_one_without_events_is_none() -> None:
    assert waits_of(Book().log, ZONE) == DayWaits("2026-03-02")
    with pytest.raises(ValueError, match="a day has at least"):
        waits_of([], ZONE)


def test_fewer_than_three_days_are_no_rhythm() -> None:
    days = [day(week, {0: 600, 60: 600}) for week in range(3)]
    assert rhythm_of([day(0, dict.fromkeys(range(9), 600)), days[1]], ZONE) == Rhythm("2026-03-09")
    known = rhythm_of(days, ZONE)
    assert known == Rhythm("2026-03-16", {NEW: {MONDAY: {NINE: Usual(3, 600, 600, 600)}}})


def test_of_fewer_than_five_visitors_nothing_is_told() -> None:
    weeks = [summary(week, 100 * week) for week in range(5)]
    assert rhythm_of_waits(weeks[:4]) == Rhythm("2026-03-23")
    assert rhythm_of_waits(weeks).services[NEW][MONDAY][NINE].days == 5


def test_a_day_given_twice_counts_once() -> None:
    assert rhythm_of([day(0), day(1), day(1)], ZONE).services == {}


def test_a_rhythm_goes_by_local_time_over_a_change_of_the_clocks() -> None:
    """On 29 March 2026 the clocks go forward: nine stays nine."""
    weeks = [day(week) for week in (1, 2, 3, 4, 5)]
    assert rhythm_of(weeks, ZONE).services == {NEW: {MONDAY: {NINE: Usual(5, 600, 600, 600)}}}


def test_the_repeated_hour_of_an_autumn_night_is_one_hour() -> None:
    night = Book(MORNING_MS)
    first_ms = int(datetime.fromisoformat("2026-10-25T02:10:00+02:00").timestamp() * 1000)
    for n, at_ms in enumerate((first_ms, first_ms + 3_600_000), 1):
        night.draw(n, (at_ms - MORNING_MS) / 1000)
        night.move("called", n, (at_ms - MORNING_MS) / 1000 + 100 * n)
    log = [event for event in night.log if event.type != "epoch_started"]
    assert [f"{local_time(ZONE, ms):%d.%m. %H:%M}" for ms in (first_ms, first_ms + 3_600_000)] == ["25.10. 02:10"] * 2
    assert waits_of(log, ZONE) == DayWaits("2026-10-24", {NEW: {96 + 8: (10, 20)}})


def test_neighbouring_quarters_count_the_nearer_the_more() -> None:
    days = [
        DayWaits(
            (FIRST + timedelta(weeks=w)).isoformat(),
            {NEW: {NINE - 2: (300,), NINE - 1: (200,), NINE: (10,), NINE + 1: (20,), NINE + 3: (999,)}},
        )
        for w in range(3)
    ]
    week = rhythm_of_waits(days).services[NEW][MONDAY]
    assert week[NINE].p50_s < week[NINE - 1].p50_s < week[NINE - 2].p50_s
    assert week[NINE].p90_s <= 3000
    assert NINE + 2 not in week


def test_a_quarter_with_one_day_of_its_own_may_lean_on_its_neighbours() -> None:
    days = [summary(w, 600, 700) for w in range(2)] + [summary(2, 600, quarter=NINE + 1)]
    assert rhythm_of_waits(days).services[NEW][MONDAY].keys() == {NINE, NINE + 1}


def test_newer_days_count_more() -> None:
    def middle(old_weeks: range, new_weeks: range) -> int:
        days = [*(summary(w, 1000) for w in old_weeks), *(summary(w, 100) for w in new_weeks)]
        return rhythm_of_waits(days).services[NEW][MONDAY][NINE].p50_s

    assert middle(range(6), range(40, 44)) == 100
    assert middle(range(8), range(8, 10)) == 1000


def test_holidays_and_closed_days_leave_no_trace() -> None:
    open_days = [summary(w, 600, 900) for w in range(3)]
    closed = [DayWaits((FIRST + timedelta(days=days)).isoformat()) for days in (3, 21)]
    known = rhythm_of_waits([*open_days, *closed])
    assert known == Rhythm("2026-03-23", rhythm_of_waits(open_days).services)


def test_levels_are_ordered_and_within_what_happened() -> None:
    waits = [summary(w, *range(0, 3000, 70 + w)) for w in range(6)]
    usual = rhythm_of_waits(waits).services[NEW][MONDAY][NINE]
    assert 200 <= usual.p10_s <= 400 <= 1400 <= usual.p50_s <= 1600 <= 2600 <= usual.p90_s <= 2800


def test_of_a_crowd_an_even_sample_is_kept() -> None:
    crowd = waits_of(day(0, {n % 900 + n // 900 / 10: 10 * (n % 200) for n in range(2000)}), ZONE).services[NEW][NINE]
    assert (len(crowd), crowd[0], crowd[-1]) == (32, 0, 199)
    assert abs(crowd[16] - 100) < 5


def test_no_day_gives_no_rhythm() -> None:
    assert rhythm_of([], ZONE) == Rhythm()


def drawn_so_far(called: int, waiting: int, left: int = 0) -> Draws:
    """At nine; who was called waited ten minutes."""
    book, draws = Book(MORNING_MS), Draws()
    for n in range(called + waiting + left):
        book.draw(n, 0)
        if n < called:
            book.move("called", n, 600)
        elif n >= called + waiting:
            book.move("cancelled", n, 30)
    for event in book.log:
        draws.follow(event)
    return draws


def test_a_day_that_goes_on_is_told_by_quarters() -> None:
    [(quarter, usual)] = so_far(drawn_so_far(5, 0), ZONE, FIRST)[NEW].items()
    assert (usual.days, usual.p50_s) == (1, 600)
    assert 0 <= quarter < 96


@pytest.mark.parametrize(
    ("called", "waiting", "left", "told"),
    [(4, 0, 0, False), (8, 2, 0, True), (8, 3, 0, False), (8, 0, 5, True)],
    ids=["too-few", "nearly-all", "many-still-wait", "who-left-is-no-matter"],
)
def test_a_quarter_is_told_once_nearly_all_of_it_were_called(called: int, waiting: int, left: int, told: bool) -> None:
    assert bool(so_far(drawn_so_far(called, waiting, left), ZONE, FIRST)[NEW]) is told
