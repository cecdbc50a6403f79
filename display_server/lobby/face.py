"""The wall in the waiting zone: who is called to where, and how long it takes."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from display_server.lobby import say
from display_server.lobby.display import display_named
from display_server.lobby.page import WallPage
from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.web.access import public, resource
from queue_core.web.enrolment import Place, enrolment
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> Sequence[BaseRoute]:
    page = WallPage(frame)

    def place(request: Request) -> Place:
        display = display_named(frame, request.path_params["display"])
        return Place(DeviceName(DeviceKind.DISPLAY, display.id), display.zone, f"/lobby/{display.id}")

    return [
        Route("/lobby/{display}", public(page.show)),
        Route("/lobby/{display}/media/{source:path}", public(page.file)),
        resource("/lobby/{display}/enrol", enrolment(frame, place)),
        *say.routes(frame),
    ]


face = Face("lobby", "display_server.lobby", routes)
