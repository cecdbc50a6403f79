"""When those would be called who are expected by appointment: clear situations, and what always holds."""

import itertools
from collections.abc import Mapping

import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.commands import CallNext, Finish, OpenCounter
from queue_core.domain.model import BookingId, ClassId, TicketId
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.estimate.forecast import Forecast
from queue_core.estimate.knowledge import Knowledge
from queue_core.estimate.prospects import expected
from queue_core.estimate.slices import finished
from tests.queue_core.estimate.queue_length.test_method import DEFAULT, ONE, PRIORITY, TWO, ZONE, A
from tests.queue_core.estimate.test_estimator import Watched

MINUTE_MS = 60_000
#: The zone's lead: nobody is called more than five minutes before their appointment.
LEAD_MS = 5 * MINUTE_MS


@pytest.fixture
def watched() -> Watched:
    watched = Watched()
    watched.do(OpenCounter(ONE))
    return watched


def book(watched: Watched, minutes: float, visitor_class: ClassId = DEFAULT, name: str = "b") -> Slot:
    slot_ms = watched.paper.now_ms + int(minutes * MINUTE_MS)
    watched.do(Book(BookingId(name), A, visitor_class, slot_ms))
    return Slot(A, visitor_class, slot_ms)


def said(watched: Watched) -> Mapping[Slot, CallTimes]:
    return finished(watched.estimator.prospects(watched.paper.now_ms))


def test_with_nobody_before_one_is_called_from_the_earliest_time_to_the_appointment(watched: Watched) -> None:
    slot = book(watched, 60)
    times = said(watched)[slot]
    assert slot.slot_ms - LEAD_MS <= times.p10_ms <= times.p50_ms <= times.p90_ms
    assert times.p90_ms <= slot.slot_ms + MINUTE_MS


def test_a_busy_counter_is_waited_for(watched: Watched) -> None:
    slot = book(watched, 5)
    free = said(watched)[slot]
    watched.draw()
    watched.do(CallNext(ONE))
    busy = said(watched)[slot]
    assert busy.p90_ms > free.p90_ms + MINUTE_MS


def test_behind_a_long_queue_one_is_called_after_all_who_came_before(watched: Watched) -> None:
    for _ in range(20):
        watched.draw()
    slot = book(watched, 30)
    times = said(watched)[slot]
    assert times.p10_ms > slot.slot_ms
    last = watched.forecast().services[A]
    assert last
    assert times.p50_ms >= watched.paper.now_ms + 1000 * last.p50_s


def test_a_head_start_goes_before_the_walk_ins_who_came_within_it(watched: Watched) -> None:
    for _ in range(6):
        watched.draw()
    with_head_start, without = book(watched, 10, PRIORITY, "b1"), book(watched, 10, DEFAULT, "b2")
    times = said(watched)
    assert times[with_head_start].p50_ms < without.slot_ms + 5 * MINUTE_MS
    assert times[with_head_start].p90_ms < times[without].p50_ms


def test_an_appointment_is_called_before_whoever_has_a_later_one(watched: Watched) -> None:
    slots = [book(watched, 10 + 2 * n, name=f"b{n}") for n in range(8)]
    times = [said(watched)[slot] for slot in slots]
    assert all(one <= next_ for a, b in itertools.pairwise(times) for one, next_ in zip(a, b, strict=True))


def test_two_at_one_time_are_told_the_same(watched: Watched) -> None:
    slot = book(watched, 30)
    assert book(watched, 30, name="other") == slot
    assert list(said(watched)) == [slot]


def test_whoever_cannot_come_in_time_any_more_is_not_expected(watched: Watched) -> None:
    book(watched, 10)
    state, grace_ms = watched.paper.state, 1000 * ZONE.rules.booking_grace_s
    late_ms = watched.paper.now_ms + 10 * MINUTE_MS + grace_ms
    assert len(expected(ZONE, state, late_ms)) == 1
    assert expected(ZONE, state, late_ms + 1) == []


def test_another_day_is_not_looked_at(watched: Watched) -> None:
    book(watched, 24 * 60)
    assert said(watched) == {}


def test_where_no_counter_is_known_to_open_nothing_is_said() -> None:
    watched = Watched()
    book(watched, 30)
    assert said(watched) == {}


def test_looking_ahead_changes_no_forecast_and_says_the_same_again(watched: Watched) -> None:
    book(watched, 30)
    watched.draw()
    before = watched.forecast()
    assert said(watched) == said(watched)
    assert watched.forecast() == before


def test_what_happens_while_it_looks_changes_nothing_in_it(watched: Watched) -> None:
    book(watched, 30)
    wanted = said(watched)
    slices = watched.estimator.prospects(watched.paper.now_ms)
    next(slices)
    for _ in range(9):
        watched.draw()
    assert finished(slices).keys() == wanted.keys()


@pytest.mark.parametrize(("after_min", "learns"), [(5, True), (25, False)], ids=["in_time", "late"])
def test_it_learns_from_those_alone_who_came_in_time(watched: Watched, after_min: int, learns: bool) -> None:
    watched.do(OpenCounter(TWO))
    book(watched, 20)
    said(watched)
    watched.do(CheckIn(BookingId("b"), TicketId("own")), after_s=60 * after_min)
    watched.do(CallNext(ONE), after_s=60 * 16)
    watched.do(Finish(ONE), after_s=60)
    weights = [float(of.weights.sum()) for of in watched.estimator.laws.prospects.horizons]
    assert (sum(weights) > 0) is learns


def test_whoever_may_not_be_called_yet_is_told_of_the_counters_that_others_will_keep_busy() -> None:
    """Without those who draw until then, the counters would be thought free at that time."""
    watched = Watched()
    watched.do(OpenCounter(ONE))
    for _ in range(12):
        watched.draw()
        watched.do(CallNext(ONE), after_s=120)
        watched.do(Finish(ONE), after_s=290)
    book(watched, 55, PRIORITY)
    watched.do(CheckIn(BookingId("b"), TicketId("own")))
    wait = watched.forecast().tickets[TicketId("own")]
    assert wait
    assert wait.p90_s > 50 * 60 + 60


def test_times_go_through_the_store_without_a_code(watched: Watched) -> None:
    slots = {book(watched, 30, name="secret"): CallTimes(1, 2, 3)}
    forecast = Forecast(5, 6, slots=slots)
    record = forecast.to_json()
    assert Forecast.from_json(record).slots == slots
    assert "secret" not in str(record)
    assert Forecast.from_json({k: v for k, v in record.items() if k != "slots"}).slots == {}


def test_laws_that_know_nothing_of_appointments_are_read() -> None:
    record = Knowledge().to_json()
    del record["prospects"]
    assert Knowledge.from_json(record).to_json() == Knowledge().to_json()


def test_a_range_of_times_becomes_a_wait_rounded_outwards() -> None:
    assert CallTimes(10_900, 20_500, 30_100).wait(1_000) == {"p10_s": 9, "p50_s": 20, "p90_s": 30}
    assert CallTimes(10_900, 20_500, 30_100).wait(40_000) == {"p10_s": 0, "p50_s": 0, "p90_s": 0}
