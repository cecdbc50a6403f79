"""The public page: how long it takes now, for all zones of the site or for one."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from public_feed.publishing import observed_ms
from queue_core.domain.model import ZoneId
from queue_core.domain.views.view import View
from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame


def home(frame: Frame) -> Endpoint:
    @public
    async def home(request: Request) -> Response:
        zones = [_zone_now(frame, zone) for zone in frame.engine.office]
        return frame.page(request, "home.html", {"zones": zones, "whole_site": True})

    return home


def zone(frame: Frame) -> Endpoint:
    @public
    async def zone(request: Request) -> Response:
        found = frame.engine.zone(request.path_params["public_zone"])
        return frame.page(request, "home.html", {"zones": [_zone_now(frame, found.id)], "whole_site": False})

    return zone


def _zone_now(frame: Frame, zone: ZoneId) -> dict[str, Any]:
    """`as_of_ms` is None where nothing reliable is known; the page then shows no waits."""
    return {
        "place": frame.engine.zone(zone),
        "state": orjson.loads(frame.hub.state(zone, View.PUBLIC)),
        "now_ms": frame.hub.now_ms(zone),
        "as_of_ms": observed_ms(frame, zone),
    }
