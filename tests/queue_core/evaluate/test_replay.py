import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from queue_core.domain.archive import deidentified
from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.calendar import BusinessDay, business_day
from queue_core.domain.commands import CallNext, OpenCounter, Park
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import BookingId, ServiceId
from queue_core.domain.office import Zone
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.evaluate.outcomes import outcomes
from queue_core.evaluate.replay import LogInvalid, completed, days, logs, read_log
from queue_core.simulate.paper import PaperZone
from tests.queue_core.evaluate.days import EVERYBODY, MORNING, NINE_MS, ONE, T1, TWO, ZONE, A, Steps, draw, log
from tests.support.offices import office

B1, GONE = BookingId("b1"), ServiceId("gone")


def exported(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [event.to_json() for event in events]


def written(folder: Path, lines: Iterable[object], name: str = "log.jsonl") -> Path:
    file = folder / name
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return file


def fault(file: Path, zone: Zone = ZONE) -> str:
    with pytest.raises(LogInvalid) as raised:
        read_log(file, zone)
    return str(raised.value).removeprefix(str(file)).lstrip(":")


def two_days(steps: Steps = MORNING) -> list[Event]:
    """The morning twice, with a night between."""
    paper = PaperZone(ZONE, NINE_MS, day=business_day(ZONE, NINE_MS))
    for _ in range(2):
        for after_s, command in steps:
            paper.now_ms += int(1000 * after_s)
            paper.do(command)
        over = business_day(ZONE, paper.now_ms)
        night = BusinessDay(business_day(ZONE, over.to_ms).day, over.to_ms, over.to_ms + 86_400_000)
        paper.now_ms = over.to_ms
        paper.roll_day(night)
    return paper.log


def test_an_exported_log_is_read_back(tmp_path: Path) -> None:
    read = read_log(written(tmp_path, exported(log())), ZONE)
    assert [(e.seq, e.type, e.at_ms) for e in read] == [(e.seq, e.type, e.at_ms) for e in log()]
    assert outcomes(read) == outcomes(log())


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    lines: list[object] = [x for line in exported(log()) for x in (line, "")]
    assert len(read_log(written(tmp_path, lines), ZONE)) == len(log())


def test_a_line_ends_where_the_exporter_ended_it(tmp_path: Path) -> None:
    lines = exported(log((*MORNING, (5, Park(ONE, "a\u2028b\x85")))))
    file = tmp_path / "log.jsonl"
    file.write_text("\ufeff" + "\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert [e.data["reason"] for e in read_log(file, ZONE) if "reason" in e.data] == ["a\u2028b\x85"]


def test_an_archive_of_nothing_is_no_log(tmp_path: Path) -> None:
    assert fault(written(tmp_path, [{"version": 2}])).strip() == "tells of nothing"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.jsonl").strip() == "no such file or directory"


def test_an_empty_file_is_no_log(tmp_path: Path) -> None:
    assert fault(written(tmp_path, [])).strip() == "is empty"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"\xff\xfe\x00")
    assert fault(file).strip() == "is not UTF-8"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"epoch": 1, "seq"', "4: is not JSON"),
        ("[1, 2]", "4: is not a JSON object"),
        ('{"epoch": 1, "seq": 4, "type": "called"}', "4: has no at_ms"),
        ('{"seq": 4, "type": "called", "at_ms": 1}', "4: has no epoch"),
        ('{"epoch": 1, "seq": 4, "type": "called", "at_ms": 100000000000000000}', "4: at_ms is 100000000000000000"),
        ('{"epoch": 1, "seq": 4, "type": "issued", "at_ms": 1, "visitor_class": {}}', "4: visitor_class is {}: no"),
        ("[" * 100_000, "4: is not JSON: maximum recursion depth exceeded"),
        ('{"epoch": 1, "seq": 4, "type": "sneezed", "at_ms": 1}', "4: 'sneezed' is not a valid EventType"),
        ('{"epoch": 1, "seq": 4, "type": "counter_closed", "at_ms": 1, "counter": "1", "x": 1}', "unknown fields: x"),
        ('{"epoch": 1, "seq": 9, "type": "counter_closed", "at_ms": 1, "counter": "1"}', "4: after 1-3 came 1-9"),
        (
            '{"epoch": 1, "seq": 4, "type": "recalled", "at_ms": 1, "ticket": "t9", "recalls": 1}',
            "4: recalled of an unknown t9",
        ),
        ('{"epoch": 1, "seq": 4, "type": "recalled", "at_ms": 1, "ticket": "t1"}', "4: has no recalls"),
        ('{"epoch": 1, "seq": 4, "type": "finished", "at_ms": 1, "ticket": "t1"}', "4: finished at 1-4: ticket is"),
    ],
    ids=[
        "torn",
        "list",
        "no-time",
        "no-epoch",
        "no-such-time",
        "no-class",
        "endless",
        "unknown-type",
        "unknown-field",
        "gap",
        "unknown-ticket",
        "no-recalls",
        "illegal",
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    assert told in fault(written(tmp_path, [*exported(log())[:3], line]))


def test_a_log_does_not_begin_in_the_middle_of_a_day(tmp_path: Path) -> None:
    assert fault(written(tmp_path, exported(log())[2:])) == "1: a log begins with epoch_started or day_rolled"


def test_a_log_whose_first_days_are_purged_begins_with_a_night(tmp_path: Path) -> None:
    events = two_days()
    second = next(n for n, e in enumerate(events) if e.type is EventType.DAY_ROLLED)
    read = read_log(written(tmp_path, exported(events[second:])), ZONE)
    assert [e.type for e in read[:2]] == [EventType.EPOCH_STARTED, EventType.DAY_ROLLED]
    method = QueueLength(ZONE)
    for event in read:
        method.observe(event)
    assert len(outcomes(read)) == 3


def test_appointments_made_before_the_first_kept_day_are_known(tmp_path: Path) -> None:
    paper = PaperZone(ZONE, NINE_MS, day=business_day(ZONE, NINE_MS))
    paper.do(Book(B1, A, EVERYBODY, NINE_MS + 86_400_000))
    tomorrow = business_day(ZONE, NINE_MS + 86_400_000)
    paper.now_ms = NINE_MS + 86_400_000
    paper.roll_day(tomorrow)
    paper.do(CheckIn(B1, T1))
    read = read_log(written(tmp_path, exported(paper.log[2:])), ZONE)
    assert [e.type for e in read][-2:] == [EventType.CHECKED_IN, EventType.ISSUED]


def test_days_are_split_at_the_rollover() -> None:
    first, second = days(two_days())[:2]
    assert second[0].type is EventType.DAY_ROLLED
    assert [len(outcomes(day)) for day in (first, second)] == [3, 3]


def test_several_files_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    earlier = written(tmp_path, exported(log()), "b.jsonl")
    moved = [replace(e, epoch=2, at_ms=e.at_ms + 86_400_000).to_json() for e in log()]
    later = written(tmp_path, moved, "a.jsonl")
    assert [e.epoch for e in logs([later, earlier], ZONE)] == [1] * len(log()) + [2] * len(log())


def test_an_archive_is_read_as_events(tmp_path: Path) -> None:
    read = read_log(written(tmp_path, deidentified(log())), ZONE)
    assert [o.wait_s for o in outcomes(read)][:2] == [o.wait_s for o in outcomes(log())][:2]


def test_a_torn_archive_is_told(tmp_path: Path) -> None:
    lines: list[object] = [*deidentified(log()), '{"type": "called"']
    assert f"line {len(lines)}" in fault(written(tmp_path, lines))


def test_what_the_configuration_no_longer_has_is_taken_from_the_log() -> None:
    old = office({"a": 5, "gone": 9}, [("a",), ("gone",)])
    whole = completed(ZONE, log([(0, OpenCounter(TWO)), (0, draw(T1, GONE)), (60, CallNext(TWO))], old))
    assert whole.counters[ONE] == ZONE.counters[ONE]
    assert whole.counters[TWO].services == (GONE,)
    assert GONE in whole.services
