"""Slots: when they begin, through holidays and changed clocks; and how many places they have."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from queue_core.domain.calendar import day_named, local_time
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import CounterId, ServiceId
from queue_core.domain.office import Appointments, CounterPlace, Hours, Interval, Zone
from queue_core.domain.slots import (
    Limit,
    day_slots,
    earliest_ms,
    last_day,
    length_ms,
    limits,
    require_offer,
    require_slot,
    slots,
)
from tests.support.zones import APPOINTMENT, NEW, SHORT, text, zone

MINUTE_MS = 60_000
WEDNESDAY = date(2030, 1, 16)
HOLIDAY = date(2030, 5, 1)
MORNING = (Interval(time(8), time(10)),)
WEEK = Hours(week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), MORNING), closed_on=frozenset({HOLIDAY}))


def booked_zone(hours: Hours | None = None, **changes: Any) -> Zone:
    return zone(hours=hours or WEEK, appointments=Appointments((NEW, SHORT), APPOINTMENT, **changes))


def times(of: Zone, service: ServiceId, day: date) -> list[str]:
    return [f"{local_time(of, at):%H:%M}" for at in day_slots(of, service, day).begins_ms]


def test_a_service_s_minutes_are_rounded_up_to_a_time_that_is_good_to_say() -> None:
    assert [length_ms(booked_zone(), s) // MINUTE_MS for s in (NEW, SHORT)] == [15, 5]
    assert length_ms(booked_zone(slot_s={NEW: 1200}), NEW) == 20 * MINUTE_MS


def test_slots_follow_each_other_as_long_as_one_ends_before_it_closes() -> None:
    assert times(booked_zone(slot_s={NEW: 2100}), NEW, WEDNESDAY) == ["08:00", "08:35", "09:10"]


def test_after_a_break_they_begin_anew() -> None:
    hours = Hours(week={"wed": (Interval(time(8), time(9)), Interval(time(13, 10), time(14)))})
    assert times(booked_zone(hours, slot_s={NEW: 1500}), NEW, WEDNESDAY) == ["08:00", "08:25", "13:10", "13:35"]


def test_on_a_holiday_there_are_none_unless_the_day_has_hours_of_its_own() -> None:
    assert times(booked_zone(), NEW, HOLIDAY) == []
    extra = replace(WEEK, extra={HOLIDAY: (Interval(time(9), time(9, 30)),)})
    assert times(booked_zone(extra), NEW, HOLIDAY) == ["09:00", "09:15"]


def test_appointments_may_have_hours_of_their_own() -> None:
    own = Hours(week={"wed": (Interval(time(15), time(15, 30)),)})
    assert times(booked_zone(hours=WEEK), NEW, WEDNESDAY)[0] == "08:00"
    given = booked_zone()
    assert given.appointments
    assert times(replace(given, appointments=replace(given.appointments, hours=own)), NEW, WEDNESDAY) == [
        "15:00",
        "15:15",
    ]


@pytest.mark.parametrize(
    ("day", "hours"),
    [pytest.param(date(2030, 3, 30), 23, id="spring"), pytest.param(date(2030, 10, 26), 25, id="autumn")],
)
def test_in_the_night_of_a_changed_clock_every_moment_is_one_slot(day: date, hours: int) -> None:
    """The business day that contains it is an hour shorter or longer; no slot is doubled, none is lost."""
    given = booked_zone(Hours(always=True))
    found = day_slots(given, NEW, day)
    assert found.day.to_ms - found.day.from_ms == hours * 60 * MINUTE_MS
    assert len(found.begins_ms) == hours * 4
    assert {after - before for before, after in pairwise(found.begins_ms)} == {15 * MINUTE_MS}
    for begin in found.begins_ms:
        require_slot(given, NEW, begin)


def test_on_the_morning_after_the_office_opens_by_the_clock_on_its_wall() -> None:
    hours = Hours(week={"sun": MORNING})
    for sunday in (date(2030, 3, 31), date(2030, 10, 27)):
        assert times(booked_zone(hours), NEW, sunday)[0] == "08:00"


def test_days_come_one_after_the_other() -> None:
    found = list(slots(booked_zone(), NEW, date(2030, 4, 29), 4))
    assert [(d.day.day, len(d.begins_ms)) for d in found] == [
        (date(2030, 4, 29) + timedelta(days=n), 0 if n == 2 else 8) for n in range(4)
    ]


def test_what_is_no_slot_is_not_offered() -> None:
    given = booked_zone(days_ahead=7)
    opens = day_slots(given, NEW, WEDNESDAY).begins_ms[0]
    with pytest.raises(Refused) as refused:
        require_slot(given, NEW, opens + MINUTE_MS)
    assert refused.value.code is Refusal.NOT_OFFERED
    now_ms = day_named(given, WEDNESDAY - timedelta(days=8)).from_ms
    with pytest.raises(Refused) as refused:
        require_offer(given, NEW, opens, now_ms)
    assert refused.value.details["last_day"] == "2030-01-15"
    require_offer(given, NEW, opens, now_ms + 24 * 60 * MINUTE_MS)


def test_visitors_book_with_notice_and_not_too_far_ahead() -> None:
    given, now = booked_zone(days_ahead=2, notice_s=3600), datetime.fromisoformat("2030-01-16T09:00:00+01:00")
    now_ms = int(now.timestamp() * 1000)
    assert last_day(given, now_ms) == date(2030, 1, 18)
    assert earliest_ms(given, now_ms) == now_ms + 60 * MINUTE_MS


@pytest.mark.parametrize(
    ("given", "service", "code"),
    [
        pytest.param(booked_zone(), ServiceId("none"), Refusal.UNKNOWN_SERVICE, id="unknown"),
        pytest.param(zone(), NEW, Refusal.NOT_BOOKABLE, id="no-appointments"),
        pytest.param(zone(appointments=Appointments((SHORT,), APPOINTMENT)), NEW, Refusal.NOT_BOOKABLE, id="other"),
    ],
)
def test_a_service_without_appointments_has_no_slots(given: Zone, service: ServiceId, code: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        day_slots(given, service, WEDNESDAY)
    assert refused.value.code is code


def counters(**services: tuple[ServiceId, ...]) -> dict[CounterId, CounterPlace]:
    return {CounterId(c): CounterPlace(CounterId(c), text(c), s) for c, s in services.items()}


OTHER = ServiceId("other")


def three_services(**changes: Any) -> Zone:
    """`new` and `short` share counter b; `other` has d for itself."""
    plain = booked_zone(**changes)
    assert plain.appointments
    return replace(
        plain,
        services={**plain.services, OTHER: replace(plain.services[NEW], id=OTHER)},
        counters=counters(a=(NEW,), b=(NEW, SHORT), c=(SHORT,), d=(OTHER,), e=(NEW,), f=(NEW,)),
        appointments=replace(plain.appointments, services=(NEW, SHORT, OTHER)),
    )


def test_a_part_of_the_counters_that_serve_a_service_may_be_booked_and_of_those_that_services_share() -> None:
    given = three_services()
    assert limits(given, NEW) == (Limit(frozenset({NEW}), 2), Limit(frozenset({NEW, SHORT}), 2))
    assert limits(given, SHORT) == (Limit(frozenset({SHORT}), 1), Limit(frozenset({NEW, SHORT}), 2))


def test_where_appointments_are_given_there_is_a_place_for_one() -> None:
    assert limits(three_services(share=0.1), OTHER) == (Limit(frozenset({OTHER}), 1),)


def test_a_zone_may_plan_with_fewer_counters_than_there_are() -> None:
    found = limits(three_services(share=1.0, counters=3), NEW)
    assert found[-1] == Limit(frozenset({NEW, SHORT, OTHER}), 3)
    assert max(limit.places for limit in found) == 3


def test_fixed_places_are_shared_with_nobody() -> None:
    given = three_services(per_slot={NEW: 5})
    assert limits(given, NEW) == (Limit(frozenset({NEW}), 5),)
    assert limits(given, SHORT) == (Limit(frozenset({SHORT}), 1),)


def test_without_appointments_there_is_no_limit_to_keep_to() -> None:
    assert limits(zone(), NEW) == ()
