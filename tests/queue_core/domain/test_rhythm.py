"""When it is best to come: the shortest usual wait that still lies ahead, within opening hours."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from queue_core.domain.calendar import local_time
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Hours, Interval
from queue_core.domain.rhythm import Best, DayWaits, Rhythm, Usual, quarter_of
from tests.support.zones import NEW, SHORT, zone

MONDAY = 0
RHYTHM = Rhythm(
    "2030-01-18",
    {
        NEW: {
            MONDAY: {
                28: Usual(9, 0, 10, 20),
                36: Usual(9, 60, 300, 900),
                37: Usual(9, 60, 240, 900),
                44: Usual(9, 60, 240, 900),
                47: Usual(9, 60, 600, 900),
            }
        }
    },
)
HOURS = Hours(week={"mon": (Interval(time(8), time(12)),)}, closed_on=frozenset({date(2030, 1, 28)}))
BERLIN = zone(hours=HOURS)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def best_at(text: str, service: ServiceId = NEW) -> str | None:
    best = RHYTHM.best_ahead(BERLIN, service, ms(text))
    return f"{local_time(BERLIN, best.at_ms):%H:%M}" if best else None


def test_the_best_quarter_is_the_one_with_the_shortest_usual_wait_and_of_equals_the_first() -> None:
    assert RHYTHM.best(NEW, MONDAY) == 28
    assert RHYTHM.best(NEW, MONDAY, from_quarter=30) == 37
    assert RHYTHM.best(NEW, MONDAY, from_quarter=38, within=range(32, 44)) is None
    assert RHYTHM.best(NEW, 1) is None
    assert RHYTHM.best(SHORT, MONDAY) is None


@pytest.mark.parametrize(
    ("now", "best"),
    [
        ("2030-01-21T06:00:00+01:00", "09:15"),
        ("2030-01-21T09:15:00+01:00", "09:15"),
        ("2030-01-21T09:15:01+01:00", "11:00"),
        ("2030-01-21T11:30:00+01:00", "11:45"),
        ("2030-01-21T11:46:00+01:00", None),
        ("2030-01-22T06:00:00+01:00", None),
        ("2030-01-28T06:00:00+01:00", None),
    ],
)
def test_what_is_best_lies_ahead_and_inside_opening_hours(now: str, best: str | None) -> None:
    assert best_at(now) == best


def test_of_a_service_without_history_nothing_is_best() -> None:
    assert best_at("2030-01-21T06:00:00+01:00", SHORT) is None


def test_what_is_usual_then_comes_with_it() -> None:
    at = "2030-01-21T11:15:00+01:00"
    assert RHYTHM.best_ahead(BERLIN, NEW, ms(at)) == Best(ms("2030-01-21T11:45:00+01:00"), Usual(9, 60, 600, 900))


def test_on_a_night_that_repeats_an_hour_both_are_its_quarters() -> None:
    rhythm = Rhythm("2030-10-20", {NEW: {6: {9: Usual(3, 0, 100, 200)}}})
    open_always = zone()
    first, second = ms("2030-10-27T02:15:00+02:00"), ms("2030-10-27T02:15:00+01:00")
    assert rhythm.best_ahead(open_always, NEW, ms("2030-10-26T22:00:00+02:00")) == Best(first, Usual(3, 0, 100, 200))
    assert rhythm.best_ahead(open_always, NEW, first + 1) == Best(second, Usual(3, 0, 100, 200))


def test_on_a_night_that_skips_an_hour_its_quarters_do_not_come() -> None:
    rhythm = Rhythm("2030-03-24", {NEW: {6: {9: Usual(3, 0, 100, 200), 13: Usual(3, 0, 300, 400)}}})
    best = rhythm.best_ahead(zone(), NEW, ms("2030-03-30T22:00:00+01:00"))
    assert best == Best(ms("2030-03-31T03:15:00+02:00"), Usual(3, 0, 300, 400))


def test_quarters_are_those_of_the_local_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert [quarter_of(datetime(2030, 1, 1, h, m, tzinfo=berlin)) for h, m in ((0, 0), (9, 44), (23, 59))] == [
        0,
        38,
        95,
    ]


def test_rhythm_and_waits_survive_json() -> None:
    assert Rhythm.from_json(RHYTHM.to_json()) == RHYTHM
    waits = DayWaits("2030-01-21", {NEW: {36: (0, 3, 90), 97: (1,)}})
    assert DayWaits.from_json(waits.to_json()) == waits
