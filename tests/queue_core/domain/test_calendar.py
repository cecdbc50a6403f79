"""Business days and opening times, over changes of the clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.domain.calendar import (
    BusinessDay,
    business_day,
    closing_ms,
    day_after,
    iso,
    local_ms,
    local_time,
    next_opening_ms,
    opening_ms,
)
from queue_core.domain.office import Hours, Interval
from tests.support.zones import zone

BERLIN = zone()
WEEK = Hours(
    week={
        "mon": (Interval(time(13), time(17)), Interval(time(8), time(12))),
        "wed": (Interval(time(8), time(12)),),
    },
    closed_on=frozenset({date(2030, 1, 21)}),
    extra={date(2030, 1, 19): (Interval(time(10), time(11)),)},
)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2030-01-16T04:00:00+01:00", "2030-01-16"),
        ("2030-01-16T03:59:59.999+01:00", "2030-01-15"),
        ("2030-01-17T00:30:00+01:00", "2030-01-16"),
        ("2030-03-31T03:59:00+02:00", "2030-03-30"),
        ("2030-10-27T02:30:00+01:00", "2030-10-26"),
    ],
)
def test_a_business_day_begins_at_four(moment: str, day: str) -> None:
    assert business_day(BERLIN, ms(moment)).day.isoformat() == day


@pytest.mark.parametrize(("day", "hours"), [("2030-03-30", 23), ("2030-10-26", 25), ("2030-01-16", 24)])
def test_days_are_as_long_as_the_clocks_say(day: str, hours: int) -> None:
    found = business_day(BERLIN, ms(f"{day}T12:00:00+01:00"))
    assert found.to_ms - found.from_ms == hours * 3_600_000


@given(
    at_ms=st.integers(1_700_000_000_000, 2_200_000_000_000),
    tz=st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    starts=st.times(max_value=time(6)),
)
def test_every_moment_is_in_one_business_day(at_ms: int, tz: str, starts: time) -> None:
    there = replace(BERLIN, time_zone=ZoneInfo(tz), day_starts=starts.replace(second=0, microsecond=0))
    day = business_day(there, at_ms)
    assert at_ms in day
    following = business_day(there, day.to_ms)
    assert (following.from_ms, following.day) == (day.to_ms, day.day + timedelta(days=1))


def test_the_day_after_is_that_of_now() -> None:
    ended = business_day(BERLIN, ms("2030-01-16T10:00:00+01:00"))
    now_ms = ms("2030-01-20T10:00:00+01:00")
    assert day_after(BERLIN, ended, now_ms) == business_day(BERLIN, now_ms)


def test_the_day_after_begins_at_once_where_days_now_start_later() -> None:
    ended = business_day(BERLIN, ms("2030-01-16T10:00:00+01:00"))
    later = replace(BERLIN, day_starts=time(6))
    assert day_after(later, ended, ended.to_ms) == BusinessDay(
        date(2030, 1, 17), ended.to_ms, ms("2030-01-18T06:00:00+01:00")
    )


def test_opening_times_come_in_order() -> None:
    monday = business_day(BERLIN, ms("2030-01-14T10:00:00+01:00"))
    assert opening_ms(BERLIN, WEEK, monday) == (
        (ms("2030-01-14T08:00:00+01:00"), ms("2030-01-14T12:00:00+01:00")),
        (ms("2030-01-14T13:00:00+01:00"), ms("2030-01-14T17:00:00+01:00")),
    )


def test_an_open_zone_is_open_all_day() -> None:
    day = business_day(BERLIN, ms("2030-01-14T10:00:00+01:00"))
    assert opening_ms(BERLIN, Hours(always=True), day) == ((day.from_ms, day.to_ms),)


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        ("2030-01-14T07:00:00+01:00", "2030-01-14T08:00:00+01:00"),
        ("2030-01-14T08:00:00+01:00", "2030-01-14T13:00:00+01:00"),
        ("2030-01-14T17:00:00+01:00", "2030-01-16T08:00:00+01:00"),
        ("2030-01-16T12:00:00+01:00", "2030-01-19T10:00:00+01:00"),
        ("2030-01-19T12:00:00+01:00", "2030-01-23T08:00:00+01:00"),
    ],
    ids=["same day", "after the break", "another day", "an extra day", "over a holiday"],
)
def test_the_next_opening_is_found(after: str, opens: str) -> None:
    assert next_opening_ms(BERLIN, WEEK, ms(after)) == ms(opens)


def test_a_zone_that_never_opens_has_no_next_opening() -> None:
    assert next_opening_ms(BERLIN, Hours(), ms("2030-01-14T07:00:00+01:00")) is None


def test_the_closing_is_that_of_the_interval() -> None:
    assert closing_ms(BERLIN, WEEK, ms("2030-01-14T09:00:00+01:00")) == ms("2030-01-14T12:00:00+01:00")
    assert closing_ms(BERLIN, WEEK, ms("2030-01-14T12:00:00+01:00")) is None
    assert closing_ms(BERLIN, Hours(always=True), ms("2030-01-14T12:00:00+01:00")) is None


def test_local_times_carry_their_offset() -> None:
    assert iso(BERLIN, ms("2030-07-01T10:00:00+00:00")) == "2030-07-01T12:00:00.000+02:00"
    assert local_time(BERLIN, 0).utcoffset() == timedelta(hours=1)


def test_a_time_that_happens_twice_is_the_first() -> None:
    twice = local_ms(BERLIN, date(2030, 10, 27), time(2, 30))
    assert datetime.fromtimestamp(twice / 1000, UTC).isoformat() == "2030-10-27T00:30:00+00:00"
