"""The face `videos`: films of the office, from its own server, or from elsewhere once somebody wants to see them."""

from starlette.routing import BaseRoute, Route

from public_feed.videos.page import VideoPage
from queue_core.web.access import public
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> list[BaseRoute]:
    page = VideoPage(frame)
    return [Route("/videos", public(page.show)), Route("/videos/media/{source:path}", public(page.file))]


face = Face("videos", "public_feed.videos", routes)
