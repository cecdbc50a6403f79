"""The face `public`: how long it takes now, and usually."""

from starlette.routing import BaseRoute, Route

from public_feed.now import home
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [
        Route("/", home.home(frame)),
        Route("/z/{public_zone}", home.zone(frame)),
        Route("/z/{public_zone}/week", home.week(frame)),
    ]


face = Face("public", "public_feed.now", routes)
