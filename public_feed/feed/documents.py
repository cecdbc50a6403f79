"""The feed's documents. Their JSON Schemas are made from these classes; docs/feed.md says what the fields mean."""

from datetime import date
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


class Kept(Document):
    """How true the waits shown have been on the last 7 days: `within` of `tickets` were called within the range that
    was shown when they were drawn, `too_short` of them later. Means of them in seconds: `error_s` of how far the middle
    was from the wait, `bias_s` with its sign (positive: said too long)."""

    days: Count
    tickets: Count
    within: Count
    too_short: Count
    error_s: Count
    bias_s: int


class ZoneWaits(Document):
    id: str
    services: list[ServiceWaits]
    quality: Kept | None


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
    rhythm_url: str
    services: list[ServicePlace]
    counters: list[CounterPlace]


class Zones(Document):
    zones: list[ZonePlace]


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


QuarterTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):(00|15|30|45)$")]


class UsualWait(Document):
    """Of those who drew in the quarter of an hour from `time` on, over `days` days, 10, 50 and 90 of 100 were called
    within so many seconds."""

    time: QuarterTime
    days: Count
    p10_s: Count
    p50_s: Count
    p90_s: Count


class UsualDay(Document):
    """`best`: the quarter with the shortest usual wait."""

    weekday: Weekday
    best: QuarterTime
    quarters: list[UsualWait]


class ServiceRhythm(Document):
    id: str
    weekdays: list[UsualDay]


class ZoneRhythm(Document):
    """`until_day`: the last business day on record. Null while too few days are."""

    id: str
    until_day: date | None
    services: list[ServiceRhythm] | None


class FeedPlace(Document):
    """In `url`, `{zone}` stands for the id of a zone."""

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


class RhythmDocument(Envelope[ZoneRhythm]):
    pass


class IndexDocument(Envelope[Feeds]):
    pass
