"""Zones: which there are, how they stand, the streams, numbers to lend."""

from starlette.responses import Response
from starlette.types import ASGIApp

from queue_core.domain.commands import ReserveNumbers
from queue_core.domain.errors import Refusal as R
from queue_core.domain.model import SeriesId
from queue_core.domain.office import Zone
from queue_core.domain.principal import CHIEFS, Role
from queue_core.domain.views.view import View
from queue_core.live.feed import Body
from queue_core.web.api import requests as asked
from queue_core.web.api.answers import done, json_response
from queue_core.web.api.replies import Done, PublicState, ZoneList
from queue_core.web.call import Call
from queue_core.web.edition import Edition, Printed, Printer
from queue_core.web.frame import Frame
from queue_core.web.operation import Operation, Query
from queue_core.web.problems import Problem

_TAG = "zones"
_ZONE = "/api/v1/zones/{zone}"
_PUBLIC = View.PUBLIC
OPEN_VIEWS = (View.WAITS, _PUBLIC)
#: Who polls gets it a second old at most, a cache in between asks once a second; 15 s is what a screen may be stale.
STATE_CACHE = "public, max-age=1, stale-while-revalidate=2, stale-if-error=10"
STREAM_VIEWS = (*OPEN_VIEWS, View.LOBBY, View.DESK)


async def list_zones(call: Call) -> Response:
    return json_response({"zones": [_entry(zone) for zone in call.frame.engine.office.values()]})


def public_state(frame: Frame, zone: str) -> Printer:
    known = frame.engine.zone(zone).id
    printed: list[tuple[Body, Edition]] = []

    def print_state() -> Edition:
        body = frame.hub.body(known, _PUBLIC)
        if not printed or printed[0][0] is not body:
            printed[:] = [(body, Edition(body.json, body.etag, STATE_CACHE))]
        return printed[0][1]

    return print_state


async def events(call: Call) -> ASGIApp:
    query = call.request.query_params
    view = query.get("view", _PUBLIC)
    if view not in OPEN_VIEWS:
        raise Problem(404, "unknown_view", f"Server-sent events have the views {' and '.join(OPEN_VIEWS)}.")
    position = f"{query['epoch']}-{query['seq']}" if "epoch" in query and "seq" in query else None
    last = call.request.headers.get("last-event-id", position)
    return call.frame.hub.sse(call.in_zone.id, view, None, last)


async def stream(_call: Call) -> Response:
    """Reached only without the upgrade: WebSocket connections never come this way."""
    raise Problem(426, "upgrade_required", "This is a WebSocket.", {"Upgrade": "websocket", "Connection": "Upgrade"})


async def reserve(call: Call) -> Response:
    call.frame.draws.take(call.by.id)
    body: asked.ReserveBlock = call.body
    return done(call, await call.do(ReserveNumbers(SeriesId(body.series), body.count, call.by.id)), status=201)


def _entry(zone: Zone) -> dict[str, object]:
    path = f"/api/v1/zones/{zone.id}"
    return {
        "id": zone.id,
        "name": dict(zone.name),
        "site": dict(zone.site),
        "time_zone": str(zone.time_zone),
        "languages": list(zone.languages),
        "links": {"self": path, "events": f"{path}/events", "stream": f"{path}/stream"},
    }


OPERATIONS = (
    Operation("GET", "/api/v1/zones", list_zones, "All zones", None, reply=ZoneList, tag=_TAG),
    Operation(
        "GET",
        _ZONE,
        Printed(public_state),
        "How a zone stands, as everybody may see it",
        None,
        reply=PublicState,
        tag=_TAG,
    ),
    Operation(
        "GET",
        f"{_ZONE}/events",
        events,
        "A zone's changes as server-sent events",
        None,
        media_type="text/event-stream",
        query=(
            Query("view", "What to see.", OPEN_VIEWS),
            Query("epoch", "Resume after this position, with `seq`; or send Last-Event-ID."),
            Query("seq", "See `epoch`."),
        ),
        tag=_TAG,
    ),
    Operation(
        "GET",
        f"{_ZONE}/stream",
        stream,
        "A zone's changes by WebSocket, subprotocol wartezone.v1; `lobby` and `desk` want a credential",
        None,
        status=101,
        query=(Query("view", "What to see.", STREAM_VIEWS), Query("epoch", "Resume, with `seq`."), Query("seq", "")),
        tag=_TAG,
    ),
    Operation(
        "POST",
        f"{_ZONE}/numbers",
        reserve,
        "Lend a block of numbers to a device that must go on while the server is away",
        CHIEFS | {Role.DEVICE},
        request=asked.ReserveBlock,
        reply=Done,
        status=201,
        command=True,
        throttled=True,
        refusals=(R.UNKNOWN_SERIES, R.SERIES_FULL),
        example={"series": "a", "count": 20},
        tag=_TAG,
    ),
)
