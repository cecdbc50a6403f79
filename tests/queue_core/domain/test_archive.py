"""What is kept of a day says nothing of a person."""

import json
from typing import Any

from queue_core.domain.archive import KEPT, deidentified
from queue_core.domain.events import FIELDS, Event, EventType

TELLING = frozenset(
    {"ticket", "number", "n", "counter", "reason", "outcome", "booking", "holder", "first", "last", "by", "pin"}
    | {
        "state",
        "tickets",
        "counter_record",
        "digest",
        "command",
        "series",
        "lent",
        "services",
        "counters",
        "undoes_seq",
    }
)


def event(seq: int, kind: str, **data: Any) -> Event:
    return Event(1, seq, 1_000_000 + 1500 * seq, EventType(kind), f"command-{seq}", data)


DAY = [
    event(
        1,
        "epoch_started",
        cause="fresh",
        state={"tickets": [{"id": "early", "ordinal": 4}], "counters": [{"id": "9", "state": "open"}, {"id": "8"}]},
    ),
    event(2, "counter_opened", counter="1"),
    event(3, "issued", ticket="random-id", number="A047", ordinal=5, service="new", arrival_ms=1_234_567, n=47),
    event(4, "called", ticket="random-id", number="A047", service="new", counter="1"),
    event(5, "parked", ticket="random-id", number="A047", service="new", counter="1", reason="lost her passport"),
    event(6, "undone", counter="1", undoes_seq=5, undoes_count=1, tickets=[{"ordinal": 5, "state": "called"}]),
    event(7, "called", ticket="early", number="A046", service="new", counter="1"),
    event(8, "counter_paused", counter="1", reason="doctor"),
    event(9, "counter_closed", counter="9"),
]


def test_tickets_become_ordinals_and_times_seconds() -> None:
    lines = list(deidentified(DAY))
    assert lines[0] == {"version": 1}
    assert lines[3] == {"at_s": 1004, "type": "issued", "service": "new", "arrival_s": 1234, "ordinal": 5}
    assert [line.get("ordinal") for line in lines[4:8]] == [5, 5, None, 4]


def test_counters_become_how_many_are_open() -> None:
    assert [line["counters_open"] for line in deidentified(DAY) if "counters_open" in line] == [2, 1, 0]


def test_an_undo_keeps_what_became_of_whom() -> None:
    assert list(deidentified(DAY))[6]["tickets"] == [{"ordinal": 5, "state": "called"}]


def test_nothing_of_a_person_is_left() -> None:
    text = json.dumps(list(deidentified(DAY)))
    assert [w for w in ("random-id", "A047", "early", "passport", "doctor", "command-") if w in text] == []


def test_the_same_events_give_the_same_lines() -> None:
    assert list(deidentified(DAY)) == list(deidentified(DAY))


def test_every_field_of_every_event_is_either_kept_or_known_to_tell() -> None:
    fields = {name for names in FIELDS.values() for name in names}
    decided = KEPT | TELLING | {"ordinal", "day_from_ms", "day_to_ms", "from_day"}
    assert fields - decided == set()
    assert set() == KEPT & TELLING
