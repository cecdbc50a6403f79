"""The desk: a clerk's own page at a counter, from which visitors are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import Counter, CounterId, CounterState, ServiceId
from queue_core.domain.office import CounterPlace, Text, Zone
from queue_core.domain.principal import CHIEFS, STAFF, Principal
from queue_core.domain.seat import Seat
from queue_core.web.access import principal_of, requires
from queue_core.web.face import Face, Frame

#: The same key pressed again within it is the second half of a double click, not another visitor.
_DOUBLE_CLICK_MS = 700
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A counter as whoever looks for one sees it. `for_min`: since when a page works there; None: nobody does."""

    place: CounterPlace
    state: CounterState
    reason: Text | None
    visitor: bool
    for_min: int | None


def routes(frame: Frame) -> Sequence[BaseRoute]:
    @requires(*STAFF)
    async def choose(request: Request) -> Response:
        clerk = principal_of(request)
        zones = [(zone, await _choices(frame, zone)) for zone in _zones(frame, clerk)]
        return frame.page(request, "counters.html", {"zones": zones, "chief": clerk.role in CHIEFS})

    @requires(*STAFF)
    async def desk(request: Request) -> Response:
        zone = frame.engine.zone(request.path_params["zone"])
        counter = CounterId(request.path_params["counter"])
        if counter not in zone.counters:
            raise Refused(Refusal.UNKNOWN_COUNTER, {"id": counter})
        place = zone.counters[counter]
        context = {
            "zone": zone,
            "place": place,
            "mine": [(service, zone.services[service].name) for service in place.services],
            "others": _others(zone, place),
            "guard_ms": _DOUBLE_CLICK_MS,
            "chief": principal_of(request).role in CHIEFS,
        }
        return frame.page(request, "desk.html", context)

    return [Route("/desk", choose), Route("/desk/{zone}/{counter}", desk)]


def _zones(frame: Frame, clerk: Principal) -> list[Zone]:
    return [frame.engine.zone(zone) for zone in frame.engine.office if clerk.may_enter(zone)]


def _others(zone: Zone, place: CounterPlace) -> list[tuple[ServiceId, Text]]:
    return [(s.id, s.name) for s in zone.services.values() if s.id not in place.services]


async def _choices(frame: Frame, zone: Zone) -> list[Choice]:
    now = frame.hub.snapshot(zone.id).counters
    seats = await frame.seats.at(zone.id, list(zone.counters))
    now_ms = frame.seats.now_ms()
    return [_choice(zone, place, now, seats.get(place.id), now_ms) for place in zone.counters.values()]


def _choice(
    zone: Zone, place: CounterPlace, counters: Mapping[CounterId, Counter], seat: Seat | None, now_ms: int
) -> Choice:
    now = counters.get(place.id, Counter(place.id))
    reason = zone.desk.pause_reasons.get(now.reason) if now.state is CounterState.PAUSED else None
    for_min = (now_ms - seat.since_ms) // _MINUTE_MS if seat else None
    return Choice(place, now.state, reason, bool(now.ticket), for_min)


face = Face("desk", "display_server.desk", routes)
