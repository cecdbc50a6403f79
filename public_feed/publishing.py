"""The feed's addresses: discovery, what is where (static), how long it takes (status), and their schemas."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

from public_feed.documents import Document, FeedPlace, Feeds, IndexDocument, WaitsDocument, ZonesDocument
from public_feed.feed import Observed, places, waits
from public_feed.press import Press, Terms
from queue_core.domain.model import ZoneId
from queue_core.domain.views.view import View
from queue_core.web.call import Call
from queue_core.web.face import Frame
from queue_core.web.operation import Operation
from queue_core.web.problems import not_found

ROOT = "/feed/v1"
STATUS_TERMS = Terms(ttl_s=5, valid_s=90)
STATIC_TERMS = Terms(ttl_s=300, valid_s=86_400)
_SCHEMA_CACHE = "public, max-age=3600"

DOCUMENTS: Mapping[str, tuple[type[Document], Terms]] = {
    "index": (IndexDocument, STATIC_TERMS),
    "zones": (ZonesDocument, STATIC_TERMS),
    "waits": (WaitsDocument, STATUS_TERMS),
}


class Publisher:
    """One feed; its frame comes with the first request, since operations are declared before there is one."""

    def __init__(self) -> None:
        self._presses = {name: Press(terms) for name, (_, terms) in DOCUMENTS.items()}

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "GET", f"{ROOT}/index.json", self.index, "Where the feed's documents are", None, reply=IndexDocument
            ),
            Operation(
                "GET", f"{ROOT}/zones.json", self.zones, "Zones, services and counters", None, reply=ZonesDocument
            ),
            Operation("GET", f"{ROOT}/waits.json", self.waits, "Waits of all services now", None, reply=WaitsDocument),
            Operation(
                "GET",
                f"{ROOT}/{{name}}.schema.json",
                self.schema,
                "JSON Schema of a document: index, zones or waits",
                None,
                media_type="application/schema+json",
            ),
        ]

    async def index(self, call: Call) -> Response:
        base_url = call.frame.settings.base_url
        press = self._presses["index"]
        return press.respond(call.request, press.edition(base_url, lambda: _feeds(base_url)))

    async def zones(self, call: Call) -> Response:
        base_url, office = call.frame.settings.base_url, call.frame.engine.office
        press = self._presses["zones"]
        return press.respond(call.request, press.edition(base_url, lambda: places(office.values(), base_url)))

    async def waits(self, call: Call) -> Response:
        frame = call.frame
        states = {zone: frame.hub.state(zone, View.PUBLIC) for zone in frame.engine.office}
        current = tuple(frame.hub.is_current(zone) for zone in states)
        press = self._presses["waits"]
        return press.respond(
            call.request, press.edition((current, *states.values()), lambda: waits(_observed(frame, states)))
        )

    async def schema(self, call: Call) -> Response:
        name = str(call.request.path_params["name"])
        if name not in DOCUMENTS:
            raise not_found()
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | DOCUMENTS[name][0].model_json_schema(
            mode="serialization"
        )
        headers = {"Cache-Control": _SCHEMA_CACHE, "Access-Control-Allow-Origin": "*"}
        return Response(orjson.dumps(schema), media_type="application/schema+json", headers=headers)


def _feeds(base_url: str) -> Feeds:
    named = [(name, f"{base_url}{ROOT}/{name}", terms) for name, (_, terms) in DOCUMENTS.items()]
    return Feeds(
        feeds=[
            FeedPlace(name=name, url=f"{url}.json", schema_url=f"{url}.schema.json", ttl_s=terms.ttl_s)
            for name, url, terms in named
        ]
    )


def _observed(frame: Frame, states: Mapping[ZoneId, bytes]) -> list[Observed]:
    return [Observed(frame.engine.zone(z), orjson.loads(state), observed_ms(frame, z)) for z, state in states.items()]


def observed_ms(frame: Frame, zone: ZoneId) -> int | None:
    """Zone time, as long as this process follows the zone; None while the store is away."""
    return frame.hub.now_ms(zone) if frame.hub.is_current(zone) else None
