"""The feed's addresses: discovery, what is where (static), how long it takes (status), and their schemas."""

from collections.abc import Mapping

import orjson

from public_feed.feed.columns import Columns
from public_feed.feed.documents import (
    Document,
    FeedPlace,
    Feeds,
    IndexDocument,
    RhythmDocument,
    WaitsDocument,
    ZonesDocument,
)
from public_feed.feed.press import Press, Terms
from public_feed.feed.telling import ROOT, places, usual
from queue_core.web.edition import Edition, Printed, Printer, tag_of
from queue_core.web.face import Frame
from queue_core.web.operation import Operation
from queue_core.web.problems import not_found

STATUS_TERMS = Terms(ttl_s=5, valid_s=90)
STATIC_TERMS = Terms(ttl_s=300, valid_s=86_400)
SCHEMA_CACHE = "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400"
_SCHEMA_TYPE = "application/schema+json"

DOCUMENTS: Mapping[str, tuple[type[Document], Terms]] = {
    "index": (IndexDocument, STATIC_TERMS),
    "zones": (ZonesDocument, STATIC_TERMS),
    "waits": (WaitsDocument, STATUS_TERMS),
    "rhythm": (RhythmDocument, STATIC_TERMS),
}
#: Where they are, below ROOT; `{zone}` is a zone's id. By name, unless said otherwise.
PATHS: Mapping[str, str] = {"rhythm": "zones/{zone}/rhythm"}


def index(frame: Frame) -> Printer:
    return _unchanging(_feeds(frame.settings.base_url))


def zones(frame: Frame) -> Printer:
    return _unchanging(places(frame.engine.office.values(), frame.settings.base_url))


def waits(frame: Frame) -> Printer:
    columns = Columns(frame)
    return Press(STATUS_TERMS, columns.version, columns.json).edition


def rhythm(frame: Frame, zone: str) -> Printer:
    """Printed anew when another day is on record, or the office is another."""
    engine, zone_id = frame.engine, frame.engine.zone(zone).id

    def json(_at_s: int) -> bytes:
        return usual(engine.zone(zone_id), engine.rhythm(zone_id)).model_dump_json().encode()

    return Press(STATIC_TERMS, lambda: (engine.zone(zone_id), engine.rhythm(zone_id)), json).edition


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
        f"{ROOT}/zones/{{zone}}/rhythm.json",
        Printed(rhythm),
        "When people usually wait how long",
        None,
        reply=RhythmDocument,
    ),
    Operation(
        "GET",
        f"{ROOT}/{{name}}.schema.json",
        Printed(schema),
        "JSON Schema of a document: index, zones, waits or rhythm",
        None,
        media_type=_SCHEMA_TYPE,
    ),
)


def _unchanging(data: Document) -> Printer:
    """As long as the process lives; only its time goes on."""
    json = data.model_dump_json().encode()
    return Press(STATIC_TERMS, lambda: None, lambda _at_s: json).edition


def _feeds(base_url: str) -> Feeds:
    root = f"{base_url}{ROOT}"
    return Feeds(
        feeds=[
            FeedPlace(
                name=name,
                url=f"{root}/{PATHS.get(name, name)}.json",
                schema_url=f"{root}/{name}.schema.json",
                ttl_s=terms.ttl_s,
            )
            for name, (_, terms) in DOCUMENTS.items()
        ]
    )
