"""What a zone consists of: tickets, counters, bookings, their states and legal moves.

Records travel as JSON objects whose keys are the field names here; a key that is absent has the field's default.
All times are UTC epoch milliseconds; 0 means "not yet".
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, NewType, Self

ZoneId = NewType("ZoneId", str)
ServiceId = NewType("ServiceId", str)
SeriesId = NewType("SeriesId", str)
ClassId = NewType("ClassId", str)
CounterId = NewType("CounterId", str)
TicketId = NewType("TicketId", str)
BookingId = NewType("BookingId", str)
BlockId = NewType("BlockId", str)


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
IN_THE_HOUSE = frozenset({TicketState.WAITING, TicketState.PARKED, TicketState.MISSED}) | AT_COUNTER
CLOSED = frozenset(TicketState) - IN_THE_HOUSE


class CounterState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


class ReturnMode(StrEnum):
    """Where a returned ticket goes: its old rank, the end of the queue, or its old rank but not before a time."""

    OLD = "old"
    END = "end"
    AFTER = "after"


class Within(StrEnum):
    """What an appointment's time must keep to: a free place, or all that binds visitors as well."""

    FREE = "free"
    RULES = "rules"


class Current(StrEnum):
    """What call-next does with the ticket that the counter still holds."""

    FINISH = "finish"
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Record:
    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        return cls(**record)

    def to_json(self) -> dict[str, Any]:
        """The record without fields that hold their default."""
        values = ((f, getattr(self, f.name)) for f in fields(self))
        return {f.name: value for f, value in values if value != f.default}


@dataclass(frozen=True, slots=True)
class Ticket(Record):
    """`confirm_by_ms`: drawn elsewhere, and not called before its visitor has confirmed to be there; lapsed then.
    `further`: the services that the visit goes on to, one after the other, when it is finished here. `delays`: so often
    its visitor has asked to be called later."""

    id: TicketId
    number: str
    series: SeriesId
    service: ServiceId
    visitor_class: ClassId
    state: TicketState
    ordinal: int
    issued_ms: int
    arrival_ms: int
    rank_ms: int
    seq: int
    not_before_ms: int = 0
    pin: CounterId = CounterId("")
    counter: CounterId = CounterId("")
    called_ms: int = 0
    started_ms: int = 0
    ended_ms: int = 0
    recalls: int = 0
    recalled_ms: int = 0
    reason: str = ""
    booking: BookingId = BookingId("")
    slot_ms: int = 0
    missed_ms: int = 0
    further: tuple[ServiceId, ...] = ()
    delays: int = 0
    confirm_by_ms: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", TicketState(self.state))
        if self.further:
            object.__setattr__(self, "further", tuple(self.further))


@dataclass(frozen=True, slots=True)
class Counter(Record):
    """`services`: those that its clerk has chosen of the counter's own, until it closes; empty: all of them."""

    id: CounterId
    state: CounterState = CounterState.CLOSED
    ticket: TicketId = TicketId("")
    since_ms: int = 0
    seq: int = 0
    reason: str = ""
    services: tuple[ServiceId, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", CounterState(self.state))
        if self.services:
            object.__setattr__(self, "services", tuple(self.services))


@dataclass(frozen=True, slots=True)
class Call(Record):
    """One line of the list of last calls; a recall renews its ticket's line."""

    ticket: TicketId
    number: str
    service: ServiceId
    counter: CounterId
    at_ms: int
    seq: int
    recalls: int = 0


LAST_CALLS_KEPT = 12


@dataclass(frozen=True, slots=True)
class Booking(Record):
    """An appointment. `length_ms`: the time that is planned for it, 0 where its service has no slots. `held_until_ms`:
    it is only held, and its place is free again from then on. `changes`: so often its visitor has moved it. `used`: the
    ticket that was drawn when its visitor came. `made_ms`: when its code was given to it; another system may give the
    code to somebody else later."""

    id: BookingId
    service: ServiceId
    visitor_class: ClassId
    slot_ms: int
    length_ms: int = 0
    held_until_ms: int = 0
    changes: int = 0
    used: TicketId = TicketId("")
    made_ms: int = 0


#: So long a hold that has lapsed can still be confirmed, if nobody has taken its place.
HOLDS_KEPT_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Block(Record):
    """A span in which staff give no appointments; `services` empty: of no service."""

    id: BlockId
    from_ms: int
    to_ms: int
    services: tuple[ServiceId, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if self.services:
            object.__setattr__(self, "services", tuple(self.services))


#: More of them at a time is no plan but a mistake.
BLOCKS_MOST = 500


@dataclass(frozen=True, slots=True)
class Lent(Record):
    """A block of numbers lent at `at_ms` to a device that must go on issuing without the server. It ends with its day;
    after that it only proves which numbers were given out."""

    series: SeriesId
    first: int
    last: int
    holder: str
    at_ms: int = 0


#: So long a block of an ended day can still prove a number: over holidays, at a kiosk that nobody looks after.
LENT_KEPT_MS = 10 * 86_400_000
