"""The board: a supervisor's overview of all waiting zones, live; from it drawing can be stopped."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from display_server.board.figures import TOO_SHORT_GOAL, WITHIN_GOAL, Figures, figures
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, Principal
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame

#: Ended days that the board sums up.
_SPANS_DAYS = (1, 7)


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*CHIEFS)
    async def board(request: Request) -> Response:
        chief = principal_of(request)
        zones = _zones(frame, chief)
        context = {
            "zones": [(zone, _spans(frame, zone.id)) for zone in zones],
            "alarms_url": "/api/v1/alarms",
            "alarms_zone": zones[0] if zones else None,
            "may_resolve": True,
            "within_goal": WITHIN_GOAL,
            "too_short_goal": TOO_SHORT_GOAL,
        }
        return frame.page(request, "board.html", context)

    @requires(*CHIEFS)
    async def seats(request: Request) -> Response:
        """Counters at which a page works, zone by zone; never who."""
        zones = _zones(frame, principal_of(request))
        return JSONResponse({"seats": {zone.id: await _occupied(frame, zone) for zone in zones}})

    return [Route("/board", board), Route("/board/seats", seats)]


def _zones(frame: Frame, chief: Principal) -> list[Zone]:
    return [frame.engine.zone(zone) for zone in frame.engine.office if chief.may_enter(zone)]


async def _occupied(frame: Frame, zone: Zone) -> list[CounterId]:
    return list(await frame.seats.at(zone.id, list(zone.counters)))


def _spans(frame: Frame, zone: ZoneId) -> list[tuple[int, Figures | None]]:
    return [(days, figures(frame.engine.quality(zone, days))) for days in _SPANS_DAYS]


face = Face("board", "display_server.board", routes)
