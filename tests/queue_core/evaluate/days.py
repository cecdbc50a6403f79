"""Small days by hand, and a method that says what it is told to."""

from collections.abc import Iterable, Mapping

from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, Range
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

ONE, TWO = CounterId("1"), CounterId("2")
A, B, EVERYBODY = ServiceId("a"), ServiceId("b"), ClassId("default")
T1, T2, T3 = TicketId("t1"), TicketId("t2"), TicketId("t3")
ZONE = office({"a": 5}, [("a",)])
NINE_MS = 1_893_927_600_000

#: Seconds after the step before, then what happens.
Steps = Iterable[tuple[float, Command]]


def draw(ticket: TicketId, service: ServiceId = A, visitor_class: ClassId = EVERYBODY) -> Issue:
    return Issue(service, visitor_class, ticket)


#: One who is called at once, one who waits for ten minutes, one who is never called.
MORNING: Steps = (
    (0, OpenCounter(ONE)),
    (0, draw(T1)),
    (0, draw(T2)),
    (5, CallNext(ONE)),
    (295, draw(T3)),
    (300, Finish(ONE)),
    (0, CallNext(ONE)),
)


def log(steps: Steps = MORNING, zone: Zone = ZONE) -> list[Event]:
    paper = PaperZone(zone, NINE_MS)
    for after_s, command in steps:
        paper.now_ms += int(1000 * after_s)
        paper.do(command)
    return paper.log


def said(p10_s: int, p50_s: int, p90_s: int) -> Range:
    return Range(p10_s, p50_s, p90_s, "fixed")


class Saying:
    """Says the same of everybody who waits, or of each ticket its own."""

    def __init__(self, of_all: Range | None = None, of: Mapping[TicketId, Range] | None = None) -> None:
        self._of_all, self._of = of_all, of or {}
        self._state = Snapshot()
        self.asked_ms: list[int] = []
        self.days_ended = 0

    def observe(self, event: Event) -> None:
        self._state.fold(event)

    def forecast(self, now_ms: int) -> Forecast:
        self.asked_ms.append(now_ms)
        tickets = {t.id: self._of.get(t.id, self._of_all) for t in self._state.waiting()}
        return Forecast(now_ms, self._state.seq, tickets)

    def end_day(self) -> None:
        self.days_ended += 1


def drawn_ms(events: Iterable[Event]) -> list[int]:
    return [e.at_ms for e in events if e.type is EventType.ISSUED]
