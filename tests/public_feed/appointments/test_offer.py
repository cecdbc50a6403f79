"""What of the free times a page shows."""

from dataclasses import replace
from datetime import date, time, timedelta

from public_feed.appointments.offer import closed_holidays, new_day, offer
from queue_core.appointments import FreeDay, FreeSlot
from queue_core.domain.calendar import day_named, local_ms
from queue_core.domain.office import Hours, Interval
from tests.public_feed.appointments.conftest import GIVEN, MORNING_MS, RULES
from tests.support.zones import NEW

FIRST = date(2030, 1, 16)
WEEKDAYS = {day: (Interval(time(8), time(12)),) for day in ("mon", "tue", "wed", "thu", "fri")}


def day(n: int, *free: int) -> FreeDay:
    """The nth day, with a slot at each full hour from 08:00 on that has so many places."""
    on = FIRST + timedelta(days=n)
    begins = [local_ms(GIVEN, on, time(8 + hour)) for hour in range(len(free))]
    slots = tuple(FreeSlot(at, at + 1, places) for at, places in zip(begins, free, strict=True))
    return FreeDay(on, slots)


def test_the_first_free_time_and_the_days_around_the_chosen_one() -> None:
    shown = offer(
        GIVEN, [day(0, 0, 0), day(1, 0, 1), day(2), day(3, 2), day(4, 1)], FIRST + timedelta(days=3), MORNING_MS
    )
    assert [each.day.day for each in shown.days] == [16, 17, 19, 20]
    assert shown.first_ms == local_ms(GIVEN, date(2030, 1, 17), time(9))
    assert shown.chosen
    assert (shown.before, shown.chosen.day, shown.after) == (date(2030, 1, 17), date(2030, 1, 19), date(2030, 1, 20))


def test_a_wanted_day_without_a_free_time_gives_way_to_the_next_one() -> None:
    shown = offer(GIVEN, [day(0, 1), day(1, 0), day(2, 1)], FIRST + timedelta(days=1), MORNING_MS)
    assert shown.chosen
    assert shown.chosen.day == FIRST + timedelta(days=2)


def test_a_time_that_was_found_taken_is_left_out() -> None:
    first_ms = local_ms(GIVEN, FIRST, time(8))
    shown = offer(GIVEN, [day(0, 1, 1)], None, MORNING_MS, first_ms)
    assert shown.first_ms == first_ms + 3_600_000


def test_where_nothing_is_free_there_is_no_day() -> None:
    shown = offer(GIVEN, [day(0, 0), day(1)], None, MORNING_MS)
    assert (shown.first_ms, shown.chosen, shown.before, shown.after) == (None, None, None, None)


def test_days_beyond_the_page_have_a_page_of_their_own() -> None:
    assert offer(GIVEN, [day(0, 1)], None, MORNING_MS).further == FIRST + timedelta(days=1)
    assert offer(GIVEN, [day(14, 1)], None, MORNING_MS).further is None


def test_a_holiday_is_named_where_it_keeps_appointments_from_being_given() -> None:
    hours = Hours(week=WEEKDAYS, closed_on=frozenset({FIRST, FIRST + timedelta(days=4)}))
    given = replace(GIVEN, appointments=replace(RULES, hours=hours))
    names = {FIRST + timedelta(days=n): {"de": f"Tag {n}"} for n in (0, 1, 4)}
    closed = closed_holidays(given, NEW, names)
    assert closed == {FIRST: {"de": "Tag 0"}}
    shown = offer(given, [day(0), day(1, 1), day(2)], None, MORNING_MS, holidays=closed)
    assert [(each.day.day, each.holiday) for each in shown.days] == [(16, {"de": "Tag 0"}), (17, None)]


def test_the_next_day_opens_when_the_business_day_begins_that_is_far_enough() -> None:
    """Two weeks ahead of Wednesday, the 16th: Thursday, the 31st, opens with Thursday, the 17th."""
    soon = new_day(replace(GIVEN, appointments=replace(RULES, hours=Hours(week=WEEKDAYS))), NEW, MORNING_MS)
    assert soon
    assert soon.noon_ms == local_ms(GIVEN, date(2030, 1, 31), time(12))
    assert soon.from_ms == day_named(GIVEN, date(2030, 1, 17)).from_ms


def test_where_no_day_has_hours_none_opens() -> None:
    assert new_day(replace(GIVEN, appointments=replace(RULES, hours=Hours())), NEW, MORNING_MS) is None
