from collections import Counter
from functools import cache
from statistics import fmean

import pytest

from queue_core.domain.calendar import local_time
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterState
from queue_core.domain.snapshot import Snapshot
from queue_core.simulate.scenarios import SCENARIOS, Scenario
from queue_core.simulate.visits import talk_means_s

NAMES = [
    "stationary",
    "rush",
    "skills",
    "breaks",
    "no-shows",
    "appointments",
    "drift",
    "priorities",
    "first-day",
    "jobcenter",
]
EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


@cache
def log(name: str, day: int = 0) -> list[Event]:
    return SCENARIOS[name].log(seed=1, n=day)


def waits_min(events: list[Event]) -> list[float]:
    """From the draw, or the appointment's slot, to the first call."""
    since: dict[str, int] = {}
    waits = []
    for event in events:
        ticket = event.data.get("ticket", "")
        if event.type is EventType.ISSUED:
            since[ticket] = max(event.at_ms, event.data.get("slot_ms", 0))
        elif event.type is EventType.CALLED and ticket in since:
            waits.append(max(0, event.at_ms - since.pop(ticket)) / 60_000)
    return waits


def test_there_are_these_ten() -> None:
    assert list(SCENARIOS) == NAMES


@EVERY
def test_day_is_the_same_every_time_and_another_on_another_day_and_seed(scenario: Scenario) -> None:
    again = scenario.log(seed=1, n=0)
    assert again == log(scenario.name)
    assert again[1:] != scenario.log(seed=2, n=0)[1:]
    assert again[0].epoch < scenario.log(seed=1, n=1)[0].epoch


@EVERY
def test_log_is_a_legal_day_that_ends_with_closed_counters(scenario: Scenario) -> None:
    state = Snapshot()
    for event in log(scenario.name):
        state.fold(Event.from_json(event.epoch, event.seq, _payload(event)))
    assert {c.state for c in state.counters.values()} == {CounterState.CLOSED}
    assert not state.waiting()


def _payload(event: Event) -> dict[str, object]:
    return {**event.data, "type": event.type.value, "at_ms": event.at_ms, "command": event.command}


@pytest.mark.slow
@EVERY
def test_waits_are_those_of_a_busy_office(scenario: Scenario) -> None:
    waits = [fmean(waits_min(scenario.log(seed, day))) for seed in range(3) for day in range(3)]
    assert 5 < fmean(waits) < 30
    assert max(waits) < 75


@EVERY
def test_days_are_working_days_in_order(scenario: Scenario) -> None:
    days = [scenario.business_day(n) for n in range(6)]
    assert days == sorted(days, key=lambda d: d.from_ms)
    assert all(local_time(scenario.zone, d.from_ms).weekday() < 5 for d in days)
    assert days[5].day.weekday() == 0


@EVERY
def test_configured_minutes_lie_off_the_truth(scenario: Scenario) -> None:
    off = [
        true_s / (60 * scenario.zone.services[service].minutes)
        for seed in range(20)
        for service, true_s in talk_means_s(scenario.zone, seed, scenario.habits.talks).items()
    ]
    most = scenario.habits.talks.off
    assert 1 - most <= min(off) < 1 - most / 2
    assert 1 + most / 2 < max(off) <= 1 + most


def kinds(name: str) -> Counter[EventType]:
    return Counter(event.type for event in log(name))


def test_first_day_has_nothing_to_learn_from() -> None:
    assert [s.name for s in SCENARIOS.values() if not s.training_days] == ["first-day"]


def test_textbook_queue_knows_nothing_but_calls() -> None:
    known = {EventType.EPOCH_STARTED, EventType.COUNTER_OPENED, EventType.COUNTER_CLOSED}
    visit = {EventType.ISSUED, EventType.CALLED, EventType.STARTED, EventType.FINISHED}
    assert kinds("stationary").keys() == known | visit


def test_each_scenario_has_what_its_name_says() -> None:
    assert kinds("breaks")[EventType.COUNTER_PAUSED] > 10
    assert kinds("no-shows")[EventType.MISSED] > 10
    assert kinds("no-shows")[EventType.CANCELLED] > 5
    assert kinds("appointments")[EventType.BOOKED] > 60
    assert kinds("skills")[EventType.TRANSFERRED] > 3
    assert {e.data["visitor_class"] for e in log("priorities") if e.type is EventType.ISSUED} == {"default", "priority"}


def test_talks_double_at_noon() -> None:
    talks: dict[bool, list[int]] = {False: [], True: []}
    started: dict[str, int] = {}
    noon_ms = SCENARIOS["drift"].day(1, 0).opens_ms + 4 * 3_600_000
    for event in (e for day in range(3) for e in log("drift", day)):
        if event.type is EventType.STARTED:
            started[event.data["ticket"]] = event.at_ms
        elif event.type is EventType.FINISHED:
            began_ms = started[event.data["ticket"]]
            talks[(began_ms - noon_ms) % 86_400_000 < 12 * 3_600_000].append(event.at_ms - began_ms)
    assert fmean(talks[True]) / fmean(talks[False]) == pytest.approx(2, rel=0.25)


def test_everything_happens_at_the_jobcenter() -> None:
    happened = sum((Counter(e.type for e in log("jobcenter", day)) for day in range(2)), Counter[EventType]())
    never = {EventType.UNDONE, EventType.CONFIGURED, EventType.NUMBERS_RESERVED, EventType.DAY_ROLLED}
    never |= {EventType.BOOKING_MOVED, EventType.BOOKING_CANCELLED, EventType.EXPIRED}
    never |= {EventType.SERVICE_OPENED, EventType.SERVICE_CLOSED, EventType.SERVICE_ADDED}
    never |= {EventType.CONFIRMED, EventType.SLOT_HELD, EventType.HOLDS_LAPSED}
    never |= {EventType.SLOTS_BLOCKED, EventType.SLOTS_UNBLOCKED}
    assert set(EventType) - happened.keys() == never
