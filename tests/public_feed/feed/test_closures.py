"""What is closed or open at other hours: by the calendar of hand-made weeks, and as it happens today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from public_feed.feed.closures import AHEAD_DAYS, notices, stops
from public_feed.feed.documents import Status
from queue_core.domain.office import Hours, Interval, Zone
from tests.support.zones import NEW, zone

MONDAY = date(2026, 3, 2)
MORNING = (Interval(time(8), time(12, 30)),)
WEEK: Mapping[str, tuple[Interval, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), MORNING)


def hall(**hours: Any) -> Zone:
    return zone(hours=Hours(week=WEEK, **hours))


def titles(place: Zone, language: str = "en") -> list[str]:
    return [notice.title for notice in notices(place, MONDAY, language)]


def test_a_usual_week_is_no_news() -> None:
    assert titles(hall()) == titles(zone(hours=Hours(always=True))) == []


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"closed_on": frozenset({MONDAY})}, ["Hall: closed on Monday, March 2, 2026"]),
        ({"closed_on": frozenset({MONDAY - timedelta(1), MONDAY + timedelta(6)})}, []),
        ({"extra": {MONDAY: ()}}, ["Hall: closed on Monday, March 2, 2026"]),
        ({"extra": {MONDAY: MORNING}}, []),
        (
            {"extra": {MONDAY: (Interval(time(8), time(11)),)}},
            ["Hall: other opening hours on Monday, March 2, 2026: 08:00–11:00"],
        ),
        ({"closed_on": frozenset({MONDAY + timedelta(days=AHEAD_DAYS)})}, []),
    ],
    ids=["a holiday", "closed anyway", "closed for once", "as always", "an early close", "too far ahead"],
)
def test_a_day_is_told_where_it_is_not_as_usual(hours: dict[str, Any], told: list[str]) -> None:
    assert titles(hall(**hours)) == told


def test_in_german_the_same_notice_has_the_same_id() -> None:
    place = hall(closed_on=frozenset({MONDAY}))
    (german,), (english,) = notices(place, MONDAY, "de"), notices(place, MONDAY, "en")
    assert german.title == "Hall: geschlossen am Montag, 2. März 2026"
    assert (german.about, german.since_ms) == (english.about, english.since_ms)


def test_a_notice_stays_the_same_from_day_to_day_until_it_says_something_else() -> None:
    day = MONDAY + timedelta(days=7)
    closed, short = hall(closed_on=frozenset({day})), hall(extra={day: (Interval(time(8), time(11)),)})
    first, later = [next(notices(closed, MONDAY + timedelta(days=n), "en")) for n in (0, 3)]
    assert (first.about, first.since_ms) == (later.about, later.since_ms)
    assert next(notices(short, MONDAY, "en")).about != first.about


def test_a_service_with_hours_of_its_own_is_told_by_its_name() -> None:
    place = hall()
    own = Hours(week=WEEK, closed_on=frozenset({MONDAY}))
    services = {**place.services, NEW: replace(place.services[NEW], hours=own)}
    assert titles(zone(hours=place.hours, services=services)) == ["Hall, New: closed on Monday, March 2, 2026"]


def test_a_ticket_stop_is_told_since_when() -> None:
    (told,) = stops(zone(), {NEW: Status.STOPPED}, {NEW: 123}, MONDAY, "en")
    assert (told.title, told.since_ms) == ("Hall, New: no numbers are given out at the moment", 123)
    (full,) = stops(zone(), {NEW: Status.FULL}, {}, MONDAY, "en")
    assert full.title == "Hall, New: all numbers of today are given out"
    assert full.about != told.about
