"""The same waits as Cologne tells those of its offices (`waiting-od.php`): flat, and everything a string.

There an unknown wait does not exist; here it is an empty string and a sentence, never "0". Cologne tells one wait an
office; here each service has its own, so it is an item of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from public_feed.feed.documents import Document, ServiceWaits, Status, ZoneWaits
from public_feed.feed.spoken import words_in
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import Service, Zone
from queue_core.web.words import said

STANDARD = "https://offenedaten-koeln.de/dataset/kundenzentren-koeln-wartezeiten"
#: Cologne's consumers read German.
LANGUAGE = "de"
_MINUTE_S = 60


class KoelnStatus(StrEnum):
    """`NOTE`: read `sondertext`."""

    OPEN = "1"
    CLOSED = "2"
    NOTE = "3"


class KoelnItem(Document):
    """`timestamp`: local time without its zone. `wartezeit_minuten`: the middle of the range; empty when unknown."""

    title_anz: str
    timestamp: str
    link: str
    status: KoelnStatus
    sondertext: str
    wartezeit_minuten: Annotated[str, Field(pattern="^[0-9]*$")]


class KoelnDocument(Document):
    success: bool
    items: list[KoelnItem]


def koeln(office: Mapping[ZoneId, Zone], waits: Iterable[ZoneWaits], base_url: str, at: datetime) -> KoelnDocument:
    """`at`: the time to tell for what nobody knows."""
    items = [item for told in waits for item in _items(office[ZoneId(told.id)], told, base_url, at)]
    return KoelnDocument(success=True, items=items)


def _items(zone: Zone, told: ZoneWaits, base_url: str, at: datetime) -> Iterator[KoelnItem]:
    for service in told.services:
        status, note = _status(service)
        moment = service.observed_at or at.astimezone(zone.time_zone)
        yield KoelnItem(
            title_anz=_title(zone, zone.services[ServiceId(service.id)]),
            timestamp=f"{moment:%Y-%m-%d %H:%M:%S}",
            link=f"{base_url}/z/{zone.id}",
            status=status,
            sondertext=note,
            wartezeit_minuten=_minutes(service),
        )


def _title(zone: Zone, service: Service) -> str:
    place = said(zone.name, LANGUAGE)
    return place if len(zone.services) == 1 else f"{place}: {said(service.name, LANGUAGE)}"


def _status(service: ServiceWaits) -> tuple[KoelnStatus, str]:
    gettext = words_in(LANGUAGE).gettext
    if service.status is Status.CLOSED:
        return KoelnStatus.CLOSED, ""
    if service.status is Status.STOPPED:
        return KoelnStatus.NOTE, gettext("No numbers are given out at the moment.")
    if service.status is Status.FULL:
        return KoelnStatus.NOTE, gettext("All numbers of today are given out.")
    if service.status is None or service.wait is None:
        return KoelnStatus.NOTE, gettext("The wait is not known at the moment.")
    return KoelnStatus.OPEN, ""


def _minutes(service: ServiceWaits) -> str:
    if service.status is not Status.OPEN or service.wait is None:
        return ""
    return str(-(-service.wait.p50_s // _MINUTE_S))
