from queue_core.domain.commands import CallNext, Finish, OpenCounter
from queue_core.domain.model import TicketId
from queue_core.evaluate.rivals.ahead import TypedAverage
from queue_core.evaluate.rivals.regression import Regression
from tests.queue_core.evaluate.days import ONE, Steps, draw, log
from tests.support.offices import office

ZONE = office({"a": 5}, [("a",)])
LAST = TicketId("last")


def busy_day(visits: int, minutes: float) -> Steps:
    """Three in the queue at any time; each visit takes so long."""
    yield 0, OpenCounter(ONE)
    for n in range(3):
        yield 0, draw(TicketId(f"early{n}"))
    yield 0, CallNext(ONE)
    for n in range(visits):
        yield 60 * minutes, Finish(ONE)
        yield 0, CallNext(ONE)
        yield 0, draw(TicketId(f"t{n}"))
    yield 0, draw(LAST)


def test_it_learns_that_visits_are_not_as_long_as_configured() -> None:
    """Twice as long: two before the last one take 20 minutes, after the rest of the one at the counter."""
    method = Regression(ZONE)
    events = log(busy_day(80, 10), ZONE)
    for event in events:
        method.observe(event)
    told = method.forecast(events[-1].at_ms).tickets[LAST]
    assert told is not None
    assert 1500 < told.p50_s < 2100


def test_before_it_has_learned_it_says_what_the_typed_averages_say() -> None:
    method, typed = Regression(ZONE), TypedAverage(ZONE)
    events = log(busy_day(5, 10), ZONE)
    for event in events:
        method.observe(event)
        typed.observe(event)
    now_ms = events[-1].at_ms
    told, as_typed = method.forecast(now_ms).tickets[LAST], typed.forecast(now_ms).tickets[LAST]
    assert told is not None
    assert as_typed is not None
    assert told.p50_s == as_typed.p50_s
