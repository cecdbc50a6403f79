"""What readers see while forecasts come and go. Times in minutes unless named otherwise."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    CloseCounter,
    Delay,
    Finish,
    Issue,
    OpenCounter,
    PauseCounter,
)
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.estimate.announcer import Announcer
from queue_core.estimate.forecast import Forecast, Later, NoRange, Range
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

NOON_MS = 1_893_927_600_000
A = ServiceId("a")
DEFAULT, PRIORITY = ClassId("default"), ClassId("priority")
ONE, TWO = CounterId("1"), CounterId("2")
FIRST, SECOND = TicketId("t1"), TicketId("t2")
ZONE = office({"a": 5}, [("a",), ("a",)])


def minutes(low: float, middle: float, high: float) -> Range:
    return Range(int(60 * low), int(60 * middle), int(60 * high), "simulation")


def seconds(levels: list[int]) -> Range:
    low, middle, high = levels
    return Range(low, middle, high, "simulation")


class Hall:
    """Two counters, both open, and two who wait; the announcer hears what is forecast at minute after minute."""

    def __init__(self) -> None:
        self.zone = PaperZone(ZONE, NOON_MS)
        self.announcer = Announcer(ZONE)
        for command in (OpenCounter(ONE), OpenCounter(TWO), Issue(A, DEFAULT, FIRST), Issue(A, DEFAULT, SECOND)):
            self.zone.do(command)

    def forecast(self, at: float, ranges: Mapping[TicketId, Range | None], service: Range | None = None) -> Forecast:
        self.zone.now_ms = NOON_MS + int(60_000 * at)
        return Forecast(self.zone.now_ms, self.zone.state.seq, tickets=ranges, services={A: service})

    def tell(self, at: float, *range_: float) -> tuple[int, int, int]:
        """What the first is told when this is forecast of it."""
        said = self.announcer.announce(self.forecast(at, {FIRST: minutes(*range_)}), self.zone.state)
        return in_minutes(said.tickets[FIRST])

    def later(self, at: float, *range_: float) -> Later | None:
        forecast = self.forecast(at, {FIRST: minutes(*range_)})
        return self.announcer.announce(forecast, self.zone.state).later.get(FIRST)


def in_minutes(said: Range | None) -> tuple[int, int, int]:
    assert said is not None
    return round(said.p10_s / 60), round(said.p50_s / 60), round(said.p90_s / 60)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_the_first_announcement_is_the_forecast(hall: Hall) -> None:
    assert hall.tell(0, 10, 20, 30) == (10, 20, 30)


def test_what_is_announced_comes_nearer_as_time_passes(hall: Hall) -> None:
    hall.tell(0, 10, 20, 30)
    assert hall.tell(5, 6, 16, 26) == (5, 15, 25)
    assert hall.tell(12, 2, 9, 17) == (0, 8, 18)


def test_a_median_that_leaves_the_range_is_announced_at_once(hall: Hall) -> None:
    hall.tell(0, 10, 20, 30)
    assert hall.tell(1, 25, 32, 40) == (25, 32, 40)


def test_a_median_that_moves_within_the_range_must_insist(hall: Hall) -> None:
    hall.tell(0, 10, 20, 40)
    assert hall.tell(1, 15, 26, 39) == (9, 19, 39)
    assert hall.tell(2, 15, 26, 38) == (15, 26, 38)


def test_a_move_that_is_taken_back_is_never_told(hall: Hall) -> None:
    hall.tell(0, 10, 20, 40)
    for at in range(1, 8, 2):
        assert hall.tell(at, 15, 27 - at, 40 - at) == (10 - at, 20 - at, 40 - at)
        hall.tell(at + 1, 9 - at, 19 - at, 39 - at)


def test_a_range_that_has_become_narrow_is_told_around_the_announced_time(hall: Hall) -> None:
    hall.tell(0, 10, 30, 60)
    hall.tell(15, 10, 16, 22)
    assert hall.tell(15, 10, 16, 22) == (10, 15, 22)


def test_what_is_overdue_is_announced_anew_at_once(hall: Hall) -> None:
    hall.tell(0, 1, 2, 4)
    assert hall.tell(4, 1, 3, 6) == (1, 3, 6)


def test_null_is_told_at_once_and_forgets_what_was_announced(hall: Hall) -> None:
    hall.tell(0, 10, 20, 30)
    nothing = Forecast(NOON_MS, 1, tickets={FIRST: None}, services={A: None}, reasons={FIRST: NoRange.NO_COUNTER_OPEN})
    said = hall.announcer.announce(nothing, hall.zone.state)
    assert (said.tickets, said.services, said.reasons) == ({FIRST: None}, {A: None}, nothing.reasons)
    assert hall.tell(2, 12, 22, 32) == (12, 22, 32)


def draws_after_a_promise(hall: Hall, visitor_class: ClassId = DEFAULT, after_s: float = 1) -> TicketId:
    """Of 20 minutes, told at noon."""
    hall.announcer.announce(hall.forecast(0, {}, minutes(10, 20, 30)), hall.zone.state)
    hall.zone.now_ms = NOON_MS + int(1000 * after_s)
    hall.zone.do(Issue(A, visitor_class, TicketId("t3")))
    return TicketId("t3")


def told_next(hall: Hall, ticket: TicketId, *range_: float) -> Forecast:
    return hall.announcer.announce(hall.forecast(0.5, {ticket: minutes(*range_)}, minutes(*range_)), hall.zone.state)


def test_ones_own_page_says_what_the_draw_has_said(hall: Hall) -> None:
    ticket = draws_after_a_promise(hall)
    told = told_next(hall, ticket, 9, 18, 28).tickets[ticket]
    assert told == Range(10 * 60 - 29, 20 * 60 - 29, 30 * 60 - 29, "simulation")


def test_what_the_draw_has_said_gives_way_with_a_reason(hall: Hall) -> None:
    ticket = draws_after_a_promise(hall)
    hall.zone.do(CloseCounter(ONE))
    said = told_next(hall, ticket, 28, 40, 55)
    assert in_minutes(said.tickets[ticket]) == (28, 40, 55)
    assert said.later[ticket] is Later.COUNTER_CLOSED


def test_whoever_drew_just_before_has_not_overtaken(hall: Hall) -> None:
    hall.announcer.announce(hall.forecast(0, {}, minutes(0, 1, 2)), hall.zone.state)
    for ticket in (TicketId("t3"), TicketId("t4")):
        hall.zone.now_ms += 10
        hall.zone.do(Issue(A, DEFAULT, ticket))
    assert told_next(hall, TicketId("t4"), 10, 15, 20).later == {TicketId("t4"): Later.SLOWER}


def test_a_promise_of_long_ago_was_not_what_the_draw_has_said(hall: Hall) -> None:
    ticket = draws_after_a_promise(hall, after_s=29)
    assert in_minutes(told_next(hall, ticket, 9, 18, 28).tickets[ticket]) == (9, 18, 28)


def test_another_class_was_promised_nothing(hall: Hall) -> None:
    ticket = draws_after_a_promise(hall, PRIORITY)
    assert in_minutes(told_next(hall, ticket, 9, 18, 28).tickets[ticket]) == (9, 18, 28)


def test_who_stands_behind_is_not_told_to_come_before(hall: Hall) -> None:
    both = {FIRST: minutes(10, 20, 30), SECOND: minutes(12, 24, 36)}
    hall.announcer.announce(hall.forecast(0, both, minutes(14, 28, 40)), hall.zone.state)
    moved = {FIRST: minutes(28, 35, 45), SECOND: minutes(29, 35.9, 46)}
    said = hall.announcer.announce(hall.forecast(0, moved, minutes(29, 36, 47)), hall.zone.state)
    assert in_minutes(said.tickets[FIRST]) == (28, 35, 45)
    assert in_minutes(said.tickets[SECOND]) == (28, 35, 45)
    assert in_minutes(said.services[A]) == (28, 35, 45)


def test_whoever_was_told_more_a_while_ago_is_told_no_more_than_somebody_new_behind(hall: Hall) -> None:
    hall.announcer.announce(hall.forecast(0, {FIRST: minutes(10, 20, 30)}), hall.zone.state)
    both = {FIRST: minutes(9, 18, 26), SECOND: minutes(10, 19, 28)}
    said = hall.announcer.announce(hall.forecast(0, both), hall.zone.state)
    assert in_minutes(said.tickets[FIRST]) == (10, 19, 28)
    assert in_minutes(said.tickets[SECOND]) == (10, 19, 28)
    assert said.later == {}


def test_if_you_came_now_is_steadied_as_a_wait(hall: Hall) -> None:
    def tell(at: float, *range_: float) -> tuple[int, int, int]:
        forecast = hall.forecast(at, {}, minutes(*range_))
        return in_minutes(hall.announcer.announce(forecast, hall.zone.state).services[A])

    assert tell(0, 10, 20, 30) == (10, 20, 30)
    assert tell(9, 11, 21, 31) == (10, 20, 30)
    assert tell(10, 14, 26, 36) == (10, 20, 30)
    assert tell(10, 14, 26, 36) == (14, 26, 36)
    assert tell(20, 0, 0, 0) == (0, 0, 0)


def test_a_counter_that_closed_is_the_reason(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    hall.zone.do(CloseCounter(TWO))
    assert hall.later(1, 20, 30, 40) is Later.COUNTER_CLOSED


def test_a_counter_that_pauses_is_the_reason(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    hall.zone.do(PauseCounter(TWO))
    assert hall.later(1, 20, 30, 40) is Later.COUNTER_PAUSED


def test_a_counter_that_closed_before_the_announcement_is_not(hall: Hall) -> None:
    hall.zone.do(CloseCounter(TWO))
    hall.tell(0, 10, 15, 20)
    assert hall.later(1, 20, 30, 40) is Later.SLOWER


def test_somebody_who_came_later_and_stands_before_is_the_reason(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    hall.zone.do(Issue(A, PRIORITY, TicketId("t3")))
    assert hall.later(1, 20, 30, 40) is Later.OVERTAKEN


def test_somebody_behind_who_was_called_and_has_gone_is_the_reason(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    hall.zone.now_ms += 1000
    hall.zone.do(CallTicket(SECOND, ONE, pick=True))
    hall.tell(1, 11, 15, 20)
    hall.zone.do(Finish(ONE))
    assert hall.later(2, 20, 30, 40) is Later.OVERTAKEN


def test_without_anything_else_it_has_become_slower(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    assert hall.later(1, 20, 30, 40) is Later.SLOWER


def test_who_asked_for_more_time_is_not_told_that_it_has_become_longer(hall: Hall) -> None:
    hall.tell(0, 1, 2, 3)
    hall.zone.do(Delay(FIRST))
    assert hall.later(0, 10, 11, 13) is None
    assert hall.later(1, 20, 30, 40) is Later.SLOWER


def test_a_reason_is_told_until_the_next_announcement(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    hall.later(1, 20, 30, 40)
    assert hall.later(2, 20, 30, 40) is Later.SLOWER
    assert hall.later(3, 2, 5, 8) is None


def test_a_call_that_comes_sooner_needs_no_reason(hall: Hall) -> None:
    hall.tell(0, 10, 15, 20)
    assert hall.later(1, 2, 5, 8) is None


def test_who_has_been_called_since_the_forecast_is_passed_on(hall: Hall) -> None:
    forecast = hall.forecast(0, {FIRST: minutes(0, 1, 2), SECOND: minutes(1, 2, 3)})
    hall.zone.do(CallNext(ONE))
    said = hall.announcer.announce(forecast, hall.zone.state)
    assert list(said.tickets) == [FIRST, SECOND]


def test_a_successor_goes_on_with_what_was_announced(hall: Hall) -> None:
    forecast = hall.forecast(0, {FIRST: minutes(10, 20, 30)}, minutes(20, 30, 40))
    hall.announcer = Announcer(ZONE, Forecast.from_json(hall.announcer.announce(forecast, hall.zone.state).to_json()))
    said = hall.announcer.announce(hall.forecast(5, {FIRST: minutes(6, 16, 26)}, minutes(21, 31, 41)), hall.zone.state)
    assert in_minutes(said.tickets[FIRST]) == (5, 15, 25)
    assert in_minutes(said.services[A]) == (20, 30, 40)


RANGES = st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000)).map(sorted)


@given(st.lists(st.tuples(st.integers(0, 600), RANGES, RANGES, st.one_of(st.none(), RANGES)), max_size=12))
def test_whatever_is_forecast_what_is_told_is_in_order_and_not_negative(
    forecasts: list[tuple[int, list[int], list[int], list[int] | None]],
) -> None:
    hall, at_s = Hall(), 0
    for pause_s, first, second, service in forecasts:
        at_s += pause_s
        behind = [max(pair) for pair in zip(first, second, strict=True)]
        ranges = {FIRST: seconds(first), SECOND: seconds(behind)}
        usual = seconds(service) if service else None
        said = hall.announcer.announce(hall.forecast(at_s / 60, ranges, usual), hall.zone.state)
        told = [said.tickets[FIRST], said.tickets[SECOND], said.services[A]]
        assert told[2] is not None or service is None
        levels = [(r.p10_s, r.p50_s, r.p90_s) for r in told if r]
        assert all(0 <= low <= middle <= high for low, middle, high in levels)
        assert all(before <= after for before, after in zip(levels[0], levels[1], strict=True))
