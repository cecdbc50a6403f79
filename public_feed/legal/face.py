"""The face `legal`: what the law wants beside public pages, and how waiting works here, in easy language."""

from starlette.routing import BaseRoute, Route

from public_feed.legal import pages
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    return [Route(f"/{name}", pages.page(frame, name)) for name in pages.NAMES]


face = Face("legal", "public_feed.legal", routes)
