from queue_core.domain.commands import CallNext, Cancel, Finish, OpenCounter, Park, Recall, Start
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import Current
from tests.queue_core.domain.views.scenes import NINE_MS, Morning
from tests.support.zones import ONE, SHORT, TWO


def morning() -> Morning:
    begun = Morning()
    for _ in range(3):
        begun.issue(SHORT)
    begun.do(OpenCounter(ONE))
    begun.do(OpenCounter(TWO))
    return begun


def offered(at: Morning) -> dict[str, tuple[str, str]]:
    return {counter: (move.type.value, move.number) for counter, move in at.moves.by_counter.items()}


def test_the_last_move_of_each_counter_is_offered() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(CallNext(TWO))
    assert offered(at) == {ONE: ("called", "C001"), TWO: ("called", "C002")}
    at.do(Start(ONE))
    assert offered(at)[ONE] == ("started", "C001")


def test_a_move_of_several_events_is_one_and_bears_its_last_name() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(CallNext(ONE, Current.FINISH))
    assert offered(at) == {ONE: ("called", "C002")}
    assert len(at.moves.by_counter[ONE].tickets) == 2


def test_a_recall_or_an_opening_ends_the_offer() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(Recall(ONE))
    assert offered(at) == {}


def test_the_offer_ends_when_somebody_else_changes_the_ticket() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(Park(ONE))
    parked = next(t.id for t in at.model.state.tickets.values() if t.number == "C001")
    assert offered(at) == {ONE: ("parked", "C001")}
    at.do(Cancel(parked, "staff"))
    assert offered(at) == {}


def test_a_visitor_served_without_a_ticket_is_not_taken_back() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(Finish(ONE))
    common = {"ticket": "served", "number": "C004", "service": SHORT}
    for kind, data in (
        (EventType.ISSUED, {}),
        (EventType.CALLED, {"counter": ONE, "direct": True}),
        (EventType.STARTED, {"counter": ONE}),
    ):
        at.moves.fold(Event(1, 99, NINE_MS, kind, "serve", common | data))
    assert offered(at) == {}


def test_a_move_is_undone_once_and_a_new_day_forgets_all() -> None:
    at = morning()
    at.do(CallNext(ONE))
    at.do(CallNext(TWO))
    at.do(Finish(TWO))
    at.moves.fold(Event(1, 99, NINE_MS, EventType.UNDONE, "undo", {"counter": ONE, "tickets": []}))
    assert offered(at) == {TWO: ("finished", "C002")}
    at.moves.fold(Event(1, 100, NINE_MS, EventType.DAY_ROLLED, "roll", {}))
    assert offered(at) == {}
