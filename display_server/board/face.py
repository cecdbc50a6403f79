"""The board: a supervisor's overview of all waiting zones, live; from it drawing can be stopped."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from display_server.board.figures import TOO_SHORT_GOAL, WITHIN_GOAL, Figures, figures
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import CHIEFS
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame

#: Ended days that the board sums up.
_SPANS_DAYS = (1, 7)


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*CHIEFS)
    async def board(request: Request) -> Response:
        chief = principal_of(request)
        zones = [frame.engine.zone(zone) for zone in frame.engine.office if chief.may_enter(zone)]
        context = {
            "zones": [(zone, _spans(frame, zone.id)) for zone in zones],
            "within_goal": WITHIN_GOAL,
            "too_short_goal": TOO_SHORT_GOAL,
        }
        return frame.page(request, "board.html", context)

    return [Route("/board", board)]


def _spans(frame: Frame, zone: ZoneId) -> list[tuple[int, Figures | None]]:
    return [(days, figures(frame.engine.quality(zone, days))) for days in _SPANS_DAYS]


face = Face("board", "display_server.board", routes)
