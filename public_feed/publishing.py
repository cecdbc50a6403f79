"""The feed's addresses: discovery, what is where (static), how long it takes (status), and their schemas."""

from collections.abc import Mapping

import orjson

from public_feed.columns import Columns
from public_feed.documents import Document, FeedPlace, Feeds, IndexDocument, WaitsDocument, ZonesDocument
from public_feed.feed import places
from public_feed.press import Press, Terms
from queue_core.domain.model import ZoneId
from queue_core.web.edition import Edition, Printed, Printer, tag_of
from queue_core.web.face import Frame
from queue_core.web.operation import Operation
from queue_core.web.problems import not_found

ROOT = "/feed/v1"
STATUS_TERMS = Terms(ttl_s=5, valid_s=90)
STATIC_TERMS = Terms(ttl_s=300, valid_s=86_400)
SCHEMA_CACHE = "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400"
_SCHEMA_TYPE = "application/schema+json"

DOCUMENTS: Mapping[str, tuple[type[Document], Terms]] = {
    "index": (IndexDocument, STATIC_TERMS),
    "zones": (ZonesDocument, STATIC_TERMS),
    "waits": (WaitsDocument, STATUS_TERMS),
}


def index(frame: Frame) -> Printer:
    return _unchanging(_feeds(frame.settings.base_url))


def zones(frame: Frame) -> Printer:
    return _unchanging(places(frame.engine.office.values(), frame.settings.base_url))


def waits(frame: Frame) -> Printer:
    columns = Columns(frame)
    return Press(STATUS_TERMS, columns.version, columns.json).edition


def schema(_frame: Frame, name: str) -> Printer:
    if name not in DOCUMENTS:
        raise not_found()
    form = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    body = orjson.dumps(form | DOCUMENTS[name][0].model_json_schema(mode="serialization"))
    edition = Edition(body, tag_of(body), SCHEMA_CACHE, _SCHEMA_TYPE, all_sites=True)
    return lambda: edition


OPERATIONS = (
    Operation("GET", f"{ROOT}/index.json", Printed(index), "Where the feed's documents are", None, reply=IndexDocument),
    Operation("GET", f"{ROOT}/zones.json", Printed(zones), "Zones, services and counters", None, reply=ZonesDocument),
    Operation("GET", f"{ROOT}/waits.json", Printed(waits), "Waits of all services now", None, reply=WaitsDocument),
    Operation(
        "GET",
        f"{ROOT}/{{name}}.schema.json",
        Printed(schema),
        "JSON Schema of a document: index, zones or waits",
        None,
        media_type=_SCHEMA_TYPE,
    ),
)


def _unchanging(data: Document) -> Printer:
    """As long as the process lives; only its time goes on."""
    json = data.model_dump_json().encode()
    return Press(STATIC_TERMS, lambda: None, lambda _at_s: json).edition


def _feeds(base_url: str) -> Feeds:
    named = [(name, f"{base_url}{ROOT}/{name}", terms) for name, (_, terms) in DOCUMENTS.items()]
    return Feeds(
        feeds=[
            FeedPlace(name=name, url=f"{url}.json", schema_url=f"{url}.schema.json", ttl_s=terms.ttl_s)
            for name, url, terms in named
        ]
    )


def observed_ms(frame: Frame, zone: ZoneId) -> int | None:
    """Zone time, as long as this process follows the zone; None while the store is away."""
    return frame.hub.now_ms(zone) if frame.hub.is_current(zone) else None
