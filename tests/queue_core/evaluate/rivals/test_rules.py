"""Each rule against a case worked out by hand: five minutes a visit as configured, unless it is said otherwise."""

from dataclasses import replace

import pytest

from queue_core.domain.commands import CallNext, CloseCounter, Finish, OpenCounter, PauseCounter
from queue_core.domain.model import ClassId, TicketId
from queue_core.domain.office import Zone
from queue_core.evaluate.rivals.ahead import PeopleAhead, TypedAverage
from queue_core.evaluate.rivals.history import HeadOfLine, LastToEnter
from queue_core.evaluate.rivals.rule import Rule
from tests.queue_core.evaluate.days import NINE_MS, ONE, T1, T2, T3, TWO, A, B, Steps, draw, log
from tests.support.offices import office

TWO_COUNTERS = office({"a": 5}, [("a",), ("a",)])
SHARED = office({"a": 5, "b": 10}, [("a",), ("a", "b")])
PRIORITY = ClassId("priority")


def shown(rule: type[Rule], steps: Steps, zone: Zone = TWO_COUNTERS) -> tuple[Rule, int]:
    """The rule after these steps, and when they are over."""
    method, events = rule(zone), log(steps, zone)
    for event in events:
        method.observe(event)
    return method, events[-1].at_ms


def wait_s(rule: type[Rule], steps: Steps, ticket: TicketId = T3, zone: Zone = TWO_COUNTERS) -> int | None:
    method, now_ms = shown(rule, steps, zone)
    told = method.forecast(now_ms).tickets[ticket]
    return told.p50_s if told else None


QUEUE_OF_THREE = ((0, OpenCounter(ONE)), (0, OpenCounter(TWO)), (0, draw(T1)), (60, draw(T2)), (60, draw(T3)))
ONE_VISIT = (
    (0, OpenCounter(ONE)),
    (0, draw(T1)),
    (30, CallNext(ONE)),
    (120, Finish(ONE)),
    (0, draw(T2)),
    (60, draw(T3)),
)


def test_zms_shares_the_typed_minutes_of_those_before_among_the_open_counters() -> None:
    assert wait_s(TypedAverage, QUEUE_OF_THREE) == 2 * 300 / 2


@pytest.mark.parametrize("stop", [PauseCounter(TWO), CloseCounter(TWO)], ids=["paused", "closed"])
def test_zms_does_not_count_counters_that_are_not_open(stop: PauseCounter | CloseCounter) -> None:
    assert wait_s(TypedAverage, [*QUEUE_OF_THREE, (0, stop)]) == 2 * 300


def test_zms_knows_nothing_while_no_counter_is_open() -> None:
    assert wait_s(TypedAverage, [(0, draw(T3))]) is None


def test_work_of_another_service_counts_by_the_share_of_counters_that_it_fills() -> None:
    """`b` is served by counter 2 alone: before somebody for it, half of the work for `a` is done by counter 2."""
    steps = ((0, OpenCounter(ONE)), (0, OpenCounter(TWO)), (0, draw(T1, A)), (0, draw(T2, B)), (0, draw(T3, B)))
    assert wait_s(TypedAverage, steps, T2, SHARED) == 300 / 2
    assert wait_s(TypedAverage, steps, T3, SHARED) == 300 / 2 + 600


def test_people_ahead_learns_its_average_and_does_not_see_who_is_open() -> None:
    """One visit of 120 s; two counters in the office, one of them open."""
    assert wait_s(PeopleAhead, ONE_VISIT) == 120 / 2


def test_the_typed_minutes_stand_in_for_an_average_that_nobody_has() -> None:
    assert wait_s(PeopleAhead, QUEUE_OF_THREE) == 2 * 300 / 2


def test_les_says_how_long_the_last_one_waited_less_what_has_passed() -> None:
    assert wait_s(LastToEnter, ONE_VISIT, T3) == 30
    assert wait_s(LastToEnter, [*ONE_VISIT, (20, draw(TicketId("t4")))], T3) == 10
    assert wait_s(LastToEnter, [*ONE_VISIT, (90, draw(TicketId("t4")))], T3) == 0


def test_les_knows_nothing_before_the_first_call_of_the_day() -> None:
    method, now_ms = shown(LastToEnter, ONE_VISIT)
    method.end_day()
    assert method.forecast(now_ms).tickets[T3] is None
    assert wait_s(LastToEnter, QUEUE_OF_THREE) is None


def test_les_keeps_classes_apart() -> None:
    steps = (
        *ONE_VISIT,
        (0, CallNext(ONE)),
        (60, Finish(ONE)),
        (0, draw(TicketId("t4"), A, PRIORITY)),
        (0, CallNext(ONE)),
    )
    assert wait_s(LastToEnter, [*steps, (0, draw(TicketId("t5"), A, PRIORITY))], TicketId("t5")) == 0
    assert wait_s(LastToEnter, [*steps, (0, draw(TicketId("t6")))], TicketId("t6")) == 60


def test_hol_says_how_long_the_first_in_line_has_waited_already() -> None:
    """T1 has waited for two minutes when T3 draws."""
    assert wait_s(HeadOfLine, QUEUE_OF_THREE, T3) == 120


def test_hol_promises_no_wait_where_nobody_stands_before() -> None:
    assert wait_s(HeadOfLine, QUEUE_OF_THREE, T1) == 0


@pytest.mark.parametrize("rule", [PeopleAhead, TypedAverage, LastToEnter, HeadOfLine], ids=lambda rule: rule.name)
def test_a_newcomer_of_each_service_is_told_what_the_next_ticket_would_be(rule: type[Rule]) -> None:
    steps = (*ONE_VISIT, (60, CallNext(ONE)))
    method, now_ms = shown(rule, steps)
    asked = method.forecast(now_ms).services[A]
    newcomer = TicketId("t9")
    assert asked is not None
    assert asked.p50_s == wait_s(rule, [*steps, (0, draw(newcomer))], newcomer)


def test_nobody_is_told_to_come_before_they_may_be_called() -> None:
    method, now_ms = shown(TypedAverage, QUEUE_OF_THREE)
    method.state.tickets[T1] = replace(method.state.tickets[T1], not_before_ms=now_ms + 900_000)
    told = method.forecast(now_ms).tickets[T1]
    assert told is not None
    assert told.p50_s == 900


def test_times_of_the_log_are_those_of_the_forecast() -> None:
    method, now_ms = shown(HeadOfLine, QUEUE_OF_THREE)
    assert now_ms == NINE_MS + 120_000
    assert method.forecast(now_ms).at_ms == now_ms
