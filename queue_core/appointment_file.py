"""A file of appointments from a booking system: every fault of it with its line, or all of its rows.

CSV with a header (code, service, slot, class), or JSONL with these fields. Times without an offset are the zone's. The
other way round: appointments as such a file; it says in a further column who came.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from queue_core.domain.booking_code import LEAST, MOST, grouped, normalised
from queue_core.domain.calendar import day_named, local_time
from queue_core.domain.model import Booking, BookingId, ClassId, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.spelling import nearest
from queue_core.table_file import FORMULA, Columns, Fault, FileInvalid, Row, RowFault, Wrong, require_plain, rows

ROWS_MOST = 20_000
#: `state` is told, and not read again: who came comes anew to each house.
COLUMNS = Columns(("code", "service", "slot"), ("class", "state"), "appointments")
_PLAIN = "'"
_SLOT = re.compile(r"^2[01]\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$")
_SLOT_EXAMPLE = "2026-11-24T09:30"


class AppointmentWrong(Wrong):
    TWICE = "code {code!r} stands in line {before} already"
    OVER = "slot {slot!r} is over"
    NO_CODE = "code {code!r} is none: {least} to {most} letters and digits"
    NO_SERVICE = "there is no service {service!r}"
    NO_CLASS = "there is no class {visitor_class!r}"
    NO_TIME = "slot {slot!r} is no time: write {example}"
    TIME_TWICE = "slot {slot!r} comes twice that night: add its offset, as in {example}"
    TIME_LEFT_OUT = "slot {slot!r} does not exist: clocks are put forward that night"
    BOOKED_OTHERWISE = "this code is booked already, for another time, service or class"


@dataclass(frozen=True, slots=True)
class Appointments:
    """`fresh` are to be booked, by line; `known` of the file's are booked already, just so."""

    fresh: Mapping[int, Booking]
    known: int


def appointments(
    content: bytes, name: str, zone: Zone, booked: Mapping[BookingId, Booking], now_ms: int
) -> Appointments:
    """Raises `FileInvalid`; `booked` are the zone's appointments: what is held and what was checked in included."""
    faults: list[Fault] = []
    fresh: dict[int, Booking] = {}
    seen: dict[BookingId, int] = {}
    known = 0
    for line, row in rows(content, name, COLUMNS, ROWS_MOST):
        try:
            booking = _booking(row, zone)
            if before := seen.get(booking.id):
                raise RowFault(AppointmentWrong.TWICE, code=row["code"], before=before)
            seen[booking.id] = line
            if _is_booked(booking, booked):
                known += 1
                continue
            if booking.slot_ms < now_ms:
                raise RowFault(AppointmentWrong.OVER, slot=row["slot"])
            fresh[line] = booking
        except RowFault as fault:
            faults.append(fault.at(name, line))
    if faults:
        raise FileInvalid(faults)
    return Appointments(fresh, known)


def _booking(row: Row, zone: Zone) -> Booking:
    require_plain(row)
    code = normalised(row["code"])
    if code is None:
        raise RowFault(AppointmentWrong.NO_CODE, code=row["code"], least=LEAST, most=MOST)
    service = ServiceId(row["service"])
    if service not in zone.services:
        raise RowFault(AppointmentWrong.NO_SERVICE, service=service, nearest=nearest(service, zone.services))
    visitor_class = ClassId(row["class"] or zone.default_class)
    if visitor_class not in zone.classes:
        meant = nearest(visitor_class, zone.classes)
        raise RowFault(AppointmentWrong.NO_CLASS, visitor_class=visitor_class, nearest=meant)
    return Booking(code, service, visitor_class, _slot_ms(row["slot"], zone))


def _slot_ms(text: str, zone: Zone) -> int:
    try:
        slot = datetime.fromisoformat(text) if _SLOT.match(text) else None
    except ValueError:
        slot = None
    if slot is None:
        raise RowFault(AppointmentWrong.NO_TIME, slot=text, example=_SLOT_EXAMPLE)
    return int((slot if slot.tzinfo else _local(slot, zone, text)).timestamp() * 1000)


def _local(slot: datetime, zone: Zone, text: str) -> datetime:
    """Where clocks are put forward an hour is missing, where they are put back it comes twice."""
    first, second = (slot.replace(tzinfo=zone.time_zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone.time_zone).replace(tzinfo=None) == slot:
        raise RowFault(AppointmentWrong.TIME_TWICE, slot=text, example=first.isoformat())
    raise RowFault(AppointmentWrong.TIME_LEFT_OUT, slot=text)


def _is_booked(booking: Booking, booked: Mapping[BookingId, Booking]) -> bool:
    there = booked.get(booking.id)
    if there and not is_told_alike(there, booking):
        raise RowFault(AppointmentWrong.BOOKED_OTHERWISE)
    return there is not None


def is_told_alike(one: Booking, other: Booking) -> bool:
    """A file says the same of both."""
    return _told(one) == _told(other)


def _told(booking: Booking) -> tuple[object, ...]:
    return booking.service, booking.visitor_class, booking.slot_ms, bool(booking.held_until_ms)


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
    writer = csv.DictWriter(written, COLUMNS.all, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in record.items()} for record in records)
    return written.getvalue()


def _record(b: Booking, zone: Zone) -> dict[str, str]:
    slot = local_time(zone, b.slot_ms).isoformat(timespec="seconds")
    state = "arrived" if b.used else "booked"
    return {"code": grouped(b.id), "service": b.service, "slot": slot, "class": b.visitor_class, "state": state}


def _harmless(cell: str) -> str:
    return f"{_PLAIN}{cell}" if cell.startswith(FORMULA) else cell
