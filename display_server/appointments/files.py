"""Appointments as files, in and out: on the page and, out, over the API. What leaves or comes is in the audit."""

from datetime import date

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from display_server.appointments.entry import day_of, invalid
from display_server.appointments.pages import DayPage
from queue_core.appointment_file import AppointmentsInvalid, Form, appointments, exported, listed
from queue_core.domain.calendar import business_day
from queue_core.domain.commands import Book
from queue_core.domain.errors import Refused
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, Principal
from queue_core.web.access import principal_of
from queue_core.web.call import Call
from queue_core.web.frame import Frame
from queue_core.web.operation import DAY, Operation, Query
from queue_core.web.pages import with_language

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


class FilePage:
    def __init__(self, frame: Frame, day: DayPage) -> None:
        self._frame, self._day = frame, day

    async def export(self, request: Request) -> Response:
        zone = self._frame.engine.zone(request.path_params["zone"])
        return await _file(self._frame, request, zone, principal_of(request))

    async def take_in(self, request: Request) -> Response:
        """All of a file, or none of it and every fault with its line."""
        zone = self._frame.engine.zone(request.path_params["zone"])
        async with request.form() as form:
            content, name = await _uploaded(form)
        if not content:
            return self._day.page(request, 422, fault="no_file")
        try:
            fresh = await self._book(zone, content, name)
        except AppointmentsInvalid as e:
            return self._day.page(request, 422, fault="file", faults=e.faults)
        await self._frame.identity.note(principal_of(request).id, "appointments_imported", f"{zone.id} {fresh}")
        return RedirectResponse(with_language(request, f"/bookings/{zone.id}?did=imported&count={fresh}"), 303)

    async def _book(self, zone: Zone, content: bytes, name: str) -> int:
        snapshot, now_ms = await self._frame.engine.read(zone.id)
        found = appointments(content, name, zone, {**snapshot.bookings, **snapshot.arrived}, now_ms)
        for line, b in found.fresh.items():
            try:
                await self._frame.engine.do(zone.id, Book(b.id, b.service, b.visitor_class, b.slot_ms))
            except Refused as e:
                told = f"{name}:{line}: {e.code.value}; what stands before is booked, the same file can be repeated"
                raise AppointmentsInvalid([told]) from e
        return len(found.fresh)


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
