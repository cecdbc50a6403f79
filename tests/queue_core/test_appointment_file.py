"""A file of appointments: all of its rows, or every fault with its line."""

import json
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from queue_core.appointment_file import (
    ROWS_MOST,
    Appointments,
    Form,
    appointments,
    exported,
    listed,
)
from queue_core.domain.model import Booking, BookingId, TicketId
from queue_core.domain.snapshot import Snapshot
from queue_core.table_file import FileInvalid
from tests.support.zones import APPOINTMENT, NEW, NORMAL, SHORT, zone

ZONE = zone()
NOW_MS = int(datetime.fromisoformat("2030-01-16T10:00:00+01:00").timestamp() * 1000)
HEAD = "code,service,slot,class\n"


def read(text: str | bytes, **booked: Booking) -> Appointments:
    content = text.encode() if isinstance(text, str) else text
    return appointments(content, "list.csv", ZONE, {BookingId(i): b for i, b in booked.items()}, NOW_MS)


def faults(text: str | bytes, **booked: Booking) -> list[str]:
    with pytest.raises(FileInvalid) as invalid:
        read(text, **booked)
    return [str(fault) for fault in invalid.value.faults]


def at(local: str, zone: str = "Europe/Berlin") -> int:
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def booking(code: str, local: str = "2030-01-16T11:00") -> Booking:
    return Booking(BookingId(code), NEW, NORMAL, at(local))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "k7m2-9qxt,new,2030-01-16T11:00,appointment\n",
        (HEAD + "K7M29QXT,new,2030-01-16 11:00:00,appointment\r\n").replace(",", ";"),
        "\ufeff" + HEAD + '"K7M2-9QXT","new","2030-01-16T11:00+01:00","appointment"\n\n,,,\n',
        "Slot,Code,Class,Service\n2030-01-16T10:00Z,K7M29QXT,appointment,new\n",
    ],
    ids=["commas", "semicolons", "byte order mark", "another order"],
)
def test_rows_are_read_however_the_spreadsheet_wrote_them(text: str) -> None:
    found = read(text)
    expected = Booking(BookingId("K7M29QXT"), NEW, APPOINTMENT, at("2030-01-16T11:00"))
    assert (dict(found.fresh), found.known) == ({2: expected}, 0)


def test_without_a_class_it_is_the_usual_one() -> None:
    assert read("code,service,slot\nK7M29QXT,short,2030-01-16T11:00\n").fresh[2] == replace(
        booking("K7M29QXT"), service=SHORT
    )
    assert read(HEAD + "K7M29QXT,new,2030-01-16T11:00,\n").fresh[2].visitor_class == NORMAL


def test_every_fault_is_told_with_its_line() -> None:
    text = HEAD + "\n".join(
        (
            "K7M29QXT,new,2030-01-16T11:00,",
            "k7m2 9qxt,new,2030-01-16T12:00,",
            "A2B3C4D5,nwe,2030-01-16T11:00,",
            "A2B3C4D6,new,16.01.2030,",
            "A2B3C4D7,new,2030-02-30T11:00,",
            "A2B3C4D8,new,2030-01-16T09:59,",
            "A2B3C4D9,new,2030-01-16T11:00,vip",
            "!,new,2030-01-16T11:00,",
            "=1+1,new,2030-01-16T11:00,",
            "A2B3C4DA,@new,2030-01-16T11:00,",
        )
    )
    assert faults(text) == [
        "list.csv:3: code 'k7m2 9qxt' stands in line 2 already",
        "list.csv:4: there is no service 'nwe' (did you mean new?)",
        "list.csv:5: slot '16.01.2030' is no time: write 2026-11-24T09:30",
        "list.csv:6: slot '2030-02-30T11:00' is no time: write 2026-11-24T09:30",
        "list.csv:7: slot '2030-01-16T09:59' is over",
        "list.csv:8: there is no class 'vip'",
        "list.csv:9: code '!' is none: 4 to 32 letters and digits",
        "list.csv:10: code '=1+1' begins like a formula",
        "list.csv:11: service '@new' begins like a formula",
    ]


def test_the_hour_that_comes_twice_wants_its_offset() -> None:
    [fault] = faults(HEAD + "K7M29QXT,new,2030-10-27T02:30,\n")
    assert fault == "list.csv:2: slot '2030-10-27T02:30' comes twice that night: add its offset, as in " + (
        "2030-10-27T02:30:00+02:00"
    )
    rows = "K7M29QXT,new,2030-10-27T02:30+02:00,\nK7M29QXU,new,2030-10-27T02:30+01:00,\n"
    first, second = read(HEAD + rows).fresh.values()
    assert second.slot_ms - first.slot_ms == 3_600_000


