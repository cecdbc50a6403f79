"""The feed's addresses: what there is, who prints it, and their schemas."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson
from starlette.responses import Response

from public_feed.feed import atom, dcat, fiware, koeln
from public_feed.feed.columns import Columns
from public_feed.feed.documents import (
    DayPlace,
    DayRow,
    DaysDocument,
    Document,
    FeedPlace,
    Feeds,
    IndexDocument,
    RhythmDocument,
    Waits,
    WaitsDocument,
    ZoneDays,
    ZonesDocument,
)
from public_feed.feed.envelope import Source
from public_feed.feed.kinds import (
    ATOM,
    CSV,
    FIWARE_PATH,
    JSON_LD,
    KOELN_PATH,
    NEWS_TERMS,
    PAST_TERMS,
    ROOT,
    STATIC_TERMS,
    STATUS_TERMS,
    Kind,
)
from public_feed.feed.news import closures_here, closures_in
from public_feed.feed.table import day_edition
from public_feed.feed.telling import places, usual
from queue_core.web.call import Call
from queue_core.web.edition import DESCRIPTION_CACHE, Edition, Printed, Printer, tag_of
from queue_core.web.face import Frame
from queue_core.web.operation import Operation
from queue_core.web.press import Body, Press
from queue_core.web.problems import not_found

_SCHEMA_TYPE = "application/schema+json"


def index(frame: Frame) -> Printer:
    return _unchanging(frame, _feeds(frame.settings.base_url))


def zones(frame: Frame) -> Printer:
    return _unchanging(frame, places(frame.engine.office.values(), frame.settings.base_url))


def waits(frame: Frame) -> Printer:
    columns = Columns(frame)
    return Press(STATUS_TERMS, columns.version, Source.of(frame.site).around(STATUS_TERMS, columns.json)).edition


def rhythm(frame: Frame, zone: str) -> Printer:
    """Printed anew when another day is on record, or the office is another."""
    engine, zone_id = frame.engine, frame.engine.zone(zone).id

    def json(_at_s: int) -> bytes:
        return usual(engine.zone(zone_id), engine.rhythm(zone_id)).model_dump_json().encode()

    body = Source.of(frame.site).around(STATIC_TERMS, json)
    return Press(STATIC_TERMS, lambda: (engine.zone(zone_id), engine.rhythm(zone_id)), body).edition


def days(frame: Frame, zone: str) -> Printer:
    engine, zone_id = frame.engine, frame.engine.zone(zone).id
    root = f"{frame.settings.base_url}{ROOT}/zones/{zone_id}/days"

    def json(_at_s: int) -> bytes:
        known = engine.days(zone_id)
        told = None if known is None else [DayPlace(day=date.fromisoformat(d), url=f"{root}/{d}.csv") for d in known]
        return ZoneDays(id=zone_id, days=told).model_dump_json().encode()

    body = Source.of(frame.site).around(STATIC_TERMS, json)
    return Press(STATIC_TERMS, lambda: engine.days(zone_id), body).edition


async def day(call: Call) -> Response:
    """From the store the first time, then as it was made."""
    zone, name = call.in_zone, call.request.path_params["day"]
    if name not in (call.frame.engine.days(zone.id) or ()):
        raise not_found()
    table = await call.frame.engine.day_table(zone.id, name)
    return day_edition(table, zone.time_zone).response(call.request)


def catalogue(frame: Frame) -> Printer:
    record = dcat.Catalogue(frame.site, frame.engine.office.values(), frame.settings.base_url).record()
    body = orjson.dumps(record)
    return Press(STATIC_TERMS, lambda: None, lambda _at_s: body, JSON_LD, timeless=True).edition


def koeln_waits(frame: Frame) -> Printer:
    columns, office, base_url = Columns(frame), frame.engine.office, frame.settings.base_url

    def body(at_s: int) -> bytes:
        told = Waits.model_validate_json(columns.json(at_s)).zones
        return koeln.koeln(office, told, base_url, datetime.fromtimestamp(at_s, UTC)).model_dump_json().encode()

    return Press(STATUS_TERMS, columns.version, body).edition


def fiware_queues(frame: Frame) -> Printer:
    columns, office, base_url = Columns(frame), frame.engine.office, frame.settings.base_url
    publisher = Source.of(frame.site).publisher

    def body(at_s: int) -> bytes:
        told = Waits.model_validate_json(columns.json(at_s)).zones
        return orjson.dumps(fiware.fiware(office, told, base_url, publisher))

    return Press(STATUS_TERMS, columns.version, body, JSON_LD).edition


def schema(_frame: Frame, name: str) -> Printer:
    model = KINDS[name].model if name in KINDS else None
    if model is None:
        raise not_found()
    form: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    body = orjson.dumps(form | model.model_json_schema(mode="serialization"))
    edition = Edition(body, tag_of(body), DESCRIPTION_CACHE, _SCHEMA_TYPE, all_sites=True)
    return lambda: edition


_ZONE = f"{ROOT}/zones/{{zone}}"
_CLOSURES = "Closures and special hours of the next 60 days, ticket stops of today"

KINDS: Mapping[str, Kind] = {
    "index": Kind(f"{ROOT}/index.json", "Where the feed's documents are", STATIC_TERMS, index, model=IndexDocument),
    "zones": Kind(f"{ROOT}/zones.json", "Zones, services and counters", STATIC_TERMS, zones, model=ZonesDocument),
    "waits": Kind(f"{ROOT}/waits.json", "Waits of all services now", STATUS_TERMS, waits, model=WaitsDocument),
    "rhythm": Kind(
        f"{_ZONE}/rhythm.json", "When people usually wait how long", STATIC_TERMS, rhythm, model=RhythmDocument
    ),
    "days": Kind(f"{_ZONE}/days.json", "Which ended days are on record", STATIC_TERMS, days, model=DaysDocument),
    "day": Kind(
        f"{_ZONE}/days/{{day}}.csv",
        "An ended day by service and quarter of an hour, of five visits at least",
        PAST_TERMS,
        handle=day,
        model=DayRow,
        media_type=CSV,
        standard="https://www.rfc-editor.org/rfc/rfc4180",
    ),
    "closures": Kind(
        f"{ROOT}/closures.atom", _CLOSURES, NEWS_TERMS, closures_here, media_type=ATOM, standard=atom.STANDARD
    ),
    "closures-in": Kind(
        f"{ROOT}/closures.{{language}}.atom",
        f"{_CLOSURES}, in another of the site's languages",
        NEWS_TERMS,
        closures_in,
        media_type=ATOM,
        standard=atom.STANDARD,
    ),
    "dcat": Kind(
        f"{ROOT}/dcat.jsonld",
        "The feed's record for portals of open data (DCAT-AP.de)",
        STATIC_TERMS,
        catalogue,
        media_type=JSON_LD,
        standard=dcat.STANDARD,
    ),
    "koeln": Kind(
        KOELN_PATH,
        "The waits in the form of Cologne's open data",
        STATUS_TERMS,
        koeln_waits,
        model=koeln.KoelnDocument,
        standard=koeln.STANDARD,
    ),
    "fiware": Kind(
        FIWARE_PATH,
        "The queues as NGSI-LD entities of FIWARE's data model QueueMonitor",
        STATUS_TERMS,
        fiware_queues,
        media_type=JSON_LD,
        standard=fiware.STANDARD,
    ),
}

OPERATIONS = (
    *(kind.operation() for kind in KINDS.values()),
    Operation(
        "GET",
        f"{ROOT}/{{name}}.schema.json",
        Printed(schema),
        f"JSON Schema of a document: {', '.join(name for name, kind in KINDS.items() if kind.model)}",
        None,
        media_type=_SCHEMA_TYPE,
        tag="feed",
    ),
)


def _unchanging(frame: Frame, data: Document) -> Printer:
    """As long as the process lives; only its time goes on."""
    json = data.model_dump_json().encode()
    body: Body = Source.of(frame.site).around(STATIC_TERMS, lambda _at_s: json)
    return Press(STATIC_TERMS, lambda: None, body).edition


def _feeds(base_url: str) -> Feeds:
    return Feeds(feeds=[_place(name, kind, base_url) for name, kind in KINDS.items()])


def _place(name: str, kind: Kind, base_url: str) -> FeedPlace:
    return FeedPlace(
        name=name,
        url=f"{base_url}{kind.path}",
        media_type=kind.media_type,
        schema_url=f"{base_url}{ROOT}/{name}.schema.json" if kind.model else None,
        conforms_to=kind.standard,
        ttl_s=kind.terms.ttl_s,
    )
