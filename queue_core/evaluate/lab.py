"""The scenarios with all their seeds, on all cores: each (scenario, seed) is a course of its own."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import IMapIterator, Pool
from multiprocessing.sharedctypes import Synchronized

from queue_core.evaluate.contest import Course, Ledgers, compete, joined, steps
from queue_core.simulate.scenarios import SCENARIOS, Scenario
from queue_core.simulate.truth import Truth

#: Seeds below these are for trying things out: whoever tunes a method must not be scored on them.
FIRST_SEED = 100
_POLL_S = 0.2
#: The oracle's own chance.
_ORACLE_SEED = 7

#: Scenario, seed, what was said.
_Found = tuple[str, int, Ledgers]
#: (days done, days in all)
Progress = Callable[[int, int], None]


ALL = tuple(SCENARIOS)
_LOOK = ("stationary", "skills", "first-day")


@dataclass(frozen=True, slots=True)
class Plan:
    """`days`: test days a seed. `training_most` cuts the training short, for a look."""

    scenarios: tuple[str, ...] = ALL
    seeds: int = 3
    days: int = 1
    training_most: int = 15

    def courses(self) -> list[tuple[str, int]]:
        return [(name, FIRST_SEED + n) for n in range(self.seeds) for name in self.scenarios]

    def training(self, scenario: Scenario) -> int:
        return min(scenario.training_days, self.training_most)

    @property
    def steps(self) -> int:
        return self.seeds * sum(steps(self.training(SCENARIOS[name]), self.days) for name in self.scenarios)


def quick(scenarios: tuple[str, ...] = ()) -> Plan:
    """A look, with three scenarios unless named."""
    return Plan(scenarios or _LOOK, seeds=1, days=1, training_most=5)


def run(plan: Plan, progress: Progress) -> dict[str, Ledgers]:
    """By scenario, in the plan's order: what everybody said, all seeds together. Its processes end with it."""
    found: dict[str, list[tuple[int, Ledgers]]] = {name: [] for name in plan.scenarios}
    with _workers(len(plan.courses())) as (pool, done):
        asked = [(plan, name, seed) for name, seed in plan.courses()]
        results = pool.imap_unordered(_compete, asked)
        for name, seed, ledgers in _polled(results, len(asked), lambda: progress(done.value, plan.steps)):
            found[name].append((seed, ledgers))
    return {name: joined(ledgers for _, ledgers in sorted(of, key=lambda one: one[0])) for name, of in found.items()}


def course(scenario: Scenario, seed: int, training: int, tests: int) -> Course:
    """The first days to learn from, those behind them to be scored on."""
    numbers = range(training, training + tests)
    return Course(
        scenario.zone,
        [scenario.log(seed, n) for n in range(training)],
        [scenario.log(seed, n) for n in numbers],
        [Truth(scenario, seed, n).chances for n in numbers],
    )


def _compete(asked: tuple[Plan, str, int]) -> _Found:
    plan, name, seed = asked
    scenario = SCENARIOS[name]
    return name, seed, compete(course(scenario, seed, plan.training(scenario), plan.days), _tick)


_done: "Synchronized[int]"
_parent: int


def _begin(done: "Synchronized[int]", parent: int) -> None:
    """In a worker: Ctrl-C is the first process's business."""
    global _done, _parent
    _done, _parent = done, parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tick() -> None:
    """A day is done. Nobody waits for the rest where the first process was killed."""
    if os.getppid() != _parent:
        os._exit(1)
    with _done.get_lock():
        _done.value += 1


def _end(number: int, _frame: object) -> None:
    """Ends the workers too, on the way out."""
    sys.exit(128 + number)


@contextmanager
def _workers(courses: int) -> Iterator[tuple[Pool, "Synchronized[int]"]]:
    # A matrix of this size is multiplied fastest by one thread, and other cores have other courses.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    done: Synchronized[int] = context.Value("i", 0)
    with context.Pool(min(courses, os.cpu_count() or 1), _begin, (done, os.getpid())) as pool:
        before = signal.signal(signal.SIGTERM, _end)
        try:
            yield pool, done
        finally:
            signal.signal(signal.SIGTERM, before)


def _polled(results: "IMapIterator[_Found]", many: int, look: Callable[[], None]) -> Iterator[_Found]:
    while many:
        look()
        try:
            yield results.next(timeout=_POLL_S)
            many -= 1
        except multiprocessing.TimeoutError:
            continue
    look()
