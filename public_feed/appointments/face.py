"""The face `appointments`: choosing a time, and one's own appointment by its link."""

from starlette.routing import BaseRoute, Route

from public_feed.appointments import choosing, own
from queue_core.web.access import resource
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/appointments", choosing.start(frame)),
        Route("/appointments/{booking_zone}", choosing.services(frame)),
        resource(
            "/appointments/{booking_zone}/{service}", {"GET": choosing.times(frame), "POST": choosing.hold(frame)}
        ),
        Route("/a/{link}", own.look(frame)),
        Route("/a/{link}/now", own.now(frame)),
        Route("/a/{link}/confirm", own.confirm(frame), methods=["POST"]),
        resource("/a/{link}/move", {"GET": own.times(frame), "POST": own.move(frame)}),
        Route("/a/{link}/mail", own.letters(frame), methods=["POST"]),
        Route("/a/{link}/cancel", own.cancel(frame), methods=["POST"]),
        Route("/a/{link}/check-in", own.check_in(frame), methods=["POST"]),
        Route("/a/{link}/appointment.ics", own.calendar(frame)),
    ]


face = Face("appointments", "public_feed.appointments", routes)
