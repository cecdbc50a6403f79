"""The wall in the waiting zone: who is called to where, and how long it takes."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from display_server.lobby.display import Display, display_named, may_show
from queue_core.web.access import public, resource
from queue_core.web.crossing import require_own_site
from queue_core.web.device import device, enrol
from queue_core.web.face import Face, Frame
from queue_core.web.login import login_allowed, with_forms

_THEMES = ("light", "dark")
#: Long enough to read a number and find its counter; shorter when several calls are due at once.
_ANNOUNCE_MS = 3000
_ANNOUNCE_MANY_MS = 2000
#: After an upgrade all walls of a house reload within this time, not in one moment.
_RELOAD_WITHIN_MS = 10_000


def routes(frame: Frame) -> Sequence[BaseRoute]:
    walls = Walls(frame)
    enrolment = {"GET": public(walls.show_enrolment), "POST": public(walls.submit_enrolment)}
    return [
        Route("/lobby/{display}", public(walls.show)),
        resource("/lobby/{display}/enrol", enrolment),
    ]


class Walls:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def show(self, request: Request) -> Response:
        display = self._display(request)
        if not await may_show(self._frame, request, display):
            return RedirectResponse(f"/lobby/{display.id}/enrol", 303)
        theme = request.query_params.get("theme", _THEMES[0])
        context = {
            "zone": display.zone,
            "display": display.id,
            "theme": theme if theme in _THEMES else _THEMES[0],
            "announce_ms": _ANNOUNCE_MS,
            "announce_many_ms": _ANNOUNCE_MANY_MS,
            "reload_within_ms": _RELOAD_WITHIN_MS,
        }
        return self._frame.page(request, "lobby.html", context)

    async def show_enrolment(self, request: Request) -> Response:
        return self._enrolment(request)

    async def submit_enrolment(self, request: Request) -> Response:
        require_own_site(request)
        display = self._display(request)
        if not login_allowed(self._frame, request):
            return self._enrolment(request, status=403)
        token = str((await request.form()).get("token", "")).strip()
        if await device(self._frame.identity, token, display.zone.id) is None:
            return self._enrolment(request, wrong=True, status=401)
        return enrol(self._frame.identity, RedirectResponse(f"/lobby/{display.id}", 303), token)

    def _enrolment(self, request: Request, wrong: bool = False, status: int = 200) -> Response:
        display = self._display(request)
        allowed = login_allowed(self._frame, request)
        context = {"zone": display.zone, "display": display.id, "wrong": wrong, "allowed": allowed}
        return with_forms(self._frame.page(request, "enrol.html", context, status))

    def _display(self, request: Request) -> Display:
        zones = (self._frame.engine.zone(zone) for zone in self._frame.engine.office)
        return display_named(zones, request.path_params["display"])


face = Face("lobby", "display_server.lobby", routes)
