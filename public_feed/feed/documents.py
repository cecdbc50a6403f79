"""The feed's documents. Their JSON Schemas are made from these classes; docs/feed.md says what the fields mean."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

VERSION = "1.0"

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


class AddressPlace(Document):
    """`country`: ISO 3166-1. `latitude` and `longitude`: degrees (WGS 84), null where not told."""

    street: str
    postal_code: str
    town: str
    country: str
    latitude: float | None
    longitude: float | None


class ZonePlace(Document):
    id: str
    name: Words
    site: Words
    address: AddressPlace | None
    time_zone: str
    languages: list[str]
    url: str
    rhythm_url: str
    days_url: str
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


class DayPlace(Document):
    day: date
    url: str


class ZoneDays(Document):
    """The ended days that are on record, oldest first; null while that is not known."""

    id: str
    days: list[DayPlace] | None


class DayRow(Document):
    """A line of a day's CSV: of all who drew for the service from `from_at` to before `to_at`. `no_shows`: called, and
    not there. `wait_p50_s`, `wait_p90_s`: the waits of those who were called, in whole minutes; empty where they are
    too few. `counters_open`: how many counters served it, on average."""

    day: date
    service: str
    from_at: AwareDatetime
    to_at: AwareDatetime
    issued: Count
    called: Count
    no_shows: Count
    wait_p50_s: Count | None
    wait_p90_s: Count | None
    counters_open: float | None


class FeedPlace(Document):
    """In `url`, `{zone}` stands for the id of a zone, `{day}` for a date, `{language}` for a language. Of CSV the
    schema is that of a line. `conforms_to`: the standard of documents whose form is not ours."""

    name: str
    url: str
    media_type: str
    schema_url: str | None
    conforms_to: str | None
    ttl_s: Count


class Feeds(Document):
    feeds: list[FeedPlace]


Data = TypeVar("Data", bound=Document)


class PublisherName(Document):
    """Whom to name where the licence wants it."""

    name: Words
    url: str | None


class Envelope(Document, Generic[Data]):
    """`ttl_s`: ask again after so long. After `valid_until` the data must not be shown any more."""

    version: str
    generated_at: AwareDatetime
    ttl_s: Count
    valid_until: AwareDatetime
    license: str
    publisher: PublisherName | None
    data: Data


class WaitsDocument(Envelope[Waits]):
    pass


class ZonesDocument(Envelope[Zones]):
    pass


class RhythmDocument(Envelope[ZoneRhythm]):
    pass


class DaysDocument(Envelope[ZoneDays]):
    pass


class IndexDocument(Envelope[Feeds]):
    pass
