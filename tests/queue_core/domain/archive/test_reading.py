"""An archive can be replayed: whoever learns from it sees what the log showed."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from queue_core.domain.archive import deidentified, events_of
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId, TicketState
from queue_core.domain.snapshot import Snapshot
from tests.queue_core.domain.archive.days import event, simulated
from tests.support.archived import assert_replays, places_of
from tests.support.zones import NEW, ONE, SHORT, TWO, zone

PLACES = places_of(zone())


def issued(seq: int, ordinal: int, **more: Any) -> Event:
    at_ms = 1_000_000 + 1500 * seq
    named = {"ticket": f"t{ordinal}", "number": f"A{ordinal}", "series": "a", "n": ordinal, "ordinal": ordinal}
    times = {"issued_ms": at_ms, "arrival_ms": at_ms, "rank_ms": at_ms}
    return event(seq, "issued", **{**named, **times, "service": "new", "visitor_class": "normal", **more})


def of(seq: int, kind: str, ordinal: int, **more: Any) -> Event:
    return event(seq, kind, **{"ticket": f"t{ordinal}", "number": f"A{ordinal}", "service": "new", **more})


def started(**state: Any) -> Event:
    return event(1, "epoch_started", cause="fresh", state={"counters": [{"id": "1"}, {"id": "2"}], **state})


def folded(events: Any) -> Snapshot:
    state = Snapshot()
    for e in events:
        state.fold(e)
    return state


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("seated", [True, False], ids=["at-the-zones-counters", "at-counters-of-their-own"])
def test_a_simulated_day_replays_to_the_second(seed: int, seated: bool) -> None:
    assert_replays(simulated(seed), PLACES, PLACES if seated else None)


def test_sessions_sit_at_the_counters_of_the_zone_that_serve_the_same() -> None:
    log = [
        started(),
        event(2, "counter_opened", counter="2"),
        event(3, "counter_opened", counter="1"),
        issued(4, 1, service="short"),
        of(5, "called", 1, service="short", counter="2"),
    ]
    state = folded(events_of(deidentified(log, PLACES), PLACES))
    assert state.counters[TWO].ticket == state.calls[0].ticket
    assert state.counters[ONE].state is CounterState.OPEN
    elsewhere = {CounterId("x"): (NEW, SHORT), CounterId("y"): (ServiceId("other"),)}
    state = folded(events_of(deidentified(log, PLACES), elsewhere))
    assert next(c.id for c in state.counters.values() if c.state is CounterState.OPEN) == "x"
    assert len([c for c in state.counters if c.startswith("session-")]) == 1


def test_an_undone_call_is_taken_back_with_its_rank_and_its_line_of_calls() -> None:
    log = [
        started(),
        event(2, "counter_opened", counter="1"),
        issued(3, 1),
        event(4, "numbers_reserved", series="a", first=5, last=6, holder="kiosk"),
        of(5, "called", 1, counter="1", **{"from": "waiting"}),
        event(6, "numbers_reserved", series="a", first=7, last=8, holder="kiosk"),
        event(
            7,
            "undone",
            counter="1",
            undoes_seq=5,
            undoes_count=1,
            tickets=[{**{k: v for k, v in issued(3, 1).data.items() if k not in {"ticket", "n"}}, **WAITING}],
            counter_record={"id": "1", "state": "open", "since_ms": 1_003_000},
        ),
    ]
    assert_replays(log, PLACES, PLACES)
    replay = list(events_of(deidentified(log, PLACES), PLACES))
    assert folded(replay[:4]).calls
    state = folded(replay)
    assert (state.calls, [t.state for t in state.waiting()]) == ((), [TicketState.WAITING])


WAITING = {"id": "t1", "state": "waiting", "seq": 3}


def test_an_epoch_in_the_middle_of_a_day_takes_over_who_is_in_the_house() -> None:
    ticket = {**{k: v for k, v in issued(3, 1).data.items() if k not in {"ticket", "n"}}, **WAITING}
    at_counter = {**ticket, "id": "t2", "ordinal": 2, "state": "called", "counter": "1", "called_ms": 1_005_000}
    state = {
        "day": "2026-03-02",
        "day_from_ms": 1_000_000,
        "day_to_ms": 87_400_000,
        "ordinal": 2,
        "tickets": [ticket, at_counter],
        "counters": [{"id": "1", "state": "open", "ticket": "t2", "since_ms": 1_005_000}, {"id": "2"}],
        "services": {"new": True, "short": False},
        "issued": {"new": 2},
        "totals": {"finished": 0},
        "bookings": [{"id": "b", "service": "new", "visitor_class": "normal", "slot_ms": 2_000_000}],
        "series_last": {"a": 2},
    }
    again = Event(2, 1, 1_009_000, EventType.EPOCH_STARTED, "c", {"cause": "restored", "state": state})
    log = [
        started(),
        event(2, "counter_opened", counter="1"),
        issued(3, 1),
        again,
        Event(2, 2, 1_010_000, EventType.STARTED, "d", of(2, "started", 2, counter="1").data),
    ]
    assert_replays(log, PLACES, PLACES)
    assert_replays(log, PLACES)


def test_a_day_that_begins_with_a_rollover_knows_the_appointments_that_were_kept() -> None:
    log = [
        event(7, "day_rolled", day="2026-03-02", from_day="2026-03-01", day_from_ms=1_000_000, day_to_ms=87_400_000),
        event(8, "booking_moved", booking="never-seen-again", slot_ms=2_000_000),
        event(9, "checked_in", booking="b", service="new", visitor_class="normal", slot_ms=1_060_000, ticket="t1"),
        issued(10, 1, booking="b", slot_ms=1_060_000),
    ]
    replay = list(events_of(deidentified(log, PLACES), PLACES))
    assert [e.type.value for e in replay] == ["epoch_started", "checked_in", "issued"]
    assert len(folded(replay[:1]).bookings) == 1
    state = folded(replay)
    assert (state.day, state.bookings, [bool(t.booking) for t in state.waiting()]) == ("2026-03-02", {}, [True])


def test_without_sessions_calls_are_nobodys() -> None:
    log = [started(), event(2, "counter_opened", counter="1"), issued(3, 1), of(4, "called", 1, counter="1")]
    replay = list(events_of(deidentified(log, PLACES, sessions=False), PLACES))
    assert [e.type.value for e in replay] == ["epoch_started", "issued", "called"]
    state = folded(replay)
    assert [(t.state, t.counter) for t in state.tickets.values()] == [(TicketState.CALLED, "")]


def test_an_archive_of_nothing_has_no_events() -> None:
    assert list(events_of(deidentified([]))) == []


def test_lines_may_be_text_and_blank_ones_do_not_count() -> None:
    text = [json.dumps(line) for line in deidentified([started(), issued(2, 1)], PLACES)]
    assert len(list(events_of([*text, "", "\n"]))) == 2


HEAD = {"version": 2, "services": ["new"], "sessions": [["new"]]}
BEGIN = {"at_s": 1, "type": "epoch_started", "cause": "fresh", "state": {}}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1: an archive begins with its version"),
        ([BEGIN], "line 1: format None is not known"),
        ([{"version": 3}], "line 1: format 3 is not known, only 1 to 2"),
        (["{"], "line 1: Expecting"),
        (["[" * 100_000], "line 1: maximum recursion depth exceeded"),
        ([{"version": 2}, {"type": "day_rolled", "at_s": math.inf}], "line 2: cannot convert float infinity"),
        (["7"], "line 1: "),
        ([HEAD, BEGIN, {"at_s": 2, "type": "teleported"}], "line 3: 'teleported' is not a valid EventType"),
        ([HEAD, BEGIN, {"type": "counter_opened", "session": 1}], "line 3: 'at_s' is missing or unknown"),
        ([HEAD, BEGIN, {"at_s": 2, "type": "counter_opened", "session": 2}], "line 3: 2 is missing or unknown"),
        ([HEAD, BEGIN, {"at_s": 2, "type": "called", "session": 1, "ordinal": 1}], "line 3: "),
        ([HEAD, BEGIN, {"at_s": 2, "type": "called", "ordinal": 1}], "line 3: "),
        ([HEAD, BEGIN, {"at_s": "soon", "type": "counter_opened", "session": 1}], "line 3: "),
    ],
    ids=range(13),
)
def test_what_is_no_archive_is_refused_with_its_line(lines: list[Any], says: str) -> None:
    with pytest.raises(ValueError, match="line") as refused:
        list(events_of(lines))
    assert str(refused.value).startswith(says)


def test_a_day_that_was_over_ends_with_its_rollover_and_one_that_was_not_does_not() -> None:
    rolled = event(
        7, "day_rolled", day="2026-03-02", from_day="2026-03-01", day_from_ms=1_000_000, day_to_ms=87_400_000
    )
    log = [rolled, event(8, "counter_opened", counter="1"), event(9, "counter_closed", counter="1")]
    replay = list(events_of(deidentified(log, PLACES), PLACES))
    assert [e.type.value for e in replay] == ["epoch_started", "counter_opened", "counter_closed", "day_rolled"]
    assert (replay[-1].data["day"], replay[-1].at_ms) == ("2026-03-03", 87_400_000)
    assert [e.type for e in events_of(deidentified(log[:2], PLACES))][-1] is EventType.COUNTER_OPENED
    kinds = [e.type.value for e in events_of(deidentified(simulated(0), PLACES))]
    assert (kinds.count("day_rolled"), kinds[-1]) == (1, "day_rolled")


def test_what_one_command_did_stays_together() -> None:
    log = [started(), event(2, "counter_opened", counter="1"), issued(3, 1), of(4, "called", 1, counter="1")]
    both = [of(5, "started", 1, counter="1"), of(6, "finished", 1, counter="1")]
    log += [type(e)(e.epoch, e.seq, e.at_ms, e.type, "one-command", e.data) for e in both]
    commands = [e.command for e in events_of(deidentified(log, PLACES), PLACES)]
    assert len(set(commands)) == 5
    assert commands[-1] == commands[-2]


def test_the_example_in_the_documentation_can_be_read() -> None:
    text = (Path(__file__).parents[4] / "docs" / "archive.md").read_text(encoding="utf-8")
    example = text.split("```json\n")[1].split("```")[0].splitlines()
    replay = list(events_of(example, PLACES))
    assert [e.type.value for e in replay] == ["epoch_started", "counter_opened", "issued", "called", "undone"]
    assert [t.state for t in folded(replay).waiting()] == [TicketState.WAITING]
    assert folded(replay).counters[ONE].state is CounterState.OPEN


def test_a_counter_that_was_taken_away_while_open_is_gone_and_may_come_back() -> None:
    log = [
        started(),
        event(2, "counter_opened", counter="1"),
        event(3, "counter_opened", counter="2"),
        event(4, "configured", digest="d", services=["new"], counters=["1"]),
        event(5, "configured", digest="e", services=["new", "short"], counters=["1", "2"]),
        event(6, "counter_opened", counter="2"),
    ]
    assert_replays(log, PLACES, PLACES)
    assert_replays(log, PLACES)


def test_a_desk_may_undo_while_its_counter_is_closed() -> None:
    waiting = {**{k: v for k, v in issued(2, 1).data.items() if k not in {"ticket", "n"}}, **WAITING}
    log = [
        started(),
        issued(2, 1),
        of(3, "transferred", 1, service="short", from_service="new", rank_ms=1_003_000),
        event(4, "undone", counter="2", undoes_seq=3, undoes_count=1, tickets=[waiting], counter_record={"id": "2"}),
    ]
    assert_replays(log, PLACES, PLACES)


def test_sessions_keep_their_seats_over_a_new_epoch() -> None:
    both = [{"id": "2", "state": "open"}, {"id": "1", "state": "open"}]
    log = [
        started(),
        event(2, "counter_opened", counter="1"),
        event(3, "counter_opened", counter="2"),
        Event(2, 1, 1_009_000, EventType.EPOCH_STARTED, "c", {"cause": "restored", "state": {"counters": both}}),
    ]
    alike = {CounterId("1"): (NEW,), CounterId("2"): (NEW,)}
    replay = list(events_of(deidentified(log, alike), alike))
    opened = [e.data["counter"] for e in replay[1:3]]
    assert [c["id"] for c in replay[3].data["state"]["counters"]] == [opened[1], opened[0]]
