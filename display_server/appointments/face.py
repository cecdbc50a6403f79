"""Appointments for staff. Who works at counters sees and books; supervisors block spans and take files in and out."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from display_server.appointments.files import OPERATIONS, FilePage
from display_server.appointments.pages import BookingPage, ChoicePage, DayPage
from queue_core.domain.principal import CHIEFS, STAFF
from queue_core.intake import PATIENCE_S
from queue_core.web.access import principal_of, requires, resource
from queue_core.web.face import Face, Frame
from queue_core.web.pages import with_language

_PATH = "/bookings"
_ZONE = f"{_PATH}/{{zone}}"
_ONE = f"{_ZONE}/at/{{booking}}"


def routes(frame: Frame, patience_s: float = PATIENCE_S) -> Sequence[BaseRoute]:
    staff, chiefs = requires(*STAFF), requires(*CHIEFS)
    day, choice, one = DayPage(frame), ChoicePage(frame), BookingPage(frame)
    files = FilePage(frame, day, patience_s)

    @staff
    async def first(request: Request) -> Response:
        """The first zone of the principal's that gives appointments, or the first at all."""
        zones = day.zones(principal_of(request))
        if not zones:
            return frame.page(request, "nowhere.html")
        zone = next((z for z in zones if z.appointments), zones[0])
        return RedirectResponse(with_language(request, f"{_PATH}/{zone.id}"), 303)

    return [
        Route(_PATH, first),
        resource(_ZONE, {"GET": staff(day.show)}),
        resource(f"{_ZONE}/find", {"POST": staff(day.find)}),
        resource(f"{_ZONE}/block", {"POST": chiefs(day.block)}),
        resource(f"{_ZONE}/unblock", {"POST": chiefs(day.unblock)}),
        resource(f"{_ZONE}/export", {"GET": chiefs(files.export)}),
        resource(f"{_ZONE}/import", {"POST": chiefs(files.take_in)}),
        resource(f"{_ZONE}/new", {"GET": staff(choice.show), "POST": staff(choice.book)}),
        resource(_ONE, {"GET": staff(one.show)}),
        resource(f"{_ONE}/move", {"GET": staff(choice.show_move), "POST": staff(choice.move)}),
        resource(f"{_ONE}/mail", {"POST": staff(one.letters)}),
        resource(f"{_ONE}/{{verb}}", {"POST": staff(one.do)}),
    ]


face = Face("bookings", "display_server.appointments", routes, OPERATIONS)
