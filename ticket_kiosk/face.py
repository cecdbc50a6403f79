"""The face `kiosk`."""

from starlette.routing import BaseRoute, Route

from queue_core.web.access import resource
from queue_core.web.face import Face, Frame
from ticket_kiosk import drawing, page


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/kiosk/{kiosk}", page.show(frame)),
        Route("/kiosk/{kiosk}/tickets", drawing.draw(frame), methods=["POST"]),
        resource("/kiosk/{kiosk}/enrol", {"GET": page.show_enrolment(frame), "POST": page.submit_enrolment(frame)}),
    ]


face = Face("kiosk", "ticket_kiosk", routes)
