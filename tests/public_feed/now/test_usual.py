"""When it usually takes how long, and when shortest."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from public_feed.now.usual import Chart, after_midnights, table, today, week
from queue_core.domain.model import ServiceId
from queue_core.domain.rhythm import Rhythm, Usual
from tests.public_feed.now.weeks import rhythm

BERLIN = ZoneInfo("Europe/Berlin")
NEW = ServiceId("new")
MONDAY, SUNDAY = 0, 6


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


def of(quarters: dict[int, Usual], weekday: int = MONDAY) -> Rhythm:
    return Rhythm("2026-11-20", {NEW: {weekday: quarters}})


def chart_of(quarters: dict[int, Usual]) -> Chart:
    found = today(of(quarters), NEW, at("2026-11-23T00:00"), BERLIN)
    assert found
    return found.day.chart


def test_the_best_time_is_the_shortest_that_is_still_to_come() -> None:
    morning = today(rhythm("new"), NEW, at("2026-11-23T09:05"), BERLIN)
    assert morning
    assert (morning.day.best_ms, morning.is_now) == (at("2026-11-23T13:45"), False)
    at_ten = of({32: Usual(5, 0, 60, 120), 40: Usual(5, 0, 600, 900), 44: Usual(5, 0, 300, 900)})
    found = today(at_ten, NEW, at("2026-11-23T10:00"), BERLIN)
    assert found
    assert found.day.best_ms == at("2026-11-23T11:00")


def test_a_little_less_in_the_evening_is_chance() -> None:
    found = today(of({56: Usual(5, 0, 240, 290), 64: Usual(5, 0, 200, 280)}), NEW, at("2026-11-23T08:00"), BERLIN)
    assert found
    assert found.day.best_ms == at("2026-11-23T14:00")


def test_a_table_has_a_row_for_every_quarter_that_any_day_has() -> None:
    monday, tuesday = {32: Usual(5, 0, 60, 120), 33: Usual(5, 0, 60, 120)}, {33: Usual(5, 600, 900, 1200)}
    both = Rhythm("2026-11-20", {NEW: {0: monday, 1: tuesday}})
    rows = table(week(both, NEW, at("2026-11-22T09:00"), BERLIN), BERLIN)
    assert [[(cell.low_min, cell.high_min) if cell else None for cell in row.cells] for row in rows] == [
        [(0, 5), None],
        [(0, 5), (10, 20)],
    ]


def test_of_equal_middles_the_narrower_is_better_and_then_the_earlier() -> None:
    found = today(of({40: Usual(5, 0, 60, 900), 42: Usual(5, 0, 60, 120), 44: Usual(5, 0, 60, 120)}), NEW, 0, BERLIN)
    assert found is None, "1970 began on a Thursday"
    found = today(
        of({40: Usual(5, 0, 60, 900), 42: Usual(5, 0, 60, 120), 44: Usual(5, 0, 60, 120)}),
        NEW,
        at("2026-11-23T08:00"),
        BERLIN,
    )
    assert found
    assert found.day.best_ms == at("2026-11-23T10:30")


def test_now_may_be_the_best_time_and_after_the_last_quarter_there_is_none() -> None:
    quarters = {60: Usual(5, 0, 60, 120), 61: Usual(5, 0, 90, 120)}
    now = today(of(quarters), NEW, at("2026-11-23T15:14"), BERLIN)
    late = today(of(quarters), NEW, at("2026-11-23T15:30"), BERLIN)
    assert now
    assert late
    assert (now.is_now, late.is_now, late.day.best_ms) == (True, False, None)


@pytest.mark.parametrize("moment", ["2026-11-22T23:59", "2026-11-24T00:00"])
def test_another_weekday_says_nothing_of_today(moment: str) -> None:
    assert today(of({40: Usual(5, 0, 60, 120)}), NEW, at(moment), BERLIN) is None


def test_a_service_that_is_not_on_record_has_no_day() -> None:
    assert today(rhythm("new"), ServiceId("other"), at("2026-11-23T09:00"), BERLIN) is None
    assert week(Rhythm(), NEW, at("2026-11-23T09:00"), BERLIN) == []


def test_a_chart_holds_full_hours_and_every_bar() -> None:
    chart = chart_of({33: Usual(5, 300, 600, 900), 38: Usual(5, 60, 120, 180)})
    assert (chart.width, chart.most_min) == (80, 15)
    assert [datetime.fromtimestamp(h / 1000, BERLIN).hour for h in chart.hours_ms] == [8, 9]
    assert chart.bars == "M10 0h8v67h-8zM60 80h8v13h-8z"
    assert chart.best == "M60 0h8v100h-8z"
    assert chart.marks.count("M") == 2


def test_waits_of_nothing_are_seen_all_the_same() -> None:
    assert chart_of({32: Usual(5, 0, 0, 0)}).bars == "M0 96h8v4h-8z"


def test_a_week_begins_on_monday_and_has_one_scale() -> None:
    days = week(rhythm("new", weekdays=range(5)), NEW, at("2026-11-22T09:00"), BERLIN)
    assert [datetime.fromtimestamp(day.noon_ms / 1000, BERLIN).day for day in days] == [16, 17, 18, 19, 20]
    assert {day.chart.most_min for day in days} == {75}


def test_on_the_night_without_an_hour_times_stand_as_the_clock_says() -> None:
    [sunday] = week(of({32: Usual(5, 0, 60, 120)}, SUNDAY), NEW, at("2026-03-29T09:00"), BERLIN)
    assert sunday.best_ms == at("2026-03-29T08:00")


def test_today_so_far_is_a_line_beside_what_is_usual() -> None:
    quarters = {36: Usual(5, 300, 600, 900), 37: Usual(5, 300, 600, 900)}
    so_far = {33: Usual(1, 0, 450, 9000), 36: Usual(1, 0, 450, 9000), 37: Usual(1, 0, 900, 9000)}
    found = today(of(quarters), NEW, at("2026-11-23T10:00"), BERLIN, so_far)
    assert found
    assert (found.has_usual, found.has_today) == (True, True)
    assert found.day.chart.most_min == 15
    assert found.day.chart.line == "M14 50h0M44 50h0L54 0"
    assert [(m.told_usual, m.told_today) for m in found.moments] == [(None, 10), ((5, 15), 10), ((5, 15), 15)]


def test_a_day_without_a_record_shows_what_today_was() -> None:
    found = today(Rhythm(), NEW, at("2026-11-23T10:00"), BERLIN, {36: Usual(1, 0, 450, 900)})
    assert found
    assert (found.has_usual, found.has_today, found.day.best_ms, found.day.chart.bars) == (False, True, None, "")


def test_after_midnight_a_business_day_goes_on_in_another_calendar_day() -> None:
    late, early = Usual(1, 0, 60, 90), Usual(1, 0, 30, 60)
    assert after_midnights({95: late, 97: early}, 0) == {95: late}
    assert after_midnights({95: late, 97: early}, 1) == {1: early}


def test_nobody_is_told_to_come_when_it_is_closed() -> None:
    mornings = [(at("2026-11-23T08:00"), at("2026-11-23T12:30"))]
    found = today(rhythm("new"), NEW, at("2026-11-23T11:00"), BERLIN, openings=mornings)
    closed = today(rhythm("new"), NEW, at("2026-11-23T11:00"), BERLIN, openings=())
    assert found
    assert closed
    assert (found.day.best_ms, closed.day.best_ms) == (at("2026-11-23T12:15"), None)
