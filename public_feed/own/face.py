"""The face `ticket`: one's own ticket, by its link."""

from starlette.routing import BaseRoute, Route

from public_feed.own import phone, ticket
from queue_core.web.access import resource
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/t/{link}", ticket.ticket(frame)),
        Route("/t/{link}/leave", ticket.leave(frame), methods=["POST"]),
        Route("/t/{link}/come-back", ticket.come_back(frame), methods=["POST"]),
        Route("/t/{link}/later", ticket.later(frame), methods=["POST"]),
        resource("/t/{link}/push", {"POST": phone.begin(frame), "DELETE": phone.end(frame)}),
        Route("/t/{link}/events", ticket.events(frame)),
    ]


face = Face("ticket", "public_feed.own", routes)
