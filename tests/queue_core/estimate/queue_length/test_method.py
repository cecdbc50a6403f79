"""The estimator on logs: what it says in clear situations, and what always holds."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.errors import Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, CounterId, Current, ReturnMode, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import LogGap, Snapshot
from queue_core.estimate.forecast import Forecast, NoRange, Range
from queue_core.estimate.queue_length.laws import Laws
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

MONDAY_NOON_MS = 1_893_927_600_000
A, B = ServiceId("a"), ServiceId("b")
DEFAULT, PRIORITY = ClassId("default"), ClassId("priority")
ONE, TWO = CounterId("1"), CounterId("2")
ZONE = office({"a": 5, "b": 10}, [("a",), ("a", "b")])


class Watched:
    """A model zone and an estimator that sees every event of it."""

    def __init__(self, zone: Zone = ZONE) -> None:
        self.model = PaperZone(zone, MONDAY_NOON_MS)
        self.estimator = QueueLength(zone)
        self.estimator.observe(self.model.log[0])

    def do(self, command: Command, after_s: float = 0) -> tuple[Event, ...]:
        self.model.now_ms += int(1000 * after_s)
        events = self.model.do(command)
        for event in events:
            self.estimator.observe(event)
        return events

    def draw(self, service: ServiceId = A, visitor_class: ClassId = DEFAULT) -> TicketId:
        ticket = TicketId(f"t{len(self.model.log)}")
        self.do(Issue(service, visitor_class, ticket))
        return ticket

    def forecast(self) -> Forecast:
        return self.estimator.forecast(self.model.now_ms)

    def serve(self, counter: CounterId, seconds: float) -> None:
        self.do(CallNext(counter))
        self.do(Finish(counter), after_s=seconds)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def known(found: Range | None) -> Range:
    assert found is not None
    return found


def test_without_an_open_counter_the_wait_is_unknown_and_never_zero(watched: Watched) -> None:
    ticket = watched.draw()
    forecast = watched.forecast()
    assert forecast.services[A] is None
    assert forecast.tickets[ticket] is None
    assert forecast.reasons[A] is NoRange.NO_COUNTER_OPEN
    assert forecast.reasons[ticket] is NoRange.NO_COUNTER_OPEN


def test_only_counters_that_serve_it_count(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    forecast = watched.forecast()
    assert forecast.services[A] is not None
    assert forecast.services[B] is None


def test_paused_counter_does_not_count(watched: Watched) -> None:
    watched.do(OpenCounter(TWO))
    watched.do(PauseCounter(TWO))
    assert watched.forecast().reasons[B] is NoRange.NO_COUNTER_OPEN


def test_free_counter_and_nobody_ahead_means_at_once(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    wait = known(watched.forecast().services[A])
    assert wait.p10_s <= 10
    assert wait.p90_s <= 90
    assert watched.forecast().ahead[A] == 0


def test_stopped_service_has_no_wait_but_who_is_inside_keeps_it(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    watched.do(CloseService(A))
    forecast = watched.forecast()
    assert forecast.services[A] is None
    assert forecast.reasons[A] is NoRange.SERVICE_CLOSED
    assert forecast.tickets[ticket] is not None


def test_outside_its_hours_a_service_has_no_wait() -> None:
    watched = Watched(office({"a": 5}, [("a",)], opens=time(8), closes=time(11)))
    watched.do(OpenCounter(ONE))
    assert watched.forecast().reasons[A] is NoRange.OUTSIDE_HOURS


def test_everybody_ahead_adds_about_a_cycle(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    tickets = [watched.draw() for _ in range(7)]
    watched.do(CallNext(ONE))
    forecast = watched.forecast()
    medians = [known(forecast.tickets[t]).p50_s for t in tickets[1:]]
    assert medians == sorted(medians)
    assert 5 * 240 < medians[-1] < 7 * 420
    assert [forecast.ahead[t] for t in tickets[1:]] == list(range(6))
    assert forecast.ahead[A] == 6


def test_second_counter_about_halves_the_wait(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    tickets = [watched.draw() for _ in range(12)]
    watched.do(CallNext(ONE))
    alone = known(watched.forecast().tickets[tickets[-1]]).p50_s
    watched.do(OpenCounter(TWO))
    watched.do(CallNext(TWO))
    together = known(watched.forecast().tickets[tickets[-1]]).p50_s
    assert 0.35 * alone < together < 0.65 * alone


def test_head_start_stands_before_who_came_earlier(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    usual, preferred = watched.draw(), watched.draw(visitor_class=PRIORITY)
    forecast = watched.forecast()
    assert forecast.ahead[usual] == 1
    assert forecast.ahead[preferred] == 0
    assert known(forecast.tickets[preferred]).p50_s < known(forecast.tickets[usual]).p50_s


def test_returned_ticket_is_not_forecast_before_it_may_be_called(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Return(ticket, ReturnMode.AFTER, after_s=600))
    assert known(watched.forecast().tickets[ticket]).p50_s >= 500


def test_pinned_ticket_waits_for_its_counter(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    watched.do(OpenCounter(TWO))
    first = watched.draw(B)
    watched.do(CallNext(TWO))
    pinned = watched.draw()
    watched.do(Transfer(pinned, to_counter=TWO))
    watched.do(Start(TWO))
    forecast = watched.forecast()
    assert first not in forecast.tickets
    assert known(forecast.tickets[pinned]).p50_s > 240
    assert known(forecast.services[A]).p50_s < 60


def test_measured_cycles_replace_the_configured_minutes(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    for _ in range(60):
        watched.draw()
    before = known(watched.forecast().services[A]).p50_s / watched.forecast().ahead[A]
    for _ in range(40):
        watched.serve(ONE, seconds=900)
    after = known(watched.forecast().services[A]).p50_s / watched.forecast().ahead[A]
    assert after > 2.4 * before


def test_more_knowledge_narrows_the_range(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    for _ in range(60):
        watched.draw()
    first = known(watched.forecast().services[A])
    for _ in range(40):
        watched.serve(ONE, seconds=300)
    last = known(watched.forecast().services[A])
    assert (last.p90_s - last.p10_s) / last.p50_s < (first.p90_s - first.p10_s) / first.p50_s


def test_idle_time_is_not_learned_as_work(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    for _ in range(20):
        watched.draw()
        watched.serve(ONE, seconds=300)
        watched.model.now_ms += 3_600_000
    assert watched.estimator.laws.gap().mean_s < 60


def undone(watched: Watched, first: Event, before: dict[str, object]) -> Event:
    held = {"counter": ONE, "undoes_seq": first.seq, "undoes_count": 1, "tickets": [before]}
    counter = {"id": ONE, "state": "open", "ticket": before["id"]}
    at = watched.model.log[-1]
    return Event(1, at.seq + 1, at.at_ms, EventType.UNDONE, "u", held | {"counter_record": counter})


def test_undone_finish_is_not_learned(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE))
    before = watched.model.state.tickets[ticket].to_json() | {"state": "serving"}
    finished = watched.do(Finish(ONE), after_s=10)[-1]
    learned = watched.estimator.laws.to_json()
    watched.estimator.observe(undone(watched, finished, before))
    assert watched.estimator.laws.to_json() == learned
    assert watched.estimator.laws.occupations == {}


def test_day_end_weakens_what_was_learned_only_once(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    watched.draw()
    watched.serve(ONE, seconds=60)
    watched.do(CloseCounter(ONE))
    learned = watched.estimator.laws.office.n
    watched.estimator.end_day()
    watched.estimator.end_day()
    assert watched.estimator.laws.office.n == pytest.approx(learned / 2)


def test_day_rolled_ends_the_day(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    watched.draw()
    watched.serve(ONE, seconds=60)
    watched.do(CloseCounter(ONE))
    learned = watched.estimator.laws.office.n
    last = watched.model.log[-1]
    data = {"day": "2030-01-08", "from_day": "2030-01-07", "day_from_ms": 0, "day_to_ms": 1}
    watched.estimator.observe(Event(1, last.seq + 1, last.at_ms, EventType.DAY_ROLLED, "r", data))
    assert watched.estimator.laws.office.n == pytest.approx(learned / 2)


def test_estimator_goes_on_from_a_snapshot_and_old_laws(watched: Watched) -> None:
    watched.do(OpenCounter(ONE))
    for _ in range(5):
        watched.draw()
    watched.serve(ONE, seconds=200)
    laws = Laws.from_json(watched.estimator.laws.to_json())
    successor = QueueLength(ZONE, watched.model.state, laws)
    assert successor.as_of == watched.estimator.as_of
    assert successor.forecast(watched.model.now_ms) == watched.forecast()


def test_snapshot_given_is_not_changed_by_later_events(watched: Watched) -> None:
    state = watched.model.state
    successor = QueueLength(ZONE, state)
    before = state.seq, dict(state.tickets)
    model = PaperZone(ZONE, MONDAY_NOON_MS)
    model.do(Issue(A, DEFAULT, TicketId("x")))
    successor.observe(model.log[1])
    assert (state.seq, state.tickets) == before


def test_services_and_counters_that_the_configuration_no_longer_knows_are_unknown_and_no_error() -> None:
    model, estimator = PaperZone(ZONE, MONDAY_NOON_MS), QueueLength(office({"a": 5}, [("a",)]))
    for service in (A, A, B):
        model.do(Issue(service, DEFAULT, TicketId(f"t{len(model.log)}")))
    model.do(OpenCounter(ONE))
    model.do(OpenCounter(TWO))
    for event in [*model.log, *model.do(CallNext(TWO)), *model.do(Finish(TWO)), *model.do(CallNext(ONE))]:
        estimator.observe(event)
    forecast = estimator.forecast(MONDAY_NOON_MS)
    assert forecast.services[A] is not None
    assert forecast.services[B] is None
    assert forecast.tickets == {TicketId("t3"): None}


def test_missing_event_is_told(watched: Watched) -> None:
    watched.model.do(OpenCounter(ONE))
    with pytest.raises(LogGap):
        watched.estimator.observe(watched.model.do(OpenCounter(TWO))[0])


COUNTERS = st.sampled_from([ONE, TWO])
ANY_TICKET = st.integers(0, 30)
Step = Callable[[list[TicketId]], Command | None]


def about_ticket(make: Callable[[TicketId], Command]) -> st.SearchStrategy[Step]:
    def step(n: int) -> Step:
        return lambda tickets: make(tickets[n % len(tickets)]) if tickets else None

    return ANY_TICKET.map(step)


def plain(command: st.SearchStrategy[Command]) -> st.SearchStrategy[Step]:
    def step(c: Command) -> Step:
        return lambda _tickets: c

    return command.map(step)


STEPS: st.SearchStrategy[Step] = st.one_of(
    plain(st.builds(Issue, st.sampled_from([A, B]), st.sampled_from([DEFAULT, PRIORITY]))),
    plain(st.builds(CallNext, COUNTERS, st.sampled_from([None, *Current]))),
    *(plain(st.builds(verb, COUNTERS)) for verb in (OpenCounter, Start, Finish, Miss, Park, PauseCounter)),
    plain(st.builds(CloseCounter, COUNTERS)),
    plain(st.sampled_from([CloseService(A), OpenService(A)])),
    about_ticket(lambda t: Cancel(t, by="staff")),
    about_ticket(lambda t: CallTicket(t, ONE, pick=True)),
    about_ticket(lambda t: Return(t, ReturnMode.END)),
    about_ticket(lambda t: Return(t, ReturnMode.AFTER, 300)),
    about_ticket(lambda t: Transfer(t, to_service=B)),
    about_ticket(lambda t: Transfer(t, to_counter=TWO)),
)


def check_sane(watched: Watched, forecast: Forecast) -> None:
    waiting = {t.id: t for t in watched.model.state.waiting()}
    assert forecast.tickets.keys() == waiting.keys()
    assert forecast.services.keys() == watched.model.state.services.keys()
    assert all(n >= 0 for n in forecast.ahead.values())
    for id_, found in [*forecast.tickets.items(), *forecast.services.items()]:
        assert (found is None) == (id_ in forecast.reasons)
        assert found is None or 0 <= found.p10_s <= found.p50_s <= found.p90_s < 10**7
    queues: dict[tuple[str, str], list[Range]] = {}
    for t in sorted(waiting.values(), key=lambda t: (t.rank_ms, t.ordinal)):
        found = forecast.tickets[t.id]
        if found and not t.pin and t.not_before_ms <= watched.model.now_ms:
            queues.setdefault((t.service, t.visitor_class), []).append(found)
    for ranges in queues.values():
        for level in ("p10_s", "p50_s", "p90_s"):
            levels = [getattr(r, level) for r in ranges]
            assert levels == sorted(levels)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(STEPS, st.integers(0, 900)), max_size=60))
def test_whatever_happens_the_forecast_is_sane_and_ordered_within_a_class(steps: list[tuple[Step, int]]) -> None:
    watched = Watched()
    for step, pause_s in steps:
        watched.model.now_ms += 1000 * pause_s
        command = step(list(watched.model.state.tickets))
        if isinstance(command, Issue):
            command = replace(command, ticket=TicketId(f"t{len(watched.model.log)}"))
        if command is None:
            continue
        with suppress(Refused):
            watched.do(command)
        check_sane(watched, watched.forecast())


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(STEPS, st.integers(0, 900)), max_size=60))
def test_beside_a_living_snapshot_it_learns_and_says_the_same(steps: list[tuple[Step, int]]) -> None:
    model = PaperZone(ZONE, MONDAY_NOON_MS)
    for step, pause_s in steps:
        model.now_ms += 1000 * pause_s
        command = step(list(model.state.tickets))
        if isinstance(command, Issue):
            command = replace(command, ticket=TicketId(f"t{len(model.log)}"))
        if command:
            with suppress(Refused):
                model.do(command)
    alone, living = QueueLength(ZONE), Snapshot()
    beside = QueueLength.beside(ZONE, living, Laws())
    for event in model.log:
        alone.observe(event)
        beside.observe(event)
        living.fold(event)
        assert beside.forecast(event.at_ms) == alone.forecast(event.at_ms)
    assert beside.laws == alone.laws


def test_an_event_that_was_not_observed_beside_a_living_snapshot_is_told(watched: Watched) -> None:
    beside = QueueLength.beside(ZONE, watched.model.state, Laws())
    watched.do(OpenCounter(ONE))
    with pytest.raises(LogGap):
        beside.observe(watched.model.log[-1])


def test_a_service_that_no_clerk_has_chosen_has_no_counter() -> None:
    watched = Watched()
    watched.do(OpenCounter(TWO, (B,)))
    forecast = watched.estimator.forecast(MONDAY_NOON_MS)
    assert forecast.services[B] is not None
    assert (forecast.services[A], forecast.reasons[A]) == (None, NoRange.NO_COUNTER_OPEN)
