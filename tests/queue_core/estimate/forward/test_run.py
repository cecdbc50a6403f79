"""Small queues whose every call can be told in advance."""

from collections.abc import Sequence

import numpy as np
import pytest

from queue_core.domain.model import ClassId, CounterId, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.estimate.forward.chances import Coming
from queue_core.estimate.forward.run import run, slices
from tests.support.fixed_chances import FixedChances
from tests.support.houses import house, ticket
from tests.support.offices import office

NEVER = float("inf")
ONE_COUNTER = office({"a": 5}, [("a",)])
TWO_COUNTERS = office({"a": 5}, [("a",), ("a",)])
TWO_SERVICES = office({"a": 5, "b": 5}, [("a",), ("a", "b")])
MINUTE_S = 60.0


def called(zone: Zone, tickets: Sequence[Ticket], chances: FixedChances | None = None) -> list[float]:
    calls = run(house(zone, tickets, ()), chances or FixedChances())
    return [float(at_s) for at_s in calls.called_s[0]]


def probed(zone: Zone, tickets: Sequence[Ticket], chances: FixedChances | None = None) -> dict[str, float]:
    calls = run(house(zone, tickets), chances or FixedChances())
    return dict(zip(calls.services, calls.called_s[0, len(tickets) :].tolist(), strict=True))


def stream(service: str, *people: tuple[float, float]) -> Coming:
    callable_s, rank_s = np.array(people, float).reshape(-1, 2).T
    return Coming(ServiceId(service), ClassId("priority"), callable_s[np.newaxis], rank_s[np.newaxis])


def test_one_counter_calls_one_after_another() -> None:
    assert called(ONE_COUNTER, [ticket(n, "a") for n in range(3)]) == [0, 60, 120]


def test_two_counters_share_the_line() -> None:
    assert called(TWO_COUNTERS, [ticket(n, "a") for n in range(4)], FixedChances(free=[10, 30])) == [10, 30, 70, 90]


def test_each_visit_takes_its_own_time() -> None:
    lengths_s = np.array([[100.0, 20.0, 30.0, 0.0]])
    chances = FixedChances(lengths_s=lengths_s, free=[0, 50])
    assert called(TWO_COUNTERS, [ticket(n, "a") for n in range(4)], chances) == [0, 50, 70, 100]


def test_a_class_with_a_head_start_is_called_first_and_ties_keep_the_order_of_drawing() -> None:
    tickets = [ticket(1, "a", 300), ticket(2, "a", 10, rank_s=-1210), ticket(3, "a", 300), ticket(4, "a", 1000)]
    assert called(ONE_COUNTER, tickets) == [120, 0, 180, 60]


def test_ties_keep_the_order_of_drawing_at_any_distance() -> None:
    tickets = [ticket(2 - n, "a", rank_s=-(10**9)) for n in range(3)]
    assert called(ONE_COUNTER, tickets) == [120, 60, 0]


def test_a_counter_calls_only_whom_it_serves() -> None:
    assert called(TWO_SERVICES, [ticket(1, "b", 90), ticket(2, "b"), ticket(3, "a", 30)]) == [0, 60, 0]


def test_an_offset_puts_a_service_later_at_its_counter() -> None:
    zone = office({"a": 5, "b": 5}, [("a", "b")], offsets_s={"b": 100})
    tickets = [ticket(1, "b", 150), ticket(2, "a", 60), ticket(3, "a", 40)]
    assert called(zone, tickets) == [60, 0, 120]


def test_nobody_is_called_before_they_may_be() -> None:
    tickets = [ticket(1, "a", 500, not_before_s=90), ticket(2, "a"), ticket(3, "a", 30), ticket(4, "a", 10)]
    assert called(ONE_COUNTER, tickets) == [120, 0, 60, 180]


def test_a_counter_without_work_calls_at_the_moment_when_somebody_may_be_called() -> None:
    assert called(ONE_COUNTER, [ticket(1, "a", not_before_s=600), ticket(2, "a", not_before_s=90)]) == [600, 90]


def test_who_stands_behind_one_who_may_be_called_need_not_be_called_yet() -> None:
    assert called(ONE_COUNTER, [ticket(1, "a"), ticket(2, "a", 0, not_before_s=500)]) == [0, 500]


def test_of_those_who_may_be_called_later_the_rank_decides() -> None:
    """The second may be called later, but then comes first."""
    tickets = [ticket(1, "a", not_before_s=10), ticket(2, "a", 600, not_before_s=20), ticket(3, "a", not_before_s=30)]
    assert called(ONE_COUNTER, tickets, FixedChances(free=[25])) == [85, 25, 145]


def test_pinned_people_come_first_at_their_counter_and_nowhere_else() -> None:
    tickets = [ticket(1, "b", 900), ticket(2, "b", 30, pin=CounterId("2")), ticket(3, "a", 5, pin=CounterId("2"))]
    assert called(TWO_SERVICES, tickets) == [120, 0, 60]


