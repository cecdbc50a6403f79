"""All methods on the same days: some to learn from, later ones to be scored on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queue_core.domain.events import Event
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.method import Method
from queue_core.evaluate.contestants import CONTESTANTS, ORACLE, Contestant
from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.oracle import Oracle, TrueChances
from queue_core.evaluate.trial import train, trial

Day = Sequence[Event]
#: Told after every day that a method has seen.
Tick = Callable[[], None]
Ledgers = Mapping[str, Ledger]

#: Who learns from its own words is asked at every n-th draw of the last training days: that is enough to learn from.
_ASKED_EVERY, _ASKED_DAYS = 4, 5


@dataclass(frozen=True, slots=True)
class Course:
    """`truths`: of each test day, for the oracle; none where nobody knows."""

    zone: Zone
    training: Sequence[Day]
    tests: Sequence[Day]
    truths: Sequence[TrueChances] = field(default=())


def compete(course: Course, tick: Tick, contestants: Mapping[str, Contestant] = CONTESTANTS) -> dict[str, Ledger]:
    """What each contestant, and the oracle, said on the test days."""
    ledgers = {name: _run(course, contestant, tick) for name, contestant in contestants.items()}
    if course.truths:
        ledgers[ORACLE] = _ask_oracle(course, tick)
    return ledgers


def steps(training: int, tests: int, contestants: int = len(CONTESTANTS), oracle: bool = True) -> int:
    """How many ticks a course takes."""
    return contestants * (training + tests) + oracle * tests


def joined(parts: Iterable[Ledgers]) -> dict[str, Ledger]:
    """Ledgers of several courses as one, by contestant."""
    whole: dict[str, Ledger] = {}
    for ledgers in parts:
        for name, ledger in ledgers.items():
            whole[name] = whole.get(name, Ledger()) + ledger
    return whole


def _run(course: Course, contestant: Contestant, tick: Tick) -> Ledger:
    if not course.training:
        return _first_days(course, (contestant.make(course.zone) for _ in course.tests), tick)
    method, state, ledger = contestant.make(course.zone), Snapshot(), Ledger()
    quiet_days = len(course.training) - _ASKED_DAYS
    for n, day in enumerate(course.training):
        train(method, day, _ASKED_EVERY if contestant.hears_itself and n >= quiet_days else 0)
        for event in day:
            state.fold(event)
        tick()
    for day in course.tests:
        ledger += trial(method, day, state)
        tick()
    return ledger


def _ask_oracle(course: Course, tick: Tick) -> Ledger:
    return _first_days(course, (Oracle(course.zone, truth) for truth in course.truths), tick)


def _first_days(course: Course, methods: Iterable[Method], tick: Tick) -> Ledger:
    """Every test day by a method of its own; each begins its log anew."""
    ledger = Ledger()
    for method, day in zip(methods, course.tests, strict=True):
        ledger += trial(method, day, Snapshot())
        tick()
    return ledger
