"""Answers are pure functions of events."""

from typing import Any

from queue_core.domain.events import Event, EventType
from queue_core.domain.outcome import Outcome


def outcome(*events: tuple[str, dict[str, Any]]) -> Outcome:
    made = [Event(1, n, 0, EventType(kind), "c", data) for n, (kind, data) in enumerate(events, 1)]
    return Outcome(1, len(made), 0, tuple(made))


TICKET = {"ticket": "t", "number": "A001", "service": "new", "counter": "1"}


def test_the_ticket_is_that_of_the_last_event_about_one() -> None:
    done = outcome(("finished", {**TICKET, "ticket": "before"}), ("called", TICKET))
    assert done.ticket() == {"id": "t", "number": "A001", "service": "new", "state": "called"}


def test_a_counter_holds_whom_it_calls() -> None:
    assert outcome(("called", TICKET)).counter() == {"id": "1", "state": "open", "ticket": "t"}


def test_a_counter_is_free_when_the_visit_has_ended() -> None:
    assert outcome(("started", TICKET), ("finished", TICKET)).counter() == {"id": "1", "state": "open"}


def test_a_counter_is_as_its_event_says() -> None:
    assert outcome(("counter_paused", {"counter": "1"})).counter() == {"id": "1", "state": "paused"}
    assert outcome(("counter_closed", {"counter": "1"})).counter() == {"id": "1", "state": "closed"}


def test_a_draw_names_no_counter_and_a_counters_event_no_ticket() -> None:
    drawn = {name: value for name, value in TICKET.items() if name != "counter"}
    assert outcome(("issued", drawn)).counter() is None
    assert outcome(("counter_opened", {"counter": "1"})).ticket() is None
    assert outcome().ticket() is None


def test_an_undo_answers_with_what_it_restored() -> None:
    record = {"id": "t", "number": "A001", "service": "new", "state": "waiting", "ordinal": 1}
    undone = outcome(("undone", {"counter": "1", "tickets": [record], "counter_record": {"id": "1", "state": "open"}}))
    assert undone.ticket() == {"id": "t", "number": "A001", "service": "new", "state": "waiting"}
    assert undone.counter() == {"id": "1", "state": "open"}
