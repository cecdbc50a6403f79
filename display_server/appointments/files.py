"""Appointments as files, in and out: on the page and, out, over the API. What leaves or comes is in the audit."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from display_server.appointments.entry import day_of, invalid
from display_server.appointments.pages import DayPage
from queue_core.appointment_file import Form, exported, listed
from queue_core.domain.booking_commands import Book
from queue_core.domain.calendar import business_day
from queue_core.domain.errors import StoreAway
from queue_core.domain.model import Booking, BookingId
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, Principal
from queue_core.engine import Engine
from queue_core.intake import Patience, Unfinished, take_in
from queue_core.table_file import FileInvalid
from queue_core.web.access import principal_of
from queue_core.web.call import Call
from queue_core.web.frame import Frame
from queue_core.web.operation import DAY, Operation, Query
from queue_core.web.pages import with_language
from queue_core.web.problems import RETRY_AFTER_S

_TYPES = {Form.CSV: "text/csv; charset=utf-8", Form.JSONL: "application/x-ndjson"}
_NAME_MOST = 80


async def export_appointments(call: Call) -> Response:
    return await _file(call.frame, call.request, call.in_zone, call.by)


async def _file(frame: Frame, request: Request, zone: Zone, by: Principal) -> Response:
    asked, today = request.query_params, business_day(zone, frame.hub.now_ms(zone.id)).day
    first = day_of(asked.get("from", ""), "from", today)
    last = day_of(asked.get("to", ""), "to", first)
    written = asked.get("format", Form.CSV)
    if last < first:
        raise invalid("to")
    if written not in {*Form}:
        raise invalid("format")
    snapshot, _ = await frame.engine.read(zone.id)
    text = exported(listed(snapshot, zone, first, last), zone, Form(written))
    await frame.identity.note(by.id, "appointments_exported", f"{zone.id} {first} {last}")
    name = _named(zone, first, last, written)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, 200, headers, media_type=_TYPES[Form(written)])


def _named(zone: Zone, first: date, last: date, written: str) -> str:
    days = str(first) if first == last else f"{first}-{last}"
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in zone.id)
    return f"appointments-{plain}-{days}.{written}"


class _Bookings:
    """A zone's appointments as this process reaches them."""

    def __init__(self, engine: Engine, zone: Zone) -> None:
        self._engine, self._zone = engine, zone.id

    async def read(self) -> tuple[Mapping[BookingId, Booking], int]:
        snapshot, now_ms = await self._engine.read(self._zone)
        return {**snapshot.bookings, **snapshot.holds, **snapshot.arrived}, now_ms

    async def find(self, booking: BookingId) -> Booking:
        return await self._engine.booking(self._zone, booking)

    async def book(self, booking: Booking) -> None:
        command = Book(booking.id, booking.service, booking.visitor_class, booking.slot_ms)
        await self._engine.do(self._zone, command)


class FilePage:
    def __init__(self, frame: Frame, day: DayPage, patience_s: float) -> None:
        self._frame, self._day, self._patience_s = frame, day, patience_s

    async def export(self, request: Request) -> Response:
        zone = self._frame.engine.zone(request.path_params["zone"])
        return await _file(self._frame, request, zone, principal_of(request))

    async def take_in(self, request: Request) -> Response:
        """All of a file, or none of it and every fault with its line; where it stuck half-way, how far it came."""
        zone = self._frame.engine.zone(request.path_params["zone"])
        async with request.form() as form:
            content, name = await _uploaded(form)
        if not content:
            return self._day.page(request, 422, fault="no_file")
        patience = Patience(self._patience_s)
        try:
            found = await take_in(_Bookings(self._frame.engine, zone), zone, content, name, patience)
        except FileInvalid as e:
            return self._day.page(request, 422, fault="file", faults=e.faults)
        except Unfinished as e:
            return await self._unfinished(request, zone, e)
        fresh = len(found.fresh)
        await patience.of(lambda: self._note(request, zone, fresh))
        return RedirectResponse(with_language(request, f"/bookings/{zone.id}?did=imported&count={fresh}"), 303)

    async def _unfinished(self, request: Request, zone: Zone, at: Unfinished) -> Response:
        with suppress(StoreAway):
            await self._note(request, zone, at.booked)
        page = self._day.page(request, 409 if at.fault else 503, fault="unfinished", unfinished=at)
        if not at.fault:
            page.headers["Retry-After"] = str(RETRY_AFTER_S)
        return page

    async def _note(self, request: Request, zone: Zone, count: int) -> None:
        await self._frame.identity.note(principal_of(request).id, "appointments_imported", f"{zone.id} {count}")


async def _uploaded(form: FormData) -> tuple[bytes, str]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return b"", ""
    name = "".join(c for c in file.filename or "" if c.isprintable())[:_NAME_MOST]
    return await file.read(), name or "file"


OPERATIONS = (
    Operation(
        "GET",
        "/api/v1/zones/{zone}/bookings/export",
        export_appointments,
        "The appointments of a day or of several as a file; `wartezone appointments import` reads the CSV",
        CHIEFS,
        media_type="text/csv",
        or_as=(_TYPES[Form.JSONL],),
        query=(
            Query("from", "The first day, as 2030-03-04; today without it.", form=DAY),
            Query("to", "The last day; the first without it.", form=DAY),
            Query("format", "csv without it.", values=tuple(Form)),
        ),
        tag="appointments",
    ),
)
