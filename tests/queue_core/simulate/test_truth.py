"""The oracle: quiet where it may not know, right where theory is, and as sure of itself as it says."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from queue_core.domain.events import EventType
from queue_core.domain.model import TicketState
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.calls import Calls
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import run
from queue_core.simulate.scenarios import SCENARIOS, Scenario
from queue_core.simulate.truth import TrueChances, Truth

SEED, REPLICATES = 7, 150
#: Of the people who draw, one in so many is asked about.
ONE_IN = 6
#: Scenarios with a test of their own.
ELSEWHERE = frozenset({"stationary", "jobcenter"})
COUNTERS, MINUTE_S = 4, 60.0
STATIONARY = SCENARIOS["stationary"]


def told(scenario: Scenario, truth: Truth, state: Snapshot, now_ms: int) -> Calls:
    return run(House.of(scenario.zone, state, now_ms), truth.chances(state, now_ms, SEED, REPLICATES))


def busiest(scenario: Scenario, seed: int, day: int) -> tuple[Snapshot, int]:
    """The state when most people wait, and its time."""
    log, state, most, until = scenario.log(seed, day), Snapshot(), 0, 0
    for n, event in enumerate(log, start=1):
        state.fold(event)
        waiting = sum(t.state is TicketState.WAITING for t in state.tickets.values())
        most, until = max((most, until), (waiting, n), key=lambda found: found[0])
    state = Snapshot()
    for event in log[:until]:
        state.fold(event)
    return state, log[until - 1].at_ms


def levels(scenario: Scenario, seed: int, day: int) -> Iterator[float]:
    """Where in the oracle's sample the first call then lay, of people for whom it saw a wait of a minute or more."""
    log, state, truth = scenario.log(seed, day), Snapshot(), Truth(scenario, seed, day)
    calls_ms: dict[str, int] = {}
    for event in log:
        if event.type is EventType.CALLED:
            calls_ms.setdefault(event.data["ticket"], event.at_ms)
    for event in log:
        state.fold(event)
        asked = event.type is EventType.ISSUED and state.ordinal % ONE_IN == 0
        if asked and (call_ms := calls_ms.get(event.data["ticket"])):
            calls = told(scenario, truth, state, event.at_ms)
            sample_s = calls.called_s[:, calls.tickets.index(event.data["ticket"])]
            slot_s = max(0.0, (event.data.get("slot_ms", 0) - event.at_ms) / 1000)
            if np.median(sample_s) - slot_s >= MINUTE_S:
                yield float(np.mean(sample_s < (call_ms - event.at_ms) / 1000))


@cache
def all_levels(name: str, days: int) -> tuple[float, ...]:
    pairs = [(seed, day) for seed in range(10, 13) for day in range(days)]
    return tuple(level for seed, day in pairs for level in levels(SCENARIOS[name], seed, day))


def covered(found: tuple[float, ...]) -> float:
    return sum(0.1 <= level <= 0.9 for level in found) / len(found)


def test_with_exponential_talks_the_wait_is_erlang_distributed() -> None:
    """With n ahead and all s counters busy: the sum of n + 1 exponential times of mean 1/(s mu), whatever the ages."""
    state, now_ms = busiest(STATIONARY, 1, 2)
    day = STATIONARY.day(1, 2)
    calls = told(STATIONARY, Truth(STATIONARY, 1, 2), state, now_ms)
    step_s = day.means_s[STATIONARY.day(1, 2).visits[0].service] / COUNTERS
    ahead = np.arange(len(calls.tickets))
    assert len(ahead) > 8
    assert calls.called_s[:, :-1].mean(axis=0) == pytest.approx(step_s * (ahead + 1), rel=0.2)
    spread = calls.called_s[:, -2].std()
    assert spread == pytest.approx(step_s * np.sqrt(len(ahead)), rel=0.2)


def test_same_moment_and_seed_give_the_same_draws() -> None:
    scenario = SCENARIOS["jobcenter"]
    state, now_ms = busiest(scenario, 1, 0)
    first, second = (told(scenario, Truth(scenario, 1, 0), state, now_ms) for _ in range(2))
    assert np.array_equal(first.called_s, second.called_s)
    other = run(House.of(scenario.zone, state, now_ms), Truth(scenario, 1, 0).chances(state, now_ms, 8, REPLICATES))
    assert not np.array_equal(first.called_s, other.called_s)


def shapes(chances: TrueChances, house: House) -> dict[str, tuple[int, ...]]:
    streams = chances.coming()
    visits = chances.visits((*house.people, *house.coming(streams)))
    runs, people = np.arange(REPLICATES), np.zeros(REPLICATES, np.int64)
    occupied_s = visits.occupied_s(runs, people, people, np.zeros(REPLICATES))
    services, after_s = visits.again(runs, people, np.zeros(REPLICATES))
    assert (occupied_s > 0).all()
    assert ((services == -1) == np.isinf(after_s)).all()
    for stream in streams:
        assert stream.callable_s.shape == stream.rank_s.shape
        assert (np.diff(np.where(np.isinf(stream.callable_s), 1e12, stream.callable_s), axis=1) >= 0).all()
    return {
        "free": chances.free_s(house.counters).shape,
        "away": chances.away_s(house.counters).shape,
        "leaves": chances.leaves_s(house.waiting).shape,
        "occupied": occupied_s.shape,
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_answers_have_the_shapes_of_the_seam(name: str) -> None:
    scenario = SCENARIOS[name]
    state, now_ms = busiest(scenario, 1, 0)
    house = House.of(scenario.zone, state, now_ms)
    found = shapes(Truth(scenario, 1, 0).chances(state, now_ms, SEED, REPLICATES), house)
    assert found["free"] == (REPLICATES, len(house.counters))
    assert found["away"] == (REPLICATES, len(house.counters), len(scenario.habits.rota.breaks) + 1, 2)
    assert found["leaves"] == (REPLICATES, len(house.waiting))


@pytest.mark.slow
def test_textbook_levels_are_even() -> None:
    """Days are few and people of one day alike, so the bounds are wider than for independent ones."""
    found = np.sort(all_levels("stationary", 5))
    assert covered(tuple(found)) == pytest.approx(0.8, abs=0.05)
    assert np.abs(found - (np.arange(len(found)) + 0.5) / len(found)).max() < 0.09


@pytest.mark.slow
def test_every_scenario_is_covered_as_promised() -> None:
    found = {name: all_levels(name, 2) for name in SCENARIOS if name not in ELSEWHERE}
    pooled = tuple(level for levels_ in found.values() for level in levels_)
    assert covered(pooled) == pytest.approx(0.8, abs=0.04)
    off = {name: round(covered(levels_), 3) for name, levels_ in found.items() if abs(covered(levels_) - 0.8) > 0.08}
    assert off == {}


@pytest.mark.slow
def test_jobcenter_is_covered_as_promised() -> None:
    assert covered(all_levels("jobcenter", 1)) == pytest.approx(0.8, abs=0.06)