def test_a_pin_may_name_a_counter_that_does_not_serve() -> None:
    assert called(TWO_SERVICES, [ticket(1, "b", pin=CounterId("1"))], FixedChances(free=[40, 0])) == [40]


def test_pinned_people_wait_for_their_counter() -> None:
    assert called(TWO_COUNTERS, [ticket(1, "a", pin=CounterId("2"))], FixedChances(free=[0, NEVER])) == [NEVER]
    assert called(TWO_COUNTERS, [ticket(1, "a", pin=CounterId("gone"))]) == [NEVER]


def test_a_pin_falls_when_its_counter_closes_for_good() -> None:
    tickets = [ticket(n, "a", 100 - n, pin=CounterId("2")) for n in range(3)] + [ticket(3, "a", 200)]
    chances = FixedChances(away=[[], [(60, NEVER)]])
    assert called(TWO_COUNTERS, tickets, chances) == [0, 60, 120, 0]


def test_a_fallen_pin_has_its_old_rank() -> None:
    tickets = [ticket(1, "a", 50, pin=CounterId("2")), *(ticket(n, "a", 60 - n) for n in range(2, 5))]
    chances = FixedChances(free=[0, 0], away=[[], [(0, NEVER)]])
    assert called(TWO_COUNTERS, tickets, chances) == [180, 0, 60, 120]


def test_a_counter_does_not_call_in_its_break_and_finishes_what_runs() -> None:
    tickets = [ticket(n, "a") for n in range(3)]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(30, 100)]])) == [0, 100, 160]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(60, 100), (100, 130), (150, 160)]])) == [0, 130, 190]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(30, 50)]])) == [0, 60, 120]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(0, 50)]])) == [50, 110, 170]


def test_nobody_is_called_after_the_last_counter_has_closed() -> None:
    assert called(ONE_COUNTER, [ticket(n, "a") for n in range(3)], FixedChances(away=[[(90, NEVER)]])) == [0, 60, NEVER]


def test_a_counter_that_waits_for_somebody_may_go_into_its_break_meanwhile() -> None:
    tickets = [ticket(1, "a", not_before_s=50)]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(20, 80)]])) == [80]
    assert called(ONE_COUNTER, tickets, FixedChances(away=[[(20, 40)]])) == [50]


def test_who_leaves_takes_no_time_and_is_told_when_the_call_would_have_come() -> None:
    tickets = [ticket(n, "a") for n in range(4)]
    assert called(ONE_COUNTER, tickets, FixedChances(leaves=[NEVER, 59, 60, NEVER])) == [0, 60, 60, 60]


def test_people_who_come_overtake_by_their_rank() -> None:
    waiting = [ticket(n, "a", 100 - n) for n in range(3)]
    chances = FixedChances(streams=[stream("a", (30, -1000), (200, -900))])
    assert called(ONE_COUNTER, waiting, chances) == [0, 120, 180]


def test_people_who_come_and_have_no_head_start_do_not_overtake() -> None:
    chances = FixedChances(streams=[stream("a", (0, 0), (1, 1))])
    assert called(ONE_COUNTER, [ticket(n, "a") for n in range(3)], chances) == [0, 60, 120]


def test_of_people_who_come_the_rank_decides_among_those_who_are_there() -> None:
    """All three are there at 60: the last in the stream is called first, and the first only after the ticket."""
    chances = FixedChances(streams=[stream("a", (10, -20), (20, -200), (30, -300))])
    assert called(ONE_COUNTER, [ticket(1, "a", 500), ticket(2, "a", 100)], chances) == [0, 180]
    assert [c.person for c in chances.asked] == [0, 4, 3, 1]


def test_replicates_have_streams_of_their_own() -> None:
    coming = Coming(
        ServiceId("a"), ClassId("priority"), np.array([[10, NEVER], [10, 20]]), np.array([[-1000, 0], [-1000.0, -900]])
    )
    calls = run(house(ONE_COUNTER, [ticket(1, "a", 100), ticket(2, "a")], ()), FixedChances(2, streams=[coming]))
    assert calls.called_s.tolist() == [[0, 120], [0, 180]]


def test_people_who_come_are_numbered_behind_the_probes() -> None:
    chances = FixedChances(streams=[stream("b", (0, -9), (50, -8)), stream("a", (5, -500))])
    run(house(TWO_SERVICES, [ticket(1, "a")]), chances)
    assert [(p.service, p.visitor_class) for p in chances.people[3:]] == [
        ("b", "priority"),
        ("b", "priority"),
        ("a", "priority"),
    ]
    assert len({p.seed for p in chances.people}) == 6


