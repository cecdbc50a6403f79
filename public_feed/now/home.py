"""The public page: how long it takes now, for all zones of the site or for one."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from public_feed.now.usual import table, today
from public_feed.now.usual import week as usual_week
from queue_core.domain.model import ZoneId
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.views.view import View
from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame
from queue_core.web.slim import slim

#: So many ended days say how true the ranges are.
QUALITY_DAYS = 7


def home(frame: Frame) -> Endpoint:
    @public
    async def home(request: Request) -> Response:
        zones = [_zone_now(frame, zone) for zone in frame.engine.office]
        return slim(request, frame.page(request, "home.html", {"zones": zones, "whole_site": True}))

    return home


def zone(frame: Frame) -> Endpoint:
    @public
    async def zone(request: Request) -> Response:
        found = frame.engine.zone(request.path_params["public_zone"])
        context = {"zones": [_zone_now(frame, found.id)], "whole_site": False}
        return slim(request, frame.page(request, "home.html", context))

    return zone


def week(frame: Frame) -> Endpoint:
    @public
    async def week(request: Request) -> Response:
        place = frame.engine.zone(request.path_params["public_zone"])
        rhythm, now_ms = frame.engine.rhythm(place.id) or Rhythm(), frame.hub.now_ms(place.id)
        usual = [(s, usual_week(rhythm, s.id, now_ms, place.time_zone)) for s in place.services.values()]
        services = [(service, days, table(days, place.time_zone)) for service, days in usual if days]
        context = {"place": place, "services": services}
        return slim(request, frame.page(request, "week.html", context))

    return week


def _zone_now(frame: Frame, zone: ZoneId) -> dict[str, Any]:
    """`as_of_ms` is None where nothing reliable is known; the page then shows no waits."""
    place, now_ms, rhythm = frame.engine.zone(zone), frame.hub.now_ms(zone), frame.engine.rhythm(zone)
    usual = {service: today(rhythm, service, now_ms, place.time_zone) for service in place.services} if rhythm else {}
    return {
        "place": place,
        "state": orjson.loads(frame.hub.state(zone, View.PUBLIC)),
        "now_ms": now_ms,
        "as_of_ms": frame.observed_ms(zone),
        "usual": usual,
        "quality": frame.engine.quality(zone, QUALITY_DAYS),
        "quality_days": QUALITY_DAYS,
    }
