"""When a zone is open on the days to come."""

from datetime import date, time

from public_feed.now.hours import DAYS, days_ahead
from queue_core.domain.calendar import local_ms, local_time
from queue_core.domain.office import Hours, Interval
from tests.support.zones import zone

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY = MONDAY.replace(day=24), MONDAY.replace(day=25)
MORNING, NOON = Interval(time(8), time(12)), Interval(time(14), time(16))
PLACE = zone(
    hours=Hours(
        week={"mon": (MORNING,), "tue": (NOON, MORNING), "wed": (MORNING,)},
        closed_on=frozenset({WEDNESDAY}),
        extra={MONDAY.replace(day=28): (NOON,)},
    )
)


def test_a_week_from_today_on_with_closed_days_and_extra_ones() -> None:
    days = days_ahead(PLACE, local_ms(PLACE, MONDAY, time(17)))
    assert len(days) == DAYS
    assert [day.is_today for day in days] == [True, *[False] * (DAYS - 1)]
    assert [local_time(PLACE, day.noon_ms).day for day in days] == list(range(23, 23 + DAYS))
    assert [len(day.openings) for day in days] == [1, 2, 0, 0, 0, 1, 0]
    assert [local_time(PLACE, opens).hour for opens, _ in days[1].openings] == [8, 14]


def test_at_night_it_is_still_the_day_before() -> None:
    assert local_time(PLACE, days_ahead(PLACE, local_ms(PLACE, TUESDAY, time(3)))[0].noon_ms).day == MONDAY.day


def test_a_zone_that_never_closes_needs_no_hours() -> None:
    assert days_ahead(zone(hours=Hours(always=True)), 0) == []
