"""Who has stood longest is known without looking at all who stand, and is the same as if one had looked."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_core.domain.commands import CallNext, CloseCounter, Command, Issue, OpenCounter, Return, Transfer
from queue_core.domain.errors import Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, ReturnMode, Ticket, TicketId
from queue_core.domain.policy import may_call, pin_queue
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.queue_length.seniority import Seniority
from queue_core.simulate.paper import PaperZone
from tests.queue_core.estimate.queue_length.test_method import (
    DEFAULT,
    MONDAY_NOON_MS,
    ONE,
    PRIORITY,
    STEPS,
    TWO,
    ZONE,
    A,
    Step,
)

FIRST, SECOND = TicketId("first"), TicketId("second")
LATER_S = 300


class House:
    """A model zone, and what is known of who stands in it."""

    def __init__(self) -> None:
        self.model = PaperZone(ZONE, MONDAY_NOON_MS)
        self.state = self.model.state
        self.seniority = Seniority(self.state)

    def do(self, *commands: Command) -> None:
        for command in commands:
            for event in self.model.do(command):
                self.seniority.follow(event, self.state)

    def happen(self, kind: EventType, **data: object) -> None:
        event = Event(self.state.epoch, self.state.seq + 1, self.model.now_ms, kind, "", data)
        self.state.fold(event)
        self.seniority.follow(event, self.state)

    def eldest(self, leaving: TicketId | None = None) -> dict[ClassId, int]:
        place = ZONE.counters[ONE]
        queues = pin_queue(ONE), *place.services
        return self.seniority.eldest(queues, self.state, self.model.now_ms, leaving)

    def looked_for(self, leaving: TicketId | None = None) -> dict[ClassId, int]:
        found: dict[ClassId, int] = {}
        for t in self.state.waiting():
            if t.id != leaving and t.not_before_ms <= self.model.now_ms and may_call(ZONE.counters[ONE], t):
                found[t.visitor_class] = min(t.seq, found.get(t.visitor_class, t.seq))
        return found


def test_the_eldest_of_each_class_is_the_one_who_joined_first() -> None:
    house = House()
    house.do(Issue(A, DEFAULT, FIRST), Issue(A, PRIORITY, SECOND), Issue(A, DEFAULT, TicketId("third")))
    assert house.eldest() == {DEFAULT: _seq(house, FIRST), PRIORITY: _seq(house, SECOND)}


def test_who_leaves_is_not_counted() -> None:
    house = House()
    house.do(Issue(A, DEFAULT, FIRST), Issue(A, DEFAULT, SECOND))
    assert house.eldest(leaving=FIRST) == {DEFAULT: _seq(house, SECOND)}


def test_who_may_not_be_called_yet_counts_when_the_time_has_come() -> None:
    house = House()
    house.do(OpenCounter(ONE), Issue(A, DEFAULT, FIRST), CallNext(ONE), Return(FIRST, ReturnMode.AFTER, LATER_S))
    assert house.eldest() == {}
    house.model.now_ms += 1000 * LATER_S
    assert house.eldest() == {DEFAULT: _seq(house, FIRST)}


def test_who_was_pinned_to_a_counter_stands_for_all_when_it_closes() -> None:
    house = House()
    house.do(OpenCounter(TWO), Issue(A, DEFAULT, FIRST), Transfer(FIRST, to_counter=TWO))
    assert house.eldest() == {}
    house.do(CloseCounter(TWO))
    assert house.eldest() == {DEFAULT: _seq(house, FIRST)}


def test_an_undone_call_stands_again() -> None:
    house = House()
    house.do(OpenCounter(ONE), Issue(A, DEFAULT, FIRST))
    before = house.state.tickets[FIRST]
    assert house.eldest(leaving=FIRST) == {}
    house.do(CallNext(ONE))
    undone = _undone(house.state, before)
    house.happen(EventType.UNDONE, **undone)
    assert house.eldest() == {DEFAULT: _seq(house, FIRST)}


def test_a_new_epoch_begins_with_its_state() -> None:
    house = House()
    house.do(Issue(A, DEFAULT, FIRST))
    waiting = replace(house.state.tickets[FIRST], id=SECOND, seq=1).to_json()
    state = {"epoch": 2, "seq": 1, "tickets": [waiting], "counters": [], "services": {A: True}}
    house.happen(EventType.EPOCH_STARTED, state=state, cause="test")
    assert house.eldest() == {DEFAULT: 1}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(STEPS, st.integers(0, 200)), max_size=60))
def test_whatever_happens_it_is_what_one_would_find_by_looking(steps: list[tuple[Step, int]]) -> None:
    house = House()
    house.do(OpenCounter(ONE), OpenCounter(TWO))
    for step, pause_s in steps:
        house.model.now_ms += 1000 * pause_s
        command = step(list(house.state.tickets))
        if isinstance(command, Issue):
            command = replace(command, ticket=TicketId(f"t{len(house.model.log)}"))
        if command is not None:
            with suppress(Refused):
                house.do(command)
        assert house.eldest() == house.looked_for()


def _seq(house: House, ticket: TicketId) -> int:
    return house.state.tickets[ticket].seq


def _undone(state: Snapshot, before: Ticket) -> dict[str, object]:
    counter = replace(state.counters[ONE], ticket=TicketId(""))
    return {
        "counter": ONE,
        "undoes_seq": state.seq,
        "undoes_count": 1,
        "tickets": [before.to_json()],
        "counter_record": counter.to_json(),
    }
