from dataclasses import replace

import numpy as np

from queue_core.domain.model import ClassId, Counter, CounterId, CounterState, ServiceId
from queue_core.domain.office import VisitorClass
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.keys import PINNED, UNSERVED
from tests.support.houses import NOW_MS, house, snapshot, ticket
from tests.support.offices import office

ZONE = office({"a": 5, "b": 5}, [("a",), ("b", "a")], offsets_s={"b": 2})


def test_counters_are_those_of_the_zone_that_are_there_open_or_not() -> None:
    state = snapshot(ZONE, [])
    state.counters = {
        CounterId("2"): Counter(CounterId("2"), CounterState.PAUSED, since_ms=NOW_MS - 5000),
        CounterId("gone"): Counter(CounterId("gone"), CounterState.OPEN),
    }
    assert [c.id for c in House.of(ZONE, state, NOW_MS).counters] == ["2"]


def test_offsets_say_whom_each_counter_calls_and_how_late() -> None:
    """Columns: services, pins of each counter, pins of counters that are not there."""
    two_s = 2000 << 16
    assert house(ZONE, []).offsets.tolist() == [
        [0, UNSERVED, PINNED, UNSERVED, UNSERVED],
        [0, two_s, UNSERVED, PINNED, UNSERVED],
    ]


def test_a_service_that_the_zone_no_longer_has_is_in_the_house_and_nobody_serves_it() -> None:
    in_the_house = house(ZONE, [ticket(1, "old")], ["a", "older"])
    assert in_the_house.services == ("a", "b", "older", "old")
    assert (in_the_house.offsets[:, 2:4] == UNSERVED).all()


def test_people_are_those_who_wait_then_a_probe_of_the_usual_class_for_each_service() -> None:
    in_the_house = house(ZONE, [ticket(7, "b", 90, visitor_class="priority"), ticket(3, "a", 30)])
    assert [(p.service, p.visitor_class, p.since_s) for p in in_the_house.people] == [
        ("b", "priority", -90),
        ("a", "default", -30),
        ("a", "default", 0),
        ("b", "default", 0),
    ]
    assert in_the_house.awaited == 4


def test_an_appointment_whose_time_is_to_come_has_not_begun_to_wait() -> None:
    assert house(ZONE, [ticket(1, "a", since_s=-300, not_before_s=100)]).people[0].since_s == 0


def test_seeds_are_the_same_at_every_run_and_differ_between_people() -> None:
    first = house(ZONE, [ticket(7, "b"), ticket(3, "a")])
    later = house(ZONE, [ticket(3, "a"), ticket(9, "a")])
    assert first.people[1].seed == later.people[0].seed == 3
    assert [p.seed for p in first.people[2:]] == [p.seed for p in later.people[2:]]
    assert len({p.seed for p in (*first.people, *later.people)}) == 5


def test_those_who_may_be_called_stand_in_one_line_a_queue_with_the_probe_by_its_rank() -> None:
    tickets = [ticket(2, "a", 50), ticket(1, "a", 50), ticket(3, "a", 90, pin=CounterId("2")), ticket(4, "b", -10)]
    lines = {(line.queue, line.falls_to): line.people.tolist() for line in house(ZONE, tickets).lines}
    assert lines == {(0, -1): [1, 0, 4], (1, -1): [5, 3], (3, 0): [2]}


def test_the_probe_has_the_head_start_of_its_class() -> None:
    usual = VisitorClass(ClassId("default"), {"de": "Alle"}, head_start_s=100)
    zone = replace(ZONE, classes={usual.id: usual})
    assert house(zone, [ticket(1, "a", 99), ticket(2, "a", 101)]).lines[0].people.tolist() == [1, 2, 0]


def test_in_every_line_both_times_ascend() -> None:
    rng = np.random.default_rng(5)
    times_s = rng.integers(1, 50, (40, 2))
    tickets = [ticket(n, "a", rank_s=-int(r), not_before_s=int(s)) for n, (r, s) in enumerate(times_s)]
    in_the_house = house(ZONE, tickets, ())
    assert sorted(p for line in in_the_house.lines for p in line.people.tolist()) == list(range(40))
    for line in in_the_house.lines:
        assert (np.diff(line.keys) > 0).all()
        assert (np.diff(line.ready_s) >= 0).all()


def test_appointments_in_order_stand_in_one_line() -> None:
    tickets = [ticket(n, "a", rank_s=60 * n, not_before_s=60 * n) for n in range(1, 9)]
    assert len(house(ZONE, tickets, ["b"]).lines) == 2


def test_an_empty_house_has_its_probes_only() -> None:
    in_the_house = house(ZONE, [])
    assert in_the_house.waiting == ()
    assert in_the_house.probes == (ServiceId("a"), ServiceId("b"))
