"""The simulator against what queueing theory knows in closed form."""

from dataclasses import replace
from datetime import time
from functools import cache
from math import exp, factorial
from statistics import fmean

import numpy as np
import pytest

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId
from queue_core.simulate.arrivals import intensity
from queue_core.simulate.habits import Demand, Habits
from queue_core.simulate.halls import PRIORITY, hall
from queue_core.simulate.scenarios import SCENARIOS, Scenario

COUNTERS, MEAN_S, LOAD = 4, 120.0, 0.75
DAYS = 4
#: Longer than a day: whoever has it is always before the others.
STRICT_S = 100_000
PLAIN = SCENARIOS["stationary"].habits
LEAVES_QUEUE = frozenset({EventType.CALLED, EventType.CANCELLED, EventType.EXPIRED})
JOINS_QUEUE = frozenset({EventType.ISSUED, EventType.RETURNED, EventType.TRANSFERRED})


def erlang_c(servers: int, load: float) -> float:
    """P(wait > 0) in M/M/s (Erlang 1917)."""
    offered = servers * load
    full = offered**servers / factorial(servers) / (1 - load)
    return full / (sum(offered**n / factorial(n) for n in range(servers)) + full)


def textbook(priority: float = 0.0) -> Scenario:
    """M/M/4 nearly round the clock, with true means as configured."""
    habits = replace(
        PLAIN,
        talks=replace(PLAIN.talks, off=0.0),
        manners=replace(PLAIN.manners, others=priority),
        demand=Demand(load=LOAD, curve=PLAIN.demand.curve, day_off=0.0, at_the_door=0.0),
    )
    zone = hall(
        "textbook",
        {"a": MEAN_S / 60},
        [("a",)] * COUNTERS,
        {PRIORITY: STRICT_S} if priority else {},
        opens=time(4, 30),
        closes=time(23, 30),
    )
    return Scenario("textbook", "M/M/4", zone, habits)


@cache
def waits_s(priority: float = 0.0) -> list[tuple[ClassId, float]]:
    """Class and wait of everybody who came an hour or more after opening."""
    scenario, found = textbook(priority), []
    for day in range(DAYS):
        since: dict[str, Event] = {}
        steady_ms = scenario.day(5, day).opens_ms + 3_600_000
        for event in scenario.log(5, day):
            if event.type is EventType.ISSUED and event.at_ms > steady_ms:
                since[event.data["ticket"]] = event
            elif event.type is EventType.CALLED and event.data["ticket"] in since:
                drawn = since[event.data["ticket"]]
                found.append((ClassId(drawn.data["visitor_class"]), (event.at_ms - drawn.at_ms) / 1000))
    return found


@pytest.mark.slow
def test_mean_wait_and_the_chance_to_wait_are_erlangs() -> None:
    waits = [wait_s for _, wait_s in waits_s()]
    waiting = erlang_c(COUNTERS, LOAD)
    assert len(waits) > 4000
    assert sum(wait_s > 0 for wait_s in waits) / len(waits) == pytest.approx(waiting, rel=0.1)
    assert fmean(waits) == pytest.approx(waiting * MEAN_S / (COUNTERS * (1 - LOAD)), rel=0.2)


@pytest.mark.slow
def test_waits_of_strict_priorities_are_cobhams() -> None:
    """Non-preemptive priorities (Cobham, Operations Research 2, 1954, 70-76)."""
    share, found = 0.4, waits_s(0.4)
    nobody_before_s = erlang_c(COUNTERS, LOAD) * MEAN_S / COUNTERS
    first_s = nobody_before_s / (1 - share * LOAD)
    assert fmean(w for c, w in found if c == PRIORITY) == pytest.approx(first_s, rel=0.2)
    assert fmean(w for c, w in found if c != PRIORITY) == pytest.approx(first_s / (1 - LOAD), rel=0.25)


@pytest.mark.parametrize("name", SCENARIOS)
def test_people_waiting_are_arrivals_times_waits(name: str) -> None:
    """Little's law, as an identity of the log: the queue's length over time against everybody's time in the queue."""
    length, length_ms, waited_ms, last_ms = 0, 0, 0, 0
    since: dict[str, int] = {}
    for event in SCENARIOS[name].log(seed=3, n=0):
        length_ms += length * (event.at_ms - last_ms)
        last_ms = event.at_ms
        if event.type in JOINS_QUEUE and event.data.get("from") != "waiting":
            length += 1
            since[event.data["ticket"]] = event.at_ms
        elif event.type in LEAVES_QUEUE and event.data["from"] == "waiting":
            length -= 1
            waited_ms += event.at_ms - since.pop(event.data["ticket"])
    assert length == len(since) == 0
    assert length_ms == waited_ms > 0


def test_people_come_as_often_as_the_curve_says() -> None:
    scenario = SCENARIOS["rush"]
    curve = scenario.habits.demand.curve
    days = [scenario.day(1, n) for n in range(30)]
    came = np.zeros(8)
    for day in days:
        hours = [(v.at_ms - day.opens_ms) // 3_600_000 for v in day.visits if v.at_ms > day.opens_ms + 60_000]
        came += np.bincount(hours, minlength=8)[:8]
    said = np.array([fmean(intensity((hour + k / 20) / 8, curve) for k in range(20)) for hour in range(8)])
    assert came / came.sum() == pytest.approx(said / said.sum(), rel=0.1)


def test_arrivals_of_the_textbook_are_poisson() -> None:
    """Gaps between arrivals are exponential: Kolmogorov-Smirnov at 0.1 %."""
    times = [v.at_ms for v in textbook().day(5, 0).visits]
    gaps = np.sort(np.diff(times))
    distance = np.abs(1 - np.exp(-gaps / gaps.mean()) - (np.arange(len(gaps)) + 0.5) / len(gaps)).max()
    assert distance < 1.95 / np.sqrt(len(gaps))


def test_talks_have_the_true_mean_and_are_exponential_in_the_textbook() -> None:
    talks = np.sort([v.talk_s for v in textbook().day(5, 0).visits])
    assert talks.mean() == pytest.approx(MEAN_S, rel=0.1)
    assert (talks > MEAN_S).mean() == pytest.approx(exp(-1), abs=0.05)


def test_plain_habits_cost_nothing_beside_the_talk() -> None:
    plain: Habits = textbook().habits
    assert plain.occupation_s(MEAN_S) == MEAN_S