def test_the_hour_that_is_left_out_is_no_time() -> None:
    [fault] = faults(HEAD + "K7M29QXT,new,2030-03-31T02:30,\n")
    assert fault == "list.csv:2: slot '2030-03-31T02:30' does not exist: clocks are put forward that night"


def test_what_is_booked_just_so_is_known_also_when_its_time_is_over() -> None:
    over = booking("K7M29QXT", "2030-01-16T09:00")
    found = read(HEAD + "K7M29QXT,new,2030-01-16T09:00,\nK7M29QXU,new,2030-01-16T11:00,\n", K7M29QXT=over)
    assert (list(found.fresh), found.known) == ([3], 1)


@pytest.mark.parametrize(
    "there",
    [booking("K7M29QXT", "2030-01-16T12:00"), replace(booking("K7M29QXT"), held_until_ms=NOW_MS)],
    ids=["another time", "only held"],
)
def test_what_is_booked_otherwise_is_a_fault(there: Booking) -> None:
    assert faults(HEAD + "K7M29QXT,new,2030-01-16T11:00,\n", K7M29QXT=there) == [
        "list.csv:2: this code is booked already, for another time, service or class"
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "list.csv:1: the first line must be code,service,slot,class,state"),
        (b"code,service\n", "list.csv:1: the first line must be code,service,slot,class,state"),
        (b"code,service,slot,name\n", "list.csv:1: the first line must be code,service,slot,class,state"),
        (b"code,code,service,slot\n", "list.csv:1: the first line must be code,service,slot,class,state"),
        (HEAD.encode() + b"ok\n", "list.csv:2: 4 fields are wanted, not 1"),
        (HEAD.encode() + b"a,b,c,\xe4\n", "list.csv:2: this is not UTF-8; save the file in that encoding"),
        (HEAD.encode() + b'"a"b,c,d,e\n', "list.csv:2: ',' expected after '\"'"),
    ],
    ids=["empty", "missing", "unknown", "twice", "short row", "latin-1", "quotes"],
)
def test_what_is_no_such_file_is_said_in_one_line(content: bytes, fault: str) -> None:
    assert faults(content) == [fault]


def test_a_file_has_an_end() -> None:
    rows = "".join(f"{n:08d},new,2030-01-16T11:00,\n" for n in range(ROWS_MOST + 1))
    assert faults(HEAD + rows) == [f"list.csv:{ROWS_MOST + 2}: at most {ROWS_MOST} appointments at once"]


def there(*bookings: Booking, arrived: tuple[Booking, ...] = ()) -> Snapshot:
    return Snapshot(bookings={b.id: b for b in bookings}, arrived={b.id: b for b in arrived})


def test_what_was_exported_is_read_again() -> None:
    came = replace(booking("K7M29QXU", "2030-01-16T12:00"), used=TicketId("t"), visitor_class=APPOINTMENT)
    snapshot = there(booking("K7M29QXT"), arrived=(came,))
    day = date(2030, 1, 16)
    text = exported(listed(snapshot, ZONE, day, day), ZONE, Form.CSV)
    assert text.splitlines() == [
        "code,service,slot,class,state",
        "K7M2-9QXT,new,2030-01-16T11:00:00+01:00,normal,booked",
        "K7M2-9QXU,new,2030-01-16T12:00:00+01:00,appointment,arrived",
    ]
    found = read(text)
    assert [*found.fresh.values()] == [booking("K7M29QXT"), replace(came, used=TicketId(""))]
    assert read(text, K7M29QXT=booking("K7M29QXT"), K7M29QXU=came).known == 2


def test_jsonl_says_the_same_and_is_read_again() -> None:
    text = exported([booking("K7M29QXT")], ZONE, Form.JSONL)
    assert [*appointments(text.encode(), "list.jsonl", ZONE, {}, NOW_MS).fresh.values()] == [booking("K7M29QXT")]
    line = json.loads(text)
    assert line == {
        "code": "K7M2-9QXT",
        "service": "new",
        "slot": "2030-01-16T11:00:00+01:00",
        "class": "normal",
        "state": "booked",
    }


def test_days_are_business_days() -> None:
    early, late = booking("K7M29QXT", "2030-01-17T03:59"), booking("K7M29QXU", "2030-01-17T04:00")
    first, second = date(2030, 1, 16), date(2030, 1, 17)
    assert listed(there(early, late), ZONE, first, first) == [early]
    assert listed(there(early, late), ZONE, second, second) == [late]
    assert listed(there(late, early), ZONE, first, second) == [early, late]


@pytest.mark.parametrize("code", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_begins_as_a_formula(code: str) -> None:
    row = exported([replace(booking("K7M29QXT"), id=BookingId(code))], ZONE, Form.CSV).splitlines()[1]
    assert row.startswith(f"'{code}")
