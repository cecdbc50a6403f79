"""The feed's documents. Their JSON Schemas are made from these classes; docs/feed.md says what the fields mean."""

from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

VERSION = "1.0"
LICENSE = "https://www.govdata.de/dl-de/by-2-0"

Words = dict[str, str]
Count = Annotated[int, Field(ge=0)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Status(StrEnum):
    """`stopped`: a ticket stop. `full`: all tickets of the day are drawn. `closed`: outside its hours."""

    OPEN = "open"
    STOPPED = "stopped"
    FULL = "full"
    CLOSED = "closed"


class Wait(Document):
    """Seconds from now until the call, for somebody who draws now: 10, 50 and 90 of 100 are called by then."""

    p10_s: Count
    p50_s: Count
    p90_s: Count
    method: str = Field(description="Which estimator said so.")


class ServiceWaits(Document):
    id: str
    status: Status | None
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    waiting: Count | None
    serving: Count | None
    counters_open: Count | None
    wait: Wait | None
    last_called: str | None
    observed_at: AwareDatetime | None


class ZoneWaits(Document):
    id: str
    services: list[ServiceWaits]


class Waits(Document):
    zones: list[ZoneWaits]


class ServicePlace(Document):
    id: str
    name: Words
    info: Words


class CounterPlace(Document):
    id: str
    name: Words
    way: Words


class ZonePlace(Document):
    id: str
    name: Words
    site: Words
    time_zone: str
    languages: list[str]
    url: str
    services: list[ServicePlace]
    counters: list[CounterPlace]


class Zones(Document):
    zones: list[ZonePlace]


class FeedPlace(Document):
    name: str
    url: str
    schema_url: str
    ttl_s: Count


class Feeds(Document):
    feeds: list[FeedPlace]


Data = TypeVar("Data", bound=Document)


class Envelope(Document, Generic[Data]):
    """`ttl_s`: ask again after so long. After `valid_until` the data must not be shown any more."""

    version: str
    generated_at: AwareDatetime
    ttl_s: Count
    valid_until: AwareDatetime
    license: str
    data: Data


class WaitsDocument(Envelope[Waits]):
    pass


class ZonesDocument(Envelope[Zones]):
    pass


class IndexDocument(Envelope[Feeds]):
    pass
