"""Archives of format 1 stay readable: the visits, and nothing of counters."""

from typing import Any

from queue_core.domain.archive import events_of
from queue_core.domain.model import Ticket, TicketState
from queue_core.domain.snapshot import Snapshot

ISSUED: dict[str, Any] = {"service": "new", "visitor_class": "normal", "issued_s": 20, "arrival_s": 20, "rank_s": 20}
LINES: list[dict[str, Any]] = [
    {"version": 1},
    {"at_s": 10, "type": "day_rolled", "day": "2026-03-02"},
    {"at_s": 11, "type": "configured"},
    {"at_s": 12, "type": "counter_opened", "counters_open": 1},
    {"at_s": 13, "type": "booked", "service": "new", "visitor_class": "normal", "slot_s": 900},
    {"at_s": 20, "type": "issued", "ordinal": 1, **ISSUED, "estimate": {"p10_s": 5, "p50_s": 10, "p90_s": 30}},
    {"at_s": 21, "type": "checked_in", "service": "new", "visitor_class": "normal", "slot_s": 900},
    {"at_s": 21, "type": "issued", "ordinal": 2, **ISSUED, "slot_s": 900, "not_before_s": 600},
    {"at_s": 22, "type": "numbers_reserved"},
    {"at_s": 30, "type": "called", "ordinal": 1, "service": "new", "from": "waiting"},
    {"at_s": 32, "type": "undone", "undoes_count": 1, "tickets": [{"ordinal": 1, "state": "waiting"}]},
    {"at_s": 40, "type": "called", "ordinal": 1, "service": "new", "from": "waiting"},
    {"at_s": 50, "type": "started", "ordinal": 1, "service": "new", "from": "called"},
    {"at_s": 90, "type": "finished", "ordinal": 1, "service": "new", "from": "serving"},
    {"at_s": 91, "type": "undone", "undoes_count": 1, "tickets": [{"ordinal": 1, "state": "serving"}]},
    {"at_s": 92, "type": "undone", "undoes_count": 1, "tickets": [{"ordinal": 7, "state": "serving"}]},
    {"at_s": 95, "type": "cancelled", "ordinal": 9, "service": "new", "from": "waiting"},
    {"at_s": 99, "type": "expired", "ordinal": 2, "service": "new", "from": "waiting"},
    {"at_s": 99, "type": "counter_closed", "counters_open": 0},
]


def states_after_each() -> list[tuple[str, dict[int, TicketState]]]:
    state, seen = Snapshot(), []
    for event in events_of(LINES):
        state.fold(event)
        seen.append((event.type.value, {t.ordinal: t.state for t in state.tickets.values()}))
    return seen


def test_visits_are_replayed_undone_moves_included() -> None:
    waiting, called, serving = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
    assert states_after_each() == [
        ("epoch_started", {}),
        ("issued", {1: waiting}),
        ("issued", {1: waiting, 2: waiting}),
        ("called", {1: called, 2: waiting}),
        ("undone", {1: waiting, 2: waiting}),
        ("called", {1: called, 2: waiting}),
        ("started", {1: serving, 2: waiting}),
        ("finished", {2: waiting}),
        ("undone", {1: serving, 2: waiting}),
        ("expired", {1: serving}),
    ]


def test_a_restored_ticket_has_its_times_and_an_appointment_is_one() -> None:
    state, tickets = Snapshot(), dict[int, Ticket]()
    for event in events_of(LINES):
        state.fold(event)
        tickets |= {t.ordinal: t for t in state.tickets.values()}
    restored, appointed = tickets[1], tickets[2]
    assert (restored.called_ms, restored.started_ms, restored.rank_ms) == (40_000, 50_000, 20_000)
    assert (appointed.slot_ms, appointed.not_before_ms, bool(appointed.booking)) == (900_000, 600_000, True)
    assert state.issued == {"new": 1}


def test_what_was_shown_and_the_business_day_are_kept() -> None:
    events = list(events_of(LINES))
    assert events[1].data["estimate"] == {"p10_s": 5, "p50_s": 10, "p90_s": 30}
    assert events[0].data["state"]["day"] == "2026-03-02"
    assert {e.data["counter"] for e in events if e.type == "called"} == {""}


def test_a_ticket_of_before_the_archive_is_left_out() -> None:
    lines = [LINES[0], {"at_s": 1, "type": "epoch_started", "cause": "restored"}, {**LINES[9], "ordinal": 4}]
    assert [e.type for e in events_of(lines)] == ["epoch_started"]
