"""Events refuse what they do not know, and the table of transitions is whole."""

from typing import Any

import pytest

from queue_core.domain.events import FIELDS, TICKET_FIELDS, TRANSITIONS, Event, EventType
from queue_core.domain.model import CLOSED, IN_THE_HOUSE, TicketState

STARTED: dict[str, Any] = {
    "type": "started",
    "at_ms": 5,
    "command": "c",
    "ticket": "t",
    "number": "A001",
    "from": "called",
}


def test_an_event_is_read_and_written() -> None:
    event = Event.from_json(7, 3, STARTED)
    assert (event.epoch, event.seq, event.at_ms, event.type, event.command) == (7, 3, 5, EventType.STARTED, "c")
    written = event.to_json()
    assert list(written)[:4] == ["epoch", "seq", "at_ms", "type"]
    assert "command" not in written


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="started at 7-3 carries unknown fields: colour"):
        Event.from_json(7, 3, {**STARTED, "colour": "red"})


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="danced"):
        Event.from_json(7, 3, {**STARTED, "type": "danced"})


def test_every_type_says_what_it_may_carry() -> None:
    assert FIELDS.keys() == set(EventType)
    assert all(FIELDS[kind] >= TICKET_FIELDS for kind in TRANSITIONS)


def test_nothing_leads_out_of_a_closed_state() -> None:
    assert all(states <= IN_THE_HOUSE for states, _ in TRANSITIONS.values())
    assert {state for _, state in TRANSITIONS.values()} >= CLOSED


def test_every_open_state_can_expire() -> None:
    assert TRANSITIONS[EventType.EXPIRED] == (IN_THE_HOUSE, TicketState.EXPIRED)


def test_an_epoch_of_an_empty_zone_has_empty_lists_and_not_what_lua_makes_of_them() -> None:
    payload = {
        "type": "epoch_started",
        "at_ms": 1,
        "command": "c",
        "cause": "fresh",
        "state": {"calls": {}, "day": "x"},
    }
    state = Event.from_json(1, 1, payload).data["state"]
    lists = ("tickets", "counters", "calls", "lent", "bookings", "holds", "arrived", "blocks")
    assert state == {"day": "x", **{name: [] for name in lists}}
    assert payload["state"] == {"calls": {}, "day": "x"}
