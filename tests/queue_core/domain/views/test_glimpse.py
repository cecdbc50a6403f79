import json

import pytest

from queue_core.domain.commands import CallNext, Finish, OpenCounter
from queue_core.domain.events import RESHAPES, TICKET_FIELDS, TRANSITIONS, Event, EventType
from queue_core.domain.model import TicketId
from queue_core.domain.views.glimpse import glimpse, tickets_of
from queue_core.domain.views.view import FOR_EVERYBODY, View
from tests.queue_core.domain.views.scenes import NINE_MS, Morning
from tests.support.zones import ONE


def event(kind: EventType, **data: object) -> Event:
    return Event(1, 2, NINE_MS, kind, "command", data)


CALLED = event(
    EventType.CALLED, **{"from": "waiting"}, ticket="secret", number="A001", service="new", counter=ONE, issued_ms=1
)
UNDONE = event(
    EventType.UNDONE, counter=ONE, undoes_seq=1, undoes_count=1, tickets=[{"id": "secret", "number": "A001"}]
)


@pytest.mark.parametrize("view", [View.PUBLIC, View.LOBBY])
def test_a_call_shows_number_and_counter(view: View) -> None:
    assert glimpse(view, CALLED) == {
        "type": "called",
        "at_ms": NINE_MS,
        "number": "A001",
        "service": "new",
        "counter": ONE,
    }


@pytest.mark.parametrize("view", [View.PUBLIC, View.LOBBY])
def test_nobody_is_told_to_look_for_a_visitor_who_stands_at_the_counter(view: View) -> None:
    direct = Event(1, 2, NINE_MS, EventType.CALLED, "command", {**CALLED.data, "direct": True})
    assert glimpse(view, direct) is None
    assert glimpse(View.DESK, direct) is not None


def test_waits_show_no_calls() -> None:
    assert glimpse(View.WAITS, CALLED) is None
    assert glimpse(View.WAITS, UNDONE) is None


def test_an_undone_call_says_which_numbers_are_taken_back() -> None:
    assert glimpse(View.LOBBY, UNDONE) == {"type": "undone", "at_ms": NINE_MS, "counter": ONE, "numbers": ["A001"]}


def test_the_desk_sees_every_event_of_a_ticket_with_its_id() -> None:
    for kind in TRANSITIONS:
        seen = glimpse(View.DESK, event(kind, **dict.fromkeys(TICKET_FIELDS, "x")))
        assert seen
        assert seen.keys() >= TICKET_FIELDS


def test_an_own_ticket_sees_its_events_alone() -> None:
    assert glimpse(View.OWN, CALLED, TicketId("secret"))
    assert glimpse(View.OWN, UNDONE, TicketId("secret"))
    assert glimpse(View.OWN, CALLED, TicketId("another")) is None
    assert glimpse(View.OWN, CALLED) is None


@pytest.mark.parametrize("view", View)
def test_what_reshapes_everything_is_no_event_of_any_view(view: View) -> None:
    assert [kind for kind in RESHAPES if glimpse(view, event(kind), TicketId("x"))] == []


@pytest.mark.parametrize("seed", range(5))
def test_events_for_everybody_name_no_ticket(seed: int) -> None:
    for happened in Morning().random_events(seed, 150):
        for view in FOR_EVERYBODY:
            told = json.dumps(glimpse(view, happened))
            assert not any(ticket in told for ticket in tickets_of(happened))
            assert "issued_ms" not in told


def test_the_events_of_one_command_are_seen_one_by_one() -> None:
    morning = Morning()
    morning.issue()
    morning.do(OpenCounter(ONE))
    morning.do(CallNext(ONE))
    kinds = [(glimpse(View.DESK, e) or {})["type"] for e in morning.do(Finish(ONE))]
    assert kinds == ["started", "finished"]
