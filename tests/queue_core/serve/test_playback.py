"""A log played live: what a running server makes of it. At 50 times the speed three minutes are four seconds."""

import json
from pathlib import Path

import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter, PauseCounter
from queue_core.domain.model import BookingId, ClassId, CounterId, ServiceId, TicketId
from queue_core.office_file import load_office
from queue_core.simulate.paper import PaperZone
from tests.support.office_files import office_file
from tests.support.office_process import office_process

pytestmark = pytest.mark.slow

ONE, NEW, NORMAL = CounterId("1"), ServiceId("new"), ClassId("normal")
MONDAY_MS = 1_704_704_400_000  # 8 January 2024, 10:00 in Berlin
B1 = BookingId("b1")


def written_log(folder: Path) -> Path:
    zone = next(iter(load_office(office_file(folder)).values()))
    paper = PaperZone(zone, MONDAY_MS)
    steps: list[Command] = [
        OpenCounter(ONE),
        Book(B1, NEW, NORMAL, MONDAY_MS + 280_000),
        Issue(NEW, NORMAL, TicketId("t1")),
        CheckIn(B1, TicketId("t2")),
        CallNext(ONE),
        Finish(ONE),
        CallNext(ONE),
        Finish(ONE),
        PauseCounter(ONE, "break"),
    ]
    for command in steps:
        paper.now_ms += 20_000
        paper.do(command)
    file = folder / "log.jsonl"
    file.write_text("".join(json.dumps(event.to_json()) + "\n" for event in paper.log))
    return file


def test_a_log_is_played_through_the_api_of_a_running_server(tmp_path: Path) -> None:
    log = written_log(tmp_path)
    with office_process(config=str(tmp_path / "office.toml")) as office:
        office.start()
        command = ("simulate", "--replay", str(log), "--over", office.address, "--rate", "50")
        told = json.loads(office.wartezone(*command))
    assert told["refused"] == {}
    assert told["called_others"] == 0
    assert told["done"] == {
        "counter_opened": 1,
        "booked": 1,
        "issued": 1,
        "checked_in": 1,
        "called": 2,
        "started": 2,
        "finished": 2,
        "counter_paused": 1,
    }
