"""The face `public`: pages for everybody, and the feed."""

from starlette.routing import BaseRoute, Route

from public_feed import home, own
from public_feed.publishing import OPERATIONS
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/", home.home(frame)),
        Route("/z/{public_zone}", home.zone(frame)),
        Route("/z/{public_zone}/week", home.week(frame)),
        Route("/t/{link}", own.ticket(frame)),
        Route("/t/{link}/leave", own.leave(frame), methods=["POST"]),
        Route("/t/{link}/come-back", own.come_back(frame), methods=["POST"]),
        Route("/t/{link}/events", own.events(frame)),
    ]


face = Face("public", "public_feed", routes, OPERATIONS)
