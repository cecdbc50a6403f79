"""The public page: how long it takes now, for all zones of the site or for one."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from public_feed.now.hours import days_ahead
from public_feed.now.search import FEW, found, in_order, names
from public_feed.now.usual import NOTHING, Today, after_midnights, table, today
from public_feed.now.usual import week as usual_week
from queue_core.domain.calendar import business_day, local_time, opening_ms
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.views.view import View
from queue_core.web.access import Endpoint, public
from queue_core.web.face import Frame
from queue_core.web.slim import slim
from queue_core.web.words import LANGUAGE_QUERY

#: So many ended days say how true the ranges are.
QUALITY_DAYS = 7


def home(frame: Frame) -> Endpoint:
    @public
    async def home(request: Request) -> Response:
        office, query = frame.engine.office, request.query_params.get("q", "").strip()
        are_many = len(office) > FEW
        places = [frame.engine.zone(zone) for zone in office]
        zones = [await _zone_now(frame, place, charted=not are_many) for place in places if found(place, query)]
        language = frame.language(request)
        context = {
            "zones": in_order(zones, language) if are_many else zones,
            "are_many": are_many,
            "query": query,
            "chosen_language": request.query_params.get(LANGUAGE_QUERY, ""),
            "whole_site": True,
        }
        return slim(request, frame.page(request, "home.html", context))

    return home


def zone(frame: Frame) -> Endpoint:
    @public
    async def zone(request: Request) -> Response:
        place = frame.engine.zone(request.path_params["public_zone"])
        zones = [await _zone_now(frame, place, charted=True)]
        context = {"zones": zones, "are_many": False, "query": "", "whole_site": False}
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


async def _zone_now(frame: Frame, place: Zone, *, charted: bool) -> dict[str, Any]:
    """`as_of_ms` is None where nothing reliable is known; the page then shows no waits. `charted`: with the day's
    charts, which many zones would make heavy."""
    now_ms = frame.hub.now_ms(place.id)
    return {
        "place": place,
        "state": orjson.loads(frame.hub.state(place.id, View.PUBLIC)),
        "now_ms": now_ms,
        "as_of_ms": frame.observed_ms(place.id),
        "usual": await _charts(frame, place, now_ms) if charted else {},
        "charted": charted,
        "days": days_ahead(place, now_ms) if charted else [],
        "names": names(place),
        "quality": frame.engine.quality(place.id, QUALITY_DAYS),
        "quality_days": QUALITY_DAYS,
    }


async def _charts(frame: Frame, place: Zone, now_ms: int) -> dict[ServiceId, Today]:
    rhythm, so_far = frame.engine.rhythm(place.id) or Rhythm(), await frame.engine.today(place.id)
    day = business_day(place, now_ms)
    midnights = (local_time(place, now_ms).date() - day.day).days

    def charted(service: ServiceId) -> Today | None:
        drawn = after_midnights(so_far.get(service, NOTHING), midnights)
        openings = opening_ms(place, place.hours_of(service), day)
        return today(rhythm, service, now_ms, place.time_zone, drawn, openings)

    days = {service: charted(service) for service in place.services}
    return {service: day for service, day in days.items() if day}
