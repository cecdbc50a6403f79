"""What is kept of a day says nothing of a person."""

import json
from typing import Any

import pytest

from queue_core.domain.archive import deidentified
from queue_core.domain.archive.writing import PLAIN, REPLACED, TIMES
from queue_core.domain.events import FIELDS
from queue_core.domain.model import CounterId, ServiceId
from tests.queue_core.domain.archive.days import event, simulated
from tests.support.archived import places_of
from tests.support.zones import zone

TELLING = frozenset(
    {
        *("number", "n", "reason", "outcome", "holder", "first", "last", "by", "digest", "command", "series", "lent"),
        *("length_ms", "held_until_ms", "made_ms", "changes", "block", "from_ms", "to_ms"),
    }
)
NEW = ServiceId("new")
PLACES = {CounterId("place-nine"): (NEW, ServiceId("short")), CounterId("place-one"): (NEW,)}

EARLY = {"id": "early", "number": "A046", "ordinal": 4, "service": "new", "state": "waiting", "rank_ms": 900_500}
DAY = [
    event(
        1,
        "epoch_started",
        cause="fresh",
        state={"tickets": [EARLY], "counters": [{"id": "place-nine", "state": "open"}, {"id": "place-eight"}]},
    ),
    event(2, "counter_opened", counter="place-one"),
    event(3, "issued", ticket="random-id", number="A047", ordinal=5, service="new", arrival_ms=1_234_567, n=47),
    event(4, "called", ticket="random-id", number="A047", service="new", counter="place-one"),
    event(5, "parked", ticket="random-id", number="A047", service="new", counter="place-one", reason="lost passport"),
    event(6, "numbers_reserved", series="a", first=50, last=60, holder="kiosk-7"),
    event(
        7,
        "undone",
        counter="place-one",
        undoes_seq=5,
        undoes_count=1,
        tickets=[{"id": "random-id", "number": "A047", "ordinal": 5, "state": "called", "called_ms": 1_006_000}],
        counter_record={"id": "place-one", "state": "open", "ticket": "random-id", "since_ms": 1_006_000},
    ),
    event(8, "called", ticket="early", number="A046", service="new", counter="place-nine"),
    event(9, "counter_paused", counter="place-one", reason="doctor"),
    event(10, "counter_closed", counter="place-nine"),
    event(11, "counter_opened", counter="place-nine"),
    event(12, "booked", booking="b-secret", service="new", visitor_class="normal", slot_ms=7_200_999),
    event(13, "checked_in", booking="b-older", service="new", visitor_class="normal", slot_ms=1_200_000, ticket="x"),
]


def lines(**more: Any) -> list[dict[str, Any]]:
    return list(deidentified(DAY, PLACES, **more))


def test_tickets_become_ordinals_and_times_seconds() -> None:
    assert lines()[3] == {"at_s": 1004, "type": "issued", "service": "new", "arrival_s": 1234, "ordinal": 5}
    assert [line["ordinal"] for line in lines() if line.get("type") == "called"] == [5, 4]


def test_the_head_says_what_the_day_and_each_session_served() -> None:
    head = lines()[0]
    assert (head["version"], head["services"]) == (2, ["new", "short"])
    assert sorted(head["sessions"]) == [["new"], ["new", "short"], ["new", "short"]]


def test_a_session_lasts_from_opening_to_closing_and_over_a_break() -> None:
    opened = [line["session"] for line in lines() if line.get("type") in {"counter_opened", "counter_paused"}]
    assert (opened[0], len({*opened})) == (opened[1], 2)
    carried = lines()[1]["state"]["counters"]
    called = [line["session"] for line in lines() if line.get("type") == "called"]
    assert called == [opened[0], carried[0]["session"]]
    assert {*opened, carried[0]["session"]} == {1, 2, 3}