def test_somebody_sent_on_keeps_the_rank() -> None:
    chances = FixedChances(back={(0, 0): (1, 90.0)}, free=[0, NEVER])
    tickets = [ticket(n, "a", 100 - n) for n in range(2)]
    zone = office({"a": 5, "b": 5}, [("a", "b"), ("b",)])
    assert called(zone, [*tickets, ticket(2, "b", 50), ticket(3, "b", 40)], chances) == [0, 60, 180, 240]
    assert [(c.person, c.at_s) for c in chances.asked] == [(0, 0), (1, 60), (4, 120), (2, 180), (3, 240)]


def test_nobody_is_asked_twice_whether_they_come_back_and_probes_and_those_who_have_gone_never() -> None:
    chances = FixedChances(back={(0, 0): (0, 0.0)}, leaves=[NEVER, 0, NEVER])
    run(house(ONE_COUNTER, [ticket(n, "a") for n in range(3)]), chances)
    assert chances.asked_again == [0, 2]


@pytest.mark.parametrize("breaks", [[], [(75.0, 80.0)], [(2000.0, 2100.0)]], ids=["no break", "a break", "later"])
def test_somebody_sent_on_wakes_a_counter_that_waits(breaks: list[tuple[float, float]]) -> None:
    zone = office({"a": 5, "b": 5}, [("a",), ("b",)])
    chances = FixedChances(back={(0, 0): (1, 70.0)}, away=[[], breaks])
    late = ticket(2, "b", not_before_s=1000)
    assert called(zone, [ticket(1, "a"), late], chances) == [0, 1000]
    assert [(c.counter, c.person, c.at_s) for c in chances.asked] == [(0, 0, 0), (1, 2, 70), (1, 1, 1000)]


def test_many_may_be_sent_on_at_once() -> None:
    n = 20
    chances = FixedChances(back={(0, person): (0, 2000.0) for person in range(n)})
    tickets = [*(ticket(k, "a", 100 - k) for k in range(n)), ticket(n, "a", not_before_s=5000)]
    called(ONE_COUNTER, tickets, chances)
    assert [c.person for c in chances.asked] == [*range(n), *range(n + 1, 2 * n + 1), n]


def test_a_probe_is_called_behind_all_of_its_rank_and_takes_nobodys_time() -> None:
    tickets = [ticket(1, "a", 0), ticket(2, "b", 5)]
    assert probed(TWO_SERVICES, tickets, FixedChances(free=[NEVER, 0])) == {"a": 120, "b": 120}
    assert called(TWO_SERVICES, tickets, FixedChances(free=[NEVER, 0])) == [60, 0]


def test_a_probe_does_not_wait_behind_who_may_not_be_called_yet() -> None:
    assert probed(ONE_COUNTER, [ticket(1, "a", not_before_s=30)]) == {"a": 0}


def test_a_house_without_people_answers_its_probes() -> None:
    assert probed(TWO_SERVICES, [], FixedChances(free=[20, 90])) == {"a": 20, "b": 90}


def test_where_no_counter_ever_calls_nobody_is_called() -> None:
    assert called(ONE_COUNTER, [ticket(1, "a")], FixedChances(free=[NEVER])) == [NEVER]
    assert called(office({"a": 5, "b": 5}, [("b",)]), [ticket(1, "a")]) == [NEVER]
    assert called(office({"a": 5}, []), [ticket(1, "a")]) == [NEVER]


def test_a_house_without_anybody_has_no_calls() -> None:
    assert run(house(ONE_COUNTER, [], ()), FixedChances(3)).called_s.shape == (3, 0)


@pytest.mark.parametrize("length_s", [-1.0, float("nan")], ids=["negative", "no number"])
def test_a_visit_of_no_possible_length_is_refused(length_s: float) -> None:
    with pytest.raises(ValueError, match="length of a visit"):
        called(ONE_COUNTER, [ticket(1, "a")], FixedChances(lengths_s=length_s))


def test_the_run_lets_others_work_in_between() -> None:
    in_the_house = house(ONE_COUNTER, [ticket(n, "a") for n in range(100)])
    assert sum(1 for _ in slices(in_the_house, FixedChances(200))) > 5


def test_counters_that_are_free_at_once_are_first_equally_often() -> None:
    replicates = 4000
    chances = FixedChances(replicates)
    run(house(TWO_COUNTERS, [ticket(1, "a")], ()), chances)
    first = np.mean([c.counter for c in chances.asked])
    assert abs(first - 0.5) < 4 * 0.5 / replicates**0.5


def test_the_same_chances_give_the_same_calls() -> None:
    lengths_s = np.random.default_rng(3).exponential(60, (50, 20))
    in_the_house = house(TWO_COUNTERS, [ticket(n, "a") for n in range(18)])
    once, again = (run(in_the_house, FixedChances(50, lengths_s)).called_s for _ in range(2))
    assert np.array_equal(once, again)
