"""What an app says without a network, instead of the browser's own words."""

from starlette.requests import Request
from starlette.responses import Response

from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame


def offline(frame: Frame) -> Endpoint:
    @public
    async def offline(request: Request) -> Response:
        return frame.page(request, "offline.html")

    return offline
