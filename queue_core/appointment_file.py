"""A file of appointments from a booking system: every fault of it with its line, or all of its rows.

CSV with a header (code, service, slot, class), UTF-8, separated by commas or semicolons. Times without an offset are
the zone's. The other way round: appointments as such a file, or as JSONL; it says in a further column who came.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from queue_core.domain.booking_code import LEAST, MOST, grouped, normalised
from queue_core.domain.calendar import day_named, local_time
from queue_core.domain.errors import WartezoneError
from queue_core.domain.model import Booking, BookingId, ClassId, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.spelling import did_you_mean, nearest

ROWS_MOST = 20_000
COLUMNS = ("code", "service", "slot", "class")
#: Told, and not read again: who came comes anew to each house.
_STATE = "state"
_MAY_BE_MISSING = frozenset({"class"})
#: A spreadsheet would run what begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = "'"
_SLOT = re.compile(r"^2[01]\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$")
_SLOT_EXAMPLE = "2026-11-24T09:30"


class AppointmentsInvalid(WartezoneError):
    """`faults` are lines for people: where, and what would be right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class _Fault(Exception):
    """What is wrong with a row."""


@dataclass(frozen=True, slots=True)
class Appointments:
    """`fresh` are to be booked, by line; `known` of the file's are booked already, just so."""

    fresh: Mapping[int, Booking]
    known: int


def appointments(
    content: bytes, name: str, zone: Zone, booked: Mapping[BookingId, Booking], now_ms: int
) -> Appointments:
    """Raises `AppointmentsInvalid`; `booked` are the zone's appointments, those that have been checked in included."""
    faults: list[str] = []
    fresh: dict[int, Booking] = {}
    seen: dict[BookingId, int] = {}
    known = 0
    for line, row in _rows(content, name):
        try:
            booking = _booking(row, zone)
            if before := seen.get(booking.id):
                raise _Fault(f"code {row['code']!r} stands in line {before} already")
            seen[booking.id] = line
            if _is_booked(booking, booked):
                known += 1
                continue
            if booking.slot_ms < now_ms:
                raise _Fault(f"slot {row['slot']!r} is over")
            fresh[line] = booking
        except _Fault as fault:
            faults.append(f"{name}:{line}: {fault}")
    if faults:
        raise AppointmentsInvalid(faults)
    return Appointments(fresh, known)


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number and row, by column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        raise AppointmentsInvalid([f"{name}:{line}: this is not UTF-8; save the file as CSV UTF-8"]) from e
    lines = text.splitlines(keepends=True)
    separator = ";" if lines and ";" in lines[0] else ","
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        columns = _columns(next(reader, []), name)
        for n, row in enumerate(reader, start=1):
            if n > ROWS_MOST:
                raise AppointmentsInvalid([f"{name}:{reader.line_num}: at most {ROWS_MOST} appointments at once"])
            if any(cell.strip() for cell in row):
                yield reader.line_num, _cells(columns, row, name, reader.line_num)
    except csv.Error as e:
        raise AppointmentsInvalid([f"{name}:{reader.line_num}: {e}"]) from e


def _columns(header: list[str], name: str) -> list[str]:
    columns = [cell.strip().lower() for cell in header]
    missing = [c for c in COLUMNS if c not in columns and c not in _MAY_BE_MISSING]
    unknown = [c for c in columns if c not in (*COLUMNS, _STATE)]
    if missing or unknown or len(set(columns)) < len(columns):
        raise AppointmentsInvalid([f"{name}:1: the first line must be {','.join(COLUMNS)}"])
    return columns


def _cells(columns: list[str], row: list[str], name: str, line: int) -> Mapping[str, str]:
    if len(row) != len(columns):
        raise AppointmentsInvalid([f"{name}:{line}: {len(columns)} fields are wanted, not {len(row)}"])
    return dict(zip(columns, (cell.strip() for cell in row), strict=True))


def _booking(row: Mapping[str, str], zone: Zone) -> Booking:
    for column, cell in row.items():
        if cell.startswith(_FORMULA):
            raise _Fault(f"{column} {cell!r} begins like a formula")
    code = normalised(row["code"])
    if code is None:
        raise _Fault(f"code {row['code']!r} is none: {LEAST} to {MOST} letters and digits")
    service = ServiceId(row["service"])
    if service not in zone.services:
        raise _Fault(f"there is no service {service!r}{_perhaps(service, zone.services)}")
    visitor_class = ClassId(row.get("class") or zone.default_class)
    if visitor_class not in zone.classes:
        raise _Fault(f"there is no class {visitor_class!r}{_perhaps(visitor_class, zone.classes)}")
    return Booking(code, service, visitor_class, _slot_ms(row["slot"], zone))


def _slot_ms(text: str, zone: Zone) -> int:
    try:
        slot = datetime.fromisoformat(text) if _SLOT.match(text) else None
    except ValueError:
        slot = None
    if slot is None:
        raise _Fault(f"slot {text!r} is no time: write {_SLOT_EXAMPLE}")
    return int((slot if slot.tzinfo else _local(slot, zone, text)).timestamp() * 1000)


def _local(slot: datetime, zone: Zone, text: str) -> datetime:
    """Where clocks are put forward an hour is missing, where they are put back it comes twice."""
    first, second = (slot.replace(tzinfo=zone.time_zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone.time_zone).replace(tzinfo=None) == slot:
        raise _Fault(f"slot {text!r} comes twice that night: add its offset, as in {first.isoformat()}")
    raise _Fault(f"slot {text!r} does not exist: clocks are put forward that night")


def _is_booked(booking: Booking, booked: Mapping[BookingId, Booking]) -> bool:
    there = booked.get(booking.id)
    if there and _told(there) != _told(booking):
        raise _Fault("this code is booked already, for another time, service or class")
    return there is not None


def _told(booking: Booking) -> tuple[object, ...]:
    """What a file says of an appointment."""
    return booking.service, booking.visitor_class, booking.slot_ms


def _perhaps(word: str, known: Iterable[str]) -> str:
    return did_you_mean(nearest(word, known))


class Form(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


def listed(snapshot: Snapshot, zone: Zone, first: date, last: date) -> list[Booking]:
    """Appointments of the business days from `first` to `last`, those that have been checked in included."""
    from_ms, to_ms = day_named(zone, first).from_ms, day_named(zone, last).to_ms
    every = (*snapshot.bookings.values(), *snapshot.arrived.values())
    return sorted((b for b in every if from_ms <= b.slot_ms < to_ms), key=lambda b: (b.slot_ms, b.id))


def exported(bookings: Iterable[Booking], zone: Zone, form: Form) -> str:
    """A file that `appointments` reads, if it is CSV and its codes are such as visitors can type."""
    records = [_record(booking, zone) for booking in bookings]
    if form is Form.JSONL:
        return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    written = io.StringIO()
    writer = csv.DictWriter(written, (*COLUMNS, _STATE), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in record.items()} for record in records)
    return written.getvalue()


def _record(b: Booking, zone: Zone) -> dict[str, str]:
    slot = local_time(zone, b.slot_ms).isoformat(timespec="seconds")
    state = "arrived" if b.used else "booked"
    return {"code": grouped(b.id), "service": b.service, "slot": slot, "class": b.visitor_class, _STATE: state}


def _harmless(cell: str) -> str:
    return f"{_PLAIN}{cell}" if cell.startswith(_FORMULA) else cell
