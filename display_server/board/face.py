"""The board: a supervisor's overview of all waiting zones, live; from it drawing can be stopped."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.principal import CHIEFS
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*CHIEFS)
    async def board(request: Request) -> Response:
        chief = principal_of(request)
        zones = [frame.engine.zone(zone) for zone in frame.engine.office if chief.may_enter(zone)]
        return frame.page(request, "board.html", {"zones": zones})

    return [Route("/board", board)]


face = Face("board", "display_server.board", routes)
