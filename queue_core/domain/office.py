"""The configured office: zones with their services, series, counters and classes. Pure data, checked at construction.

Texts that people read are language maps: `{"de": ..., "en": ...}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.place import Address

Text = Mapping[str, str]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_SERVICE = "*"
DAY_STARTS = time(4, 0)


class Arrow(StrEnum):
    """Which way to go from where people wait, as a display shows it."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Interval:
    """Opening time within one local day: [opens, closes)."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of a week; `always` needs no intervals. `closed_on` holds holidays and single closures."""

    always: bool = False
    week: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    closed_on: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Interval, ...]:
        if day in self.extra:
            return self.extra[day]
        if day in self.closed_on:
            return ()
        return self.week.get(WEEKDAYS[day.weekday()], ())


@dataclass(frozen=True, slots=True)
class Series:
    id: SeriesId
    prefix: str
    first: int = 1
    last: int = 999
    digits: int = 3

    def number(self, n: int) -> str:
        return f"{self.prefix}{n:0{self.digits}d}"


@dataclass(frozen=True, slots=True)
class VisitorClass:
    """A class of visitors; it overtakes whoever arrived up to `head_start_s` seconds earlier."""

    id: ClassId
    name: Text
    head_start_s: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """`minutes` is the admin's idea of one visit's length: the estimate's cold start. `quota` 0 means none."""

    id: ServiceId
    name: Text
    series: SeriesId
    minutes: float = 10.0
    quota: int = 0
    hours: Hours | None = None
    head_start_s: Mapping[ClassId, int] = field(default_factory=dict)
    info: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter as configured. `offset_s`: this many seconds later in rank for that service, at this counter.
    `way` is a sentence, `floor` and `room` are short."""

    id: CounterId
    name: Text
    services: tuple[ServiceId, ...]
    offset_s: Mapping[ServiceId, int] = field(default_factory=dict)
    way: Text = field(default_factory=dict)
    arrow: Arrow = Arrow.NONE
    floor: Text = field(default_factory=dict)
    room: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """Services that a kiosk shows as one choice first, for people who do not know the office's words."""

    id: str
    name: Text
    services: tuple[ServiceId, ...]


@dataclass(frozen=True, slots=True)
class DeskWords:
    """What a clerk may choose from, id -> text, so that nobody types personal data: how a visit ended, why a visitor is
    parked, why a counter takes a break. Empty: the desk does not ask."""

    outcomes: Mapping[str, Text] = field(default_factory=dict)
    park_reasons: Mapping[str, Text] = field(default_factory=dict)
    pause_reasons: Mapping[str, Text] = field(default_factory=dict)


class MissedReturn(StrEnum):
    """Where a missed visitor joins who comes back by themselves: at the old rank, at the end, or not at all."""

    OLD = "old"
    END = "end"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rules:
    """A zone's rules. Every length in seconds. `missed_return_s`: after being missed one may come back for so long.
    `delay_s`: so much later a waiting visitor may ask to be called, `delays_most` times."""

    recall_pause_s: int = 5
    recalls_most: int = 3
    undo_s: int = 30
    return_after_s: int = 600
    booking_earliest_s: int = 3600
    booking_lead_s: int = 300
    booking_grace_s: int = 600
    counters_may_pick: bool = True
    missed_return: MissedReturn = MissedReturn.END
    missed_return_s: int = 1800
    delay_s: int = 600
    delays_most: int = 2


@dataclass(frozen=True, slots=True)
class Appointments:
    """Which services can be booked, and how: `slot_s` is the time planned for one, by default a service's minutes.

    Capacity is shared with whoever comes without: of the counters that serve a service `share` may be booked at a time,
    with `counters` > 0 of so many in the zone; or a fixed number of places in each slot (`per_slot`). `hours` are the
    appointments' own; without them each service's hold.
    """

    services: tuple[ServiceId, ...]
    visitor_class: ClassId
    days_ahead: int = 28
    notice_s: int = 3600
    hold_s: int = 600
    changes_most: int = 3
    share: float = 0.5
    counters: int = 0
    slot_s: Mapping[ServiceId, int] = field(default_factory=dict)
    per_slot: Mapping[ServiceId, int] = field(default_factory=dict)
    hours: Hours | None = None


class Proof(StrEnum):
    """What shows that whoever drew elsewhere has come: the address on a poster at the entrance, or only the code that a
    screen in the house shows, which changes."""

    POSTER = "poster"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Remote:
    """How numbers are drawn from elsewhere. `services` empty: all of them.

    A number lapses that nobody has confirmed `confirm_s` after the long end of the wait that was announced.
    `open_most`: so many may be unconfirmed at a time, `day_most` drawn a day, `of_address` within an hour from one
    address. Nobody draws where the wait is shorter than `shortest_wait_s`, nor outside `hours`, if there are any.
    """

    services: tuple[ServiceId, ...] = ()
    confirm_s: int = 900
    open_most: int = 30
    day_most: int = 200
    of_address: int = 10
    shortest_wait_s: int = 0
    proof: Proof = Proof.POSTER
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What visitors are asked after the visit. `question`: the zone's own words for the first of both questions."""

    question: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Zone:
    id: ZoneId
    name: Text
    site: Text
    services: Mapping[ServiceId, Service]
    counters: Mapping[CounterId, CounterPlace]
    series: Mapping[SeriesId, Series]
    classes: Mapping[ClassId, VisitorClass]
    hours: Hours
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    day_starts: time = DAY_STARTS
    languages: tuple[str, ...] = ("de", "en")
    kiosks: tuple[str, ...] = ("entrance",)
    displays: tuple[str, ...] = ("lobby",)
    rules: Rules = field(default_factory=Rules)
    topics: tuple[Topic, ...] = ()
    desk: DeskWords = field(default_factory=DeskWords)
    appointments: Appointments | None = None
    address: Address | None = None
    remote: Remote | None = None
    survey: Survey | None = None

    @property
    def default_class(self) -> ClassId:
        """The first configured class: whoever names none is of this one."""
        return next(iter(self.classes))

    def head_start_ms(self, service: ServiceId, visitor_class: ClassId) -> int:
        own = self.services[service].head_start_s.get(visitor_class)
        return 1000 * (self.classes[visitor_class].head_start_s if own is None else own)

    def hours_of(self, service: ServiceId) -> Hours:
        return self.services[service].hours or self.hours


Office = Mapping[ZoneId, Zone]
