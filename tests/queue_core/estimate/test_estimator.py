"""The estimator on logs: what it says in clear situations, and what always holds."""

import json
from collections.abc import Generator
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_core.domain.commands import (
    CallNext,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    OpenCounter,
    PauseCounter,
    Return,
    Transfer,
)
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, ReturnMode, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.policy import queue_of
from queue_core.domain.rhythm import Rhythm, Usual
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.estimate.estimator import METHOD, Estimator
from queue_core.estimate.forecast import Forecast, NoRange, Range
from queue_core.estimate.knowledge import Knowledge
from queue_core.estimate.recalibration import Recalibration
from queue_core.simulate.paper import PaperZone
from tests.queue_core.estimate.days import LOGS, MORNING_MS
from tests.queue_core.estimate.queue_length.test_method import DEFAULT, ONE, PRIORITY, TWO, ZONE, A, B
from tests.support.offices import office

MINUTE_MS = 60_000


class Watched:
    """A zone on paper and an estimator that sees every event of it."""

    def __init__(self, zone: Zone = ZONE) -> None:
        self.paper = PaperZone(zone, MORNING_MS)
        self.estimator = Estimator(zone)
        self.estimator.observe(self.paper.log[0])

    def do(self, *commands: Command, after_s: float = 0) -> None:
        self.paper.now_ms += int(1000 * after_s)
        for command in commands:
            for event in self.paper.do(command):
                self.estimator.observe(event)

    def draw(self, service: ServiceId = A, visitor_class: ClassId = DEFAULT) -> TicketId:
        ticket = TicketId(f"t{len(self.paper.log)}")
        self.do(Issue(service, visitor_class, ticket))
        return ticket

    def forecast(self) -> Forecast:
        return self.estimator.forecast(self.paper.now_ms)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def known(found: Range | None) -> Range:
    assert found is not None
    return found


def finished(slicing: Generator[None, None, Forecast]) -> Forecast:
    while True:
        try:
            next(slicing)
        except StopIteration as done:
            forecast: Forecast = done.value
            return forecast


def test_without_an_open_counter_the_wait_is_unknown_and_never_zero(watched: Watched) -> None:
    ticket = watched.draw()
    forecast = watched.forecast()
    assert (forecast.services[A], forecast.tickets[ticket]) == (None, None)
    assert forecast.reasons == dict.fromkeys([A, B, ticket], NoRange.NO_COUNTER_OPEN)
    assert forecast.ahead[A] == 1


