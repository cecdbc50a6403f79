"""The desk: a clerk's own page at a counter, from which visitors are called."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import Counter, CounterId, CounterState
from queue_core.domain.office import CounterPlace, Zone
from queue_core.domain.principal import CHIEFS, STAFF, Principal
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame

#: The same key pressed again within it is the second half of a double click, not another visitor.
_DOUBLE_CLICK_MS = 700


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*STAFF)
    async def choose(request: Request) -> Response:
        clerk = principal_of(request)
        return frame.page(request, "counters.html", {"zones": _zones(frame, clerk), "chief": clerk.role in CHIEFS})

    @requires(*STAFF)
    async def desk(request: Request) -> Response:
        zone = frame.engine.zone(request.path_params["zone"])
        counter = CounterId(request.path_params["counter"])
        if counter not in zone.counters:
            raise Refused(Refusal.UNKNOWN_COUNTER, {"id": counter})
        context = {"zone": zone, "place": zone.counters[counter], "guard_ms": _DOUBLE_CLICK_MS}
        return frame.page(request, "desk.html", context)

    return [Route("/desk", choose), Route("/desk/{zone}/{counter}", desk)]


def _zones(frame: Frame, clerk: Principal) -> list[tuple[Zone, list[tuple[CounterPlace, CounterState]]]]:
    mine = [frame.engine.zone(zone) for zone in frame.engine.office if clerk.may_enter(zone)]
    return [(zone, _counters(frame, zone)) for zone in mine]


def _counters(frame: Frame, zone: Zone) -> list[tuple[CounterPlace, CounterState]]:
    now = frame.hub.snapshot(zone.id).counters
    return [(place, now.get(place.id, Counter(place.id)).state) for place in zone.counters.values()]


face = Face("desk", "display_server.desk", routes)
