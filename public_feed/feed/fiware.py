"""The same zones as FIWARE's smart data model `QueueMonitor` tells queues: NGSI-LD, normalised, one entity a service.

The model knows no wait. What it knows and we do not tell everybody (the last number drawn) is left out, and so is
what is unknown at the moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from public_feed.feed.documents import PublisherName, ServiceWaits, Status, ZoneWaits
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import Service, Zone
from queue_core.domain.place import Address
from queue_core.web.words import said

STANDARD = "https://smart-data-models.github.io/dataModel.QueueManagement/QueueMonitor/schema.json"
CONTEXT = (
    "https://raw.githubusercontent.com/smart-data-models/dataModel.QueueManagement/master/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
)
_TYPE = "QueueMonitor"
_STATUS: Mapping[Status, str] = {
    Status.OPEN: "Open",
    Status.CLOSED: "Closed",
    Status.STOPPED: "Suspended",
    Status.FULL: "Suspended",
}

Json = dict[str, Any]


def fiware(
    office: Mapping[ZoneId, Zone], waits: Iterable[ZoneWaits], base_url: str, publisher: PublisherName | None
) -> list[Json]:
    return [e for told in waits for e in _entities(office[ZoneId(told.id)], told, base_url, publisher)]


def _entities(zone: Zone, told: ZoneWaits, base_url: str, publisher: PublisherName | None) -> Iterator[Json]:
    language = zone.languages[0]
    for waits in told.services:
        service = zone.services[ServiceId(waits.id)]
        stays = {
            "localId": f"{zone.id}/{service.id}",
            "officeName": said(zone.name, language),
            "serviceId": service.id,
            "serviceName": said(service.name, language),
            "source": f"{base_url}/z/{zone.id}",
            **({"dataProvider": said(publisher.name, language)} if publisher else {}),
            **({"address": _address(zone.address)} if zone.address else {}),
        }
        yield {
            "id": f"urn:ngsi-ld:{_TYPE}:{zone.id}:{service.id}",
            "type": _TYPE,
            **{name: {"type": "Property", "value": value} for name, value in stays.items()},
            **_location(zone.address),
            **_now(zone, service, waits),
            "@context": list(CONTEXT),
        }


def _now(zone: Zone, service: Service, waits: ServiceWaits) -> Json:
    if waits.status is None or waits.observed_at is None:
        return {}
    changes = {
        "serviceStatus": _STATUS[waits.status],
        "ticketsToServe": waits.waiting,
        "ticketServedLabel": waits.last_called,
        "ticketServed": _ordinal(zone, service, waits.last_called),
    }
    at = waits.observed_at.isoformat()
    return {n: {"type": "Property", "value": v, "observedAt": at} for n, v in changes.items() if v is not None}


def _ordinal(zone: Zone, service: Service, number: str | None) -> int | None:
    """Of a number of the service's own series: a visitor who was sent here keeps that of another."""
    digits = number.removeprefix(zone.series[service.series].prefix) if number else ""
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _address(address: Address) -> Json:
    return {
        "streetAddress": address.street,
        "postalCode": address.postal_code,
        "addressLocality": address.town,
        "addressCountry": address.country,
    }


def _location(address: Address | None) -> Json:
    """As GeoJSON wants it: the longitude first."""
    if address is None or address.latitude is None:
        return {}
    point = {"type": "Point", "coordinates": [address.longitude, address.latitude]}
    return {"location": {"type": "GeoProperty", "value": point}}
