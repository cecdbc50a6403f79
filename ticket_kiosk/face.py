"""The face `kiosk`."""

from starlette.routing import BaseRoute, Route

from queue_core.web.access import resource
from queue_core.web.enrolment import enrolment
from queue_core.web.face import Face, Frame
from ticket_kiosk import PACKAGE, codes, drawing, lending, page, preview, reprint, settings_door


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/kiosk/{kiosk}", page.show(frame)),
        Route("/kiosk/{kiosk}/paper", preview.show(frame)),
        Route("/kiosk/{kiosk}/paper.png", preview.draw(frame)),
        Route("/kiosk/{kiosk}/tickets", drawing.draw(frame), methods=["POST"]),
        Route("/kiosk/{kiosk}/codes", codes.submit(frame), methods=["POST"]),
        Route("/kiosk/{kiosk}/settings", settings_door.knock(frame), methods=["POST"]),
        *lending.routes(frame),
        resource("/kiosk/{kiosk}/enrol", enrolment(frame, page.place_of(frame))),
    ]


face = Face("kiosk", PACKAGE, routes, reprint.OPERATIONS)
