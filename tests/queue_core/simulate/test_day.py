from dataclasses import replace
from datetime import date, time

import pytest

from queue_core.domain.calendar import BusinessDay, business_day, local_ms, local_time
from queue_core.domain.office import Hours, Zone
from queue_core.simulate.day import OfficeDay, draw, next_start_ms, working_ms
from queue_core.simulate.habits import DEMO
from queue_core.simulate.visits import Shows
from tests.support.offices import office, town_hall

MONDAY, SATURDAY = date(2030, 1, 7), date(2030, 1, 12)
HALL = town_hall()


def on(day: date, zone: Zone = HALL) -> BusinessDay:
    return business_day(zone, local_ms(zone, day, time(12)))


def drawn(seed: int = 1, day: date = MONDAY, zone: Zone = HALL) -> OfficeDay:
    found = draw(zone, on(day, zone), seed)
    assert found is not None
    return found


def test_one_seed_gives_one_day() -> None:
    assert drawn() == drawn()


def test_other_seeds_and_other_dates_give_other_days() -> None:
    assert drawn().visits != drawn(seed=2).visits
    assert drawn().visits != drawn(day=date(2030, 1, 8)).visits


def test_closed_day_has_no_visits() -> None:
    assert draw(HALL, on(SATURDAY), 1) is None


def test_people_draw_only_while_it_is_open() -> None:
    day = drawn()
    assert all(day.opens_ms <= v.at_ms < day.closes_ms for v in day.visits)
    assert local_time(HALL, day.opens_ms).time() == time(8)


def test_zone_that_never_closes_is_played_by_day() -> None:
    zone = office({"a": 5}, [("a",)])
    hours = working_ms(zone, on(SATURDAY, zone))
    assert hours is not None
    assert [local_time(zone, ms).hour for ms in hours] == [8, 18]


def test_all_kinds_of_visitors_come() -> None:
    visits = [v for seed in range(5) for v in drawn(seed).visits]
    assert {v.shows for v in visits} == set(Shows)
    assert {v.service for v in visits} == set(HALL.services)
    assert {v.visitor_class for v in visits} == set(HALL.classes)
    assert any(v.parked_s for v in visits)
    assert any(v.then for v in visits)
    assert all(v.then != v.service for v in visits)


def test_counters_are_asked_for_a_little_less_than_they_can_do() -> None:
    """At the peak, over many days: the work that comes in an hour against the counters' hours."""
    days = [drawn(seed) for seed in range(40)]
    asked_s = 0.0
    for day in days:
        length_ms = day.closes_ms - day.opens_ms
        from_ms, to_ms = (day.opens_ms + share * length_ms for share in (0.1, 0.3))
        asked_s += sum(DEMO.occupation_s(day.means_s[v.service]) for v in day.visits if from_ms <= v.at_ms < to_ms)
    offered_s = 0.2 * 8 * 3600 * len(HALL.counters) * len(days)
    assert asked_s / offered_s == pytest.approx(DEMO.demand.load, rel=0.06)


def test_clerks_take_their_breaks_in_turn() -> None:
    lunches = sorted(shift.breaks_ms[1] for shift in drawn().shifts)
    assert lunches[-1][0] - lunches[0][0] > 30 * 60_000
    assert all(to - since == 30 * 60_000 for since, to in lunches)


def test_every_fourth_works_part_time_where_others_do_the_same_work() -> None:
    shifts = drawn().shifts
    assert [n for n, shift in enumerate(shifts, start=1) if not shift.stays] == [4, 8]
    alone = office({"a": 5, "b": 5}, [("a",), ("a",), ("a",), ("b",)])
    assert all(shift.stays for shift in drawn(zone=alone).shifts)


def test_day_starts_a_little_before_the_next_opening() -> None:
    early = next_start_ms(HALL, local_ms(HALL, MONDAY, time(6)))
    assert early == local_ms(HALL, MONDAY, time(7, 50))
    late = next_start_ms(HALL, local_ms(HALL, date(2030, 1, 11), time(9)))
    assert late == local_ms(HALL, date(2030, 1, 14), time(7, 50))


def test_zone_that_stays_shut_never_starts() -> None:
    zone = office({"a": 5}, [("a",)], opens=time(8), closes=time(16))
    assert next_start_ms(replace(zone, hours=Hours()), local_ms(zone, MONDAY, time(6))) is None
