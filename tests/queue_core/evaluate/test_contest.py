from collections.abc import Sequence

from queue_core.domain.events import Event
from queue_core.domain.model import TicketId
from queue_core.domain.office import Zone
from queue_core.evaluate.contest import Course, compete, joined, steps
from queue_core.evaluate.contestants import Contestant
from queue_core.evaluate.ledger import Ledger
from tests.queue_core.evaluate.days import ZONE, Saying, draw, log, said
from tests.queue_core.evaluate.test_replay import two_days

Made = list[Saying]


def contestant(made: Made, hears_itself: bool = False) -> Contestant:
    def make(_zone: Zone) -> Saying:
        made.append(Saying(said(300, 500, 700)))
        return made[-1]

    return Contestant("fixed", make, hears_itself)


def halves(events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
    second = next(n for n, e in enumerate(events) if e.type == "day_rolled")
    return events[:second], events[second:]


def test_earlier_days_teach_and_only_later_ones_are_scored() -> None:
    made: Made = []
    first, second = halves(two_days())
    ticks: list[None] = []
    ledgers = compete(Course(ZONE, [first], [second]), lambda: ticks.append(None), {"x": contestant(made)})
    assert ledgers["x"].called_s.tolist() == [600]
    assert len(made) == 1
    assert min(made[0].asked_ms) >= second[0].at_ms
    assert len(ticks) == steps(1, 1, contestants=1, oracle=False)


def test_without_training_every_test_day_is_somebodys_first() -> None:
    made: Made = []
    compete(Course(ZONE, [], [log(), log()]), lambda: None, {"x": contestant(made)})
    assert len(made) == 2


def test_who_learns_from_its_own_words_is_asked_while_it_learns() -> None:
    """At every fourth draw."""
    made: Made = []
    draws = log([(60, draw(TicketId(f"t{n}"))) for n in range(9)])
    compete(Course(ZONE, [draws], []), lambda: None, {"x": contestant(made, hears_itself=True)})
    assert made[0].asked_ms == [draws[4].at_ms, draws[8].at_ms]


def test_ledgers_of_several_courses_are_joined_by_method() -> None:
    whole = joined([{"x": Ledger(left=1)}, {"x": Ledger(left=2), "y": Ledger(left=5)}])
    assert (whole["x"].left, whole["y"].left) == (3, 5)