def test_sessions_are_numbered_by_what_nobody_knows_any_more() -> None:
    def numbers(secret: str) -> list[int]:
        opened = [event(n, "counter_opened", counter=f"{n}") for n in range(1, 9)]
        renamed = [type(e)(e.epoch, e.seq, e.at_ms, e.type, secret + e.command, e.data) for e in opened]
        return [line["session"] for line in deidentified(renamed, PLACES) if "session" in line]

    assert numbers("one") == numbers("one")
    assert len({tuple(numbers(secret)) for secret in "abcdef"}) > 1
    assert sorted(numbers("one")) == list(range(1, 9))


def test_without_sessions_counters_become_how_many_are_open() -> None:
    assert [line["counters_open"] for line in lines(sessions=False) if "counters_open" in line] == [2, 2, 1, 2]
    assert "session" not in json.dumps(lines(sessions=False))


def test_a_counter_that_is_configured_no_more_served_what_it_called() -> None:
    assert sorted(next(iter(deidentified(DAY)))["sessions"]) == [["new"]] * 3


def test_an_undo_keeps_what_was_restored_and_how_far_back() -> None:
    undone = next(line for line in lines() if line.get("type") == "undone")
    session = next(line["session"] for line in lines() if line.get("type") == "counter_opened")
    assert undone == {
        "at_s": 1010,
        "type": "undone",
        "session": session,
        "undoes_count": 1,
        "undoes_back": 1,
        "tickets": [{"state": "called", "called_s": 1006, "ordinal": 5}],
        "counter": {"session": session, "state": "open", "since_s": 1006, "ordinal": 5},
    }


def test_appointments_become_ordinals_and_those_of_earlier_days_stand_in_the_head() -> None:
    assert [line["appointment"] for line in lines() if "appointment" in line] == [1, 2]
    assert lines()[0]["appointments"] == [
        {"appointment": 2, "service": "new", "visitor_class": "normal", "slot_s": 1200}
    ]


def test_of_what_was_shown_the_range_is_kept_and_nothing_else() -> None:
    shown = {"p10_s": 60, "p50_s": 120, "p90_s": 300, "method": "queue_length", "note": "for Mr X"}
    issued = event(2, "issued", ticket="t", number="A1", ordinal=1, service="new", estimate=shown)
    assert list(deidentified([issued]))[1]["estimate"] == {"p10_s": 60, "p50_s": 120, "p90_s": 300}


def test_a_day_without_events_is_a_head() -> None:
    assert list(deidentified([])) == [{"version": 2, "services": [], "sessions": []}]


@pytest.mark.parametrize("sessions", [True, False])
def test_nothing_of_a_person_is_left(sessions: bool) -> None:
    text = json.dumps(lines(sessions=sessions))
    telling = ("random-id", "A04", "early", "passport", "doctor", "command-", "place-", "kiosk", "b-secret", "b-older")
    assert [word for word in telling if word in text] == []


@pytest.mark.parametrize("seed", range(3))
def test_nothing_identifying_is_in_the_archive_of_a_random_day(seed: int) -> None:
    configured = zone(counters={CounterId(f"place-{c}"): p for c, p in zone().counters.items()})
    log = [
        type(e)(e.epoch, e.seq, e.at_ms, e.type, f"command-{e.seq}", {**e.data, **_at_place(e.data)})
        for e in simulated(seed)
    ]
    text = json.dumps(list(deidentified(log, places_of(configured))))
    words = {
        w for e in log for w in (e.command, e.data.get("ticket"), e.data.get("number"), e.data.get("counter")) if w
    }
    assert len(words) > 500
    assert [w for w in words if f'"{w}"' in text or (w.startswith(("place", "command")) and w in text)] == []
    assert "_ms" not in text


def _at_place(data: Any) -> dict[str, str]:
    return {"counter": f"place-{data['counter']}"} if "counter" in data else {}


def test_the_same_events_give_the_same_lines() -> None:
    assert lines() == lines()


def test_every_field_of_every_event_is_either_kept_or_known_to_tell() -> None:
    fields = {name for names in FIELDS.values() for name in names}
    kept = PLAIN | TIMES | REPLACED
    assert fields - (kept | TELLING) == set()
    assert set() == kept & TELLING