def test_only_counters_that_serve_it_count(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    forecast = watched.forecast()
    assert known(forecast.services[A]).method == METHOD
    assert forecast.services[B] is None


def test_free_counter_and_nobody_ahead_means_at_once(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    assert known(watched.forecast().services[A]).p90_s <= 180


def test_stopped_service_has_no_wait_but_who_is_inside_keeps_it(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    watched.do(CloseService(A))
    forecast = watched.forecast()
    assert (forecast.services[A], forecast.reasons[A]) == (None, NoRange.SERVICE_CLOSED)
    assert forecast.tickets[ticket] is not None


def test_outside_its_hours_a_service_has_no_wait() -> None:
    watched = Watched(office({"a": 5}, [("a",)], opens=time(10), closes=time(11)))
    watched.do(OpenCounter(ONE))
    assert watched.forecast().reasons[A] is NoRange.OUTSIDE_HOURS


def test_everybody_ahead_adds_about_a_cycle(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    tickets = [watched.draw() for _ in range(7)]
    watched.do(CallNext(ONE))
    forecast = watched.forecast()
    medians = [known(forecast.tickets[t]).p50_s for t in tickets[1:]]
    assert medians == sorted(medians)
    assert 5 * 200 < medians[-1] < 7 * 480
    assert [forecast.ahead[t] for t in tickets[1:]] == list(range(6))
    assert known(forecast.services[A]).p50_s >= medians[-1]


def test_second_counter_shortens_the_wait(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    tickets = [watched.draw() for _ in range(12)]
    watched.do(CallNext(ONE))
    alone = known(watched.forecast().tickets[tickets[-1]]).p50_s
    watched.do(OpenCounter(TWO), CallNext(TWO))
    assert known(watched.forecast().tickets[tickets[-1]]).p50_s < 0.7 * alone


def test_head_start_stands_before_who_came_earlier(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    usual, preferred = watched.draw(), watched.draw(visitor_class=PRIORITY)
    forecast = watched.forecast()
    assert (forecast.ahead[usual], forecast.ahead[preferred]) == (1, 0)
    assert known(forecast.tickets[preferred]).p50_s < known(forecast.tickets[usual]).p50_s


def test_returned_ticket_is_not_forecast_before_it_may_be_called(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    watched.do(CallNext(ONE), Return(ticket, ReturnMode.AFTER, after_s=600))
    assert known(watched.forecast().tickets[ticket]).p10_s >= 600


def test_ticket_pinned_to_a_counter_waits_for_its_return(watched: Watched) -> None:
    watched.do(OpenCounter(ONE), OpenCounter(TWO))
    pinned = watched.draw()
    watched.do(Transfer(pinned, to_counter=TWO), PauseCounter(TWO))
    found = watched.forecast().tickets.get(pinned)
    assert found is None or found.p50_s > known(watched.forecast().services[A]).p50_s


def test_time_that_passes_without_an_event_is_subtracted(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    tickets = [watched.draw() for _ in range(7)]
    watched.do(CallNext(ONE))
    before = known(watched.forecast().tickets[tickets[-1]])
    aged = watched.estimator.aged(watched.paper.now_ms + MINUTE_MS)
    assert aged is not None
    assert abs(known(aged.tickets[tickets[-1]]).p50_s - (before.p50_s - 60)) < 60
    assert aged.at_ms == watched.paper.now_ms + MINUTE_MS


def test_nothing_is_aged_without_a_run_or_past_an_event(watched: Watched) -> None:
    assert watched.estimator.aged(MORNING_MS) is None
    watched.forecast()
    watched.do(OpenCounter(ONE))
    assert watched.estimator.aged(MORNING_MS) is None


@pytest.mark.parametrize("slices_before", [1, 3, 10, 13])
def test_events_during_a_run_do_not_mix_with_what_was_before(watched: Watched, slices_before: int) -> None:
    watched.do(OpenCounter(ONE))
    for _ in range(8):
        watched.draw()
    now_ms = watched.paper.now_ms
    before = watched.forecast()
    slicing = watched.estimator.slices(now_ms)
    for _ in range(slices_before):
        next(slicing)
    watched.do(CallNext(ONE), OpenCounter(TWO), CloseCounter(TWO))
    watched.do(Finish(ONE), CallNext(ONE), after_s=200)
    watched.do(Finish(ONE), CallNext(ONE), after_s=200)
    next(slicing)
    after = watched.estimator.forecast(now_ms)
    assert finished(slicing) == (before if slices_before >= 10 else after)


def test_whoever_was_called_during_a_run_has_no_promise_to_judge(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    slicing = watched.estimator.slices(watched.paper.now_ms)
    for _ in range(10):
        next(slicing)
    watched.do(CallNext(ONE), after_s=200)
    assert ticket in finished(slicing).tickets
    watched.do(Finish(ONE), after_s=200)
    assert watched.estimator.laws.recalibration.to_json() == Recalibration().to_json()


def test_fallbacks_need_no_run(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    now_ms, usual = watched.paper.now_ms, Rhythm("", {A: {0: {36: Usual(9, 60, 120, 180)}}})
    assert known(watched.estimator.by_queue_length(now_ms).services[A]).method == "queue_length"
    assert watched.estimator.by_history(now_ms, usual).services[A] == Range(60, 120, 180, "history")
    assert watched.estimator.by_history(now_ms, None) == watched.estimator.silence(now_ms)
    assert watched.estimator.silence(now_ms).reasons == {A: NoRange.UNKNOWN, B: NoRange.UNKNOWN}


def test_missing_event_is_told(watched: Watched) -> None:
    watched.paper.do(OpenCounter(ONE))
    with pytest.raises(LogGap):
        watched.estimator.observe(watched.paper.do(OpenCounter(TWO))[0])


def test_an_event_that_was_not_observed_beside_a_living_snapshot_is_told(watched: Watched) -> None:
    beside = Estimator.beside(ZONE, watched.paper.state, Knowledge())
    assert beside.stands_beside(watched.paper.state)
    watched.do(OpenCounter(ONE))
    with pytest.raises(LogGap):
        beside.observe(watched.paper.log[-1])


def test_day_end_weakens_what_was_learned_only_once(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Finish(ONE), after_s=60)
    watched.do(CloseCounter(ONE), after_s=60)
    watched.estimator.end_day()
    learned = watched.estimator.laws.to_json()
    watched.estimator.end_day()
    assert watched.estimator.laws.to_json() == learned


def test_the_first_methods_laws_are_not_taken_for_these() -> None:
    with pytest.raises(ValueError, match="format"):
        Knowledge.from_json(Knowledge().queue_length.to_json())


def served(zone: Zone, people: int) -> list[Event]:
    """A morning with one counter that is never free."""
    paper = PaperZone(zone, MORNING_MS)
    paper.do(OpenCounter(ONE))
    for n in range(people):
        paper.do(Issue(A, DEFAULT, TicketId(f"t{n}")))
    for n in range(people - 8):
        paper.do(CallNext(ONE))
        paper.now_ms += 1000 * (120 + 97 * n % 360)
        paper.do(Finish(ONE))
    return paper.log


def test_learned_visits_replace_the_configured_minutes() -> None:
    def per_head(configured: float) -> float:
        estimator, events = Estimator(office({"a": configured}, [("a",)])), served(ZONE, 60)
        for event in events:
            estimator.observe(event)
        return known(estimator.forecast(events[-1].at_ms).services[A]).p50_s / 8

    assert 220 < per_head(5) < 400
    assert abs(per_head(15) / per_head(5) - 1) < 0.25


def test_what_was_learned_survives_json_and_says_the_same() -> None:
    estimator, events = Estimator(ZONE), served(ZONE, 40)
    for event in events:
        estimator.observe(event)
        if event.type is EventType.CALLED:
            estimator.forecast(event.at_ms)
    state = Snapshot()
    for event in events:
        state.fold(event)
    read = Knowledge.from_json(json.loads(json.dumps(estimator.laws.to_json())))
    said, again = (Estimator(ZONE, state, laws).forecast(events[-1].at_ms) for laws in (estimator.laws, read))
    for one, other in zip(said.tickets.values(), again.tickets.values(), strict=True):
        assert known(one).p50_s == pytest.approx(known(other).p50_s, rel=0.02, abs=5)


def forecasts(estimator: Estimator, events: list[Event]) -> list[bytes]:
    """Every event's forecast in bytes, a little later than the event."""
    said = []
    for event in events:
        estimator.observe(event)
        said.append(json.dumps(estimator.forecast(event.at_ms + 5000).to_json()).encode())
    return said


def assert_sane(forecast: Forecast, state: Snapshot, now_ms: int) -> None:
    waiting = {t.id: t for t in state.waiting()}
    assert forecast.tickets.keys() == waiting.keys()
    assert forecast.services.keys() == state.services.keys()
    assert forecast.ahead.keys() == {*waiting, *state.services}
    assert all(n >= 0 for n in forecast.ahead.values())
    for who, found in [*forecast.tickets.items(), *forecast.services.items()]:
        assert (found is None) == (who in forecast.reasons)
        assert found is None or 0 <= found.p10_s <= found.p50_s <= found.p90_s < 10**6
    lines: dict[tuple[str, str], list[Range]] = {}
    for t in sorted(waiting.values(), key=lambda t: (t.rank_ms, t.ordinal)):
        if (found := forecast.tickets[t.id]) and t.not_before_ms <= now_ms:
            lines.setdefault((queue_of(t), t.visitor_class), []).append(found)
    for line in lines.values():
        for level in ("p10_s", "p50_s", "p90_s"):
            levels = [getattr(r, level) for r in line]
            assert levels == sorted(levels)


@settings(deadline=None, max_examples=40)
@given(LOGS, st.integers(0, 3600))
def test_whatever_happens_the_forecast_is_sane_and_ordered_within_a_class(log: list[Event], after_s: int) -> None:
    estimator, state = Estimator(ZONE), Snapshot()
    for event in log:
        estimator.observe(event)
        state.fold(event)
        now_ms = event.at_ms + 1000 * (after_s if event is log[-1] else 0)
        for forecast in (
            estimator.forecast(now_ms),
            estimator.aged(now_ms + 1000 * after_s),
            estimator.silence(now_ms),
        ):
            assert forecast is not None
            assert_sane(forecast, state, now_ms)


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(LOGS)
def test_the_same_log_says_the_same_to_the_byte(log: list[Event]) -> None:
    assert forecasts(Estimator(ZONE), log) == forecasts(Estimator(ZONE), log)


@settings(deadline=None, max_examples=15)
@given(LOGS)
def test_beside_a_living_snapshot_it_learns_and_says_the_same(log: list[Event]) -> None:
    alone, living = Estimator(ZONE), Snapshot()
    beside = Estimator.beside(ZONE, living, Knowledge())
    for event in log:
        alone.observe(event)
        beside.observe(event)
        living.fold(event)
        assert beside.forecast(event.at_ms) == alone.forecast(event.at_ms)
    assert beside.laws.to_json() == alone.laws.to_json()


@settings(deadline=None, max_examples=15)
@given(LOGS, st.integers(0, 50))
def test_it_may_begin_in_the_middle_of_a_day(log: list[Event], at: int) -> None:
    """Other laws are known, so what is said differs; but it is sane, and nothing is raised."""
    state = Snapshot()
    for event in log[: at + 1]:
        state.fold(event)
    estimator = Estimator(ZONE, state)
    for event in log[at + 1 :]:
        estimator.observe(event)
        state.fold(event)
    assert_sane(estimator.forecast(log[-1].at_ms), state, log[-1].at_ms)


def wait_for_b(further: list[ServiceId]) -> int:
    """Eight wait for A and may go on; who draws for B meets them there, as they came before."""
    watched = Watched()
    watched.do(OpenCounter(ONE), OpenCounter(TWO))
    for n in range(8):
        [issued] = watched.paper.do(Issue(A, DEFAULT, TicketId(f"t{n}")))
        watched.estimator.observe(replace(issued, data={**issued.data, "further": further}))
    return known(watched.forecast().services[B]).p50_s


def test_whoever_has_services_still_to_come_is_expected_there() -> None:
    assert wait_for_b([B]) > wait_for_b([]) + 300
