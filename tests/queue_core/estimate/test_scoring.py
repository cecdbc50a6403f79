from datetime import date, time

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter
from queue_core.domain.events import Event
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.estimate.forecast import Forecast, Range
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.estimate.scoring import Score, score
from queue_core.simulate.day import draw
from queue_core.simulate.player import play
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office, town_hall

ONE, A, EVERYBODY = CounterId("1"), ServiceId("a"), ClassId("default")
FIRST, SECOND = TicketId("t1"), TicketId("t2")
ZONE = office({"a": 5}, [("a",)])


class Saying:
    """Says the same of everybody."""

    def __init__(self, said: Range | None) -> None:
        self._said = said

    def observe(self, event: Event) -> None:
        pass

    def forecast(self, now_ms: int) -> Forecast:
        return Forecast(now_ms, 0, tickets={FIRST: self._said, SECOND: self._said})

    def end_day(self) -> None:
        pass


def log() -> list[Event]:
    """One who is called at once, one who waits for ten minutes."""
    model = PaperZone(ZONE, 1_893_927_600_000)
    steps: list[tuple[int, Command]] = [
        (0, OpenCounter(ONE)),
        (0, Issue(A, EVERYBODY, FIRST)),
        (0, Issue(A, EVERYBODY, SECOND)),
        (5, CallNext(ONE)),
        (595, Finish(ONE)),
        (0, CallNext(ONE)),
    ]
    for after_s, command in steps:
        model.now_ms += 1000 * after_s
        model.do(command)
    return model.log


def said(p10_s: int, p50_s: int, p90_s: int) -> Score:
    return score(log(), Saying(Range(p10_s, p50_s, p90_s, "fixed")))


def test_who_was_called_at_once_does_not_count() -> None:
    assert said(1, 2, 3).waits_s == [600]


def test_error_bias_and_coverage_are_those_of_the_range_shown() -> None:
    inside, below = said(300, 500, 700), said(100, 200, 300)
    assert (inside.mean_error_s, inside.bias_s, inside.coverage, inside.too_late) == (100, -100, 1, 0)
    assert (below.mean_error_s, below.bias_s, below.coverage, below.too_late) == (400, -400, 0, 1)


def test_unknown_is_counted_apart() -> None:
    nothing = score(log(), Saying(None))
    assert nothing.unknown == 1
    assert nothing.waits_s == []
    assert nothing.mean_error_s == 0


async def test_queue_length_keeps_its_promise_on_simulated_days() -> None:
    """Loose on purpose: six days only. docs/estimation.md has the figures."""
    zone, total = town_hall(), Score()
    for seed in range(200, 206):
        day = business_day(zone, local_ms(zone, date(2030, 1, 7), time(12)))
        drawn, model = draw(zone, day, seed), PaperZone(zone, day.from_ms)
        assert drawn is not None
        await play(zone, drawn, PaperPort(model))
        score(model.log, QueueLength(zone), total)
    assert len(total.waits_s) > 500
    assert 0.68 < total.coverage < 0.9
    assert total.too_late < 0.2
    assert abs(total.bias_s) < 120
    assert total.mean_error_s < 0.5 * total.mean_wait_s
    assert total.unknown < 0.03 * len(total.waits_s)
