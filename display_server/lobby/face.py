"""The wall in the waiting zone: who is called to where, and how long it takes."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from display_server.lobby import say
from display_server.lobby.display import Display, display_named
from display_server.lobby.page import WallPage
from queue_core.web.access import public, resource
from queue_core.web.crossing import require_own_site
from queue_core.web.device import device, enrol
from queue_core.web.face import Face, Frame
from queue_core.web.login import login_allowed, with_forms


def routes(frame: Frame) -> Sequence[BaseRoute]:
    walls, page = Walls(frame), WallPage(frame)
    enrolment = {"GET": public(walls.show_enrolment), "POST": public(walls.submit_enrolment)}
    return [
        Route("/lobby/{display}", public(page.show)),
        Route("/lobby/{display}/media/{source:path}", public(page.file)),
        resource("/lobby/{display}/enrol", enrolment),
        *say.routes(frame),
    ]


class Walls:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

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
        return display_named(self._frame, request.path_params["display"])


face = Face("lobby", "display_server.lobby", routes)
