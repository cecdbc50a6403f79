"""The face `widget`: waits on pages of others, and the page to copy it from."""

from starlette.routing import BaseRoute, Route

from public_feed.widget import page
from public_feed.widget.publishing import OPERATIONS
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/widget", page.workshop(frame)),
        Route("/widget/{public_zone}", page.framed(frame)),
    ]


face = Face("widget", "public_feed.widget", routes, OPERATIONS)
