"""A zone on paper, and laws that learn from every event of it."""

from uuid import UUID

from queue_core.domain.commands import CallNext, Cancel, Command, Finish, Issue, OpenCounter, Start
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.learning import Learning
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

MONDAY_NOON_MS = 1_893_927_600_000
A, B = ServiceId("a"), ServiceId("b")
DEFAULT, PRIORITY = ClassId("default"), ClassId("priority")
ONE, TWO = CounterId("1"), CounterId("2")
ZONE = office({"a": 5, "b": 10}, [("a",), ("a", "b")])


class Watched:
    """What an undo may take back is learned with the first event after `settle`."""

    def __init__(self, zone: Zone = ZONE, laws: Laws | None = None) -> None:
        self.zone, self.laws = zone, laws or Laws()
        self.paper = PaperZone(zone, MONDAY_NOON_MS)
        self.state = Snapshot()
        self.learning = Learning(zone, self.laws, self.state)
        self.take(self.paper.log[0])

    @property
    def now_ms(self) -> int:
        return self.paper.now_ms

    def take(self, event: Event) -> None:
        self.learning.observe(event, self.state)
        self.state.fold(event)
        self.learning.follow(event, self.state)

    def do(self, command: Command, after_s: float = 0) -> None:
        self.wait(after_s)
        for event in self.paper.do(command):
            self.take(event)

    def wait(self, seconds: float) -> None:
        self.paper.now_ms += int(1000 * seconds)

    def draw(self, service: ServiceId = A, visitor_class: ClassId = DEFAULT) -> TicketId:
        ticket = TicketId(f"t{len(self.paper.log)}")
        self.do(Issue(service, visitor_class, ticket))
        return ticket

    def open(self, *counters: CounterId) -> None:
        for counter in counters:
            self.do(OpenCounter(counter))

    def serve(self, counter: CounterId, seconds: float, way_s: float = 0) -> None:
        self.do(CallNext(counter))
        if way_s:
            self.do(Start(counter), after_s=way_s)
        self.do(Finish(counter), after_s=seconds - way_s)

    def open_after(self, counter: CounterId, seconds: float) -> None:
        self.do(OpenCounter(counter), after_s=seconds)

    def serve_all(self) -> None:
        """Nobody is left in the house."""
        for ticket in self.state.waiting():
            self.do(Cancel(ticket.id, by="staff"))

    def settle(self) -> None:
        """A minute later somebody draws for a service whose law nobody looks at."""
        self.wait(60)
        self.draw(B)

    def undo(self, counter: CounterId, count: int, before: Snapshot) -> None:
        """Takes back the last `count` events, as the engine's undo does; `before`: the state before them."""
        last = self.state.seq
        held = before.tickets[before.counters[counter].ticket]
        data = {
            "counter": counter,
            "undoes_seq": last - count + 1,
            "undoes_count": count,
            "tickets": [held.to_json()],
            "counter_record": before.counters[counter].to_json(),
        }
        event = Event(1, last + 1, self.now_ms, EventType.UNDONE, str(UUID(int=last)), data)
        self.paper.state.fold(event)
        self.paper.log.append(event)
        self.take(event)
