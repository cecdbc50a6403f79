"""The commands of a zone, one class per atomic move; the fields are the move's arguments.

`move` names the Lua function that decides it (queue_core/store/lua/<move>.lua). Those of appointments are in
domain/booking_commands.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from queue_core.domain.model import (
    ClassId,
    CounterId,
    Current,
    ReturnMode,
    SeriesId,
    ServiceId,
    TicketId,
)

#: Who cancelled, in the log.
BY_STAFF = "staff"
BY_VISITOR = "visitor"
BY_DEVICE = "device"
#: Nobody said in time to be there.
BY_LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Command:
    move: ClassVar[str]

    def arguments(self) -> dict[str, Any]:
        """What the move gets: every field that is not None, by its name."""
        names: tuple[str, ...] = self.__match_args__
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Issue(Command):
    """`ticket` and `estimate` are filled in by the engine. `further`: one visit, several services, served after each
    other in this order. All of them must be open to draw; only the first one's quota counts the ticket.

    `lent_number` > 0 takes a number lent before, of `series` ("": the service's own), given out at `claimed_ms` during
    an outage since `outage_ms`: it ranks by that time, but not before the outage nor after now. Hours, stops and quotas
    do not refuse it. Of an ended day it is recorded and expires at once.

    `remote`: the visitor is not there yet. The ticket keeps its place, but is called only once they have confirmed that
    they are (`ConfirmArrival`), and lapses when they have not in time.
    """

    move: ClassVar[str] = "issue"
    service: ServiceId
    visitor_class: ClassId
    ticket: TicketId = TicketId("")
    estimate: Mapping[str, int] | None = None
    lent_number: int = 0
    claimed_ms: int = 0
    further: tuple[ServiceId, ...] = ()
    series: SeriesId = SeriesId("")
    outage_ms: int = 0
    remote: bool | None = None


@dataclass(frozen=True, slots=True)
class CallNext(Command):
    """`meant`, here and in whatever is done to the visit at a counter: the ticket that the counter should hold. Another
    one is left alone: whoever pressed had not seen it yet."""

    move: ClassVar[str] = "call_next"
    counter: CounterId
    current: Current | None = None
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class CallTicket(Command):
    """`pick`: the caller may call any ticket; without it only what this counter parked."""

    move: ClassVar[str] = "call_ticket"
    ticket: TicketId
    counter: CounterId
    pick: bool = False


@dataclass(frozen=True, slots=True)
class Serve(Command):
    """Serves a visitor who stands at the counter without a ticket; `ticket` is filled in by the engine.

    Neither hours nor a ticket stop nor the quota refuse it: the clerk has decided. It counts as issued all the same, so
    that a quota is used up by whoever was served. It is not undone, because a number was drawn: finish or park it.
    """

    move: ClassVar[str] = "serve"
    counter: CounterId
    service: ServiceId
    visitor_class: ClassId
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class Recall(Command):
    move: ClassVar[str] = "recall"
    counter: CounterId
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Start(Command):
    move: ClassVar[str] = "start"
    counter: CounterId
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Finish(Command):
    move: ClassVar[str] = "finish"
    counter: CounterId
    outcome: str = ""
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Miss(Command):
    move: ClassVar[str] = "miss"
    counter: CounterId
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Park(Command):
    move: ClassVar[str] = "park"
    counter: CounterId
    reason: str = ""
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Return(Command):
    """`after_s`: with mode `after`, seconds until the ticket may be called."""

    move: ClassVar[str] = "return_ticket"
    ticket: TicketId
    mode: ReturnMode
    after_s: int = 0


@dataclass(frozen=True, slots=True)
class ComeBack(Command):
    """A missed visitor is there after all and returns by the zone's rule (`Rules.missed_return`)."""

    move: ClassVar[str] = "come_back"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class Delay(Command):
    """A waiting visitor needs a little longer: keeps the rank and is called later, by the zone's rule
    (`Rules.delay_s`), and only so often."""

    move: ClassVar[str] = "delay"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class Transfer(Command):
    """To a service, or to a counter (a pin; the service stays unless named); `by_counter` is the desk that does it."""

    move: ClassVar[str] = "transfer"
    ticket: TicketId
    to_service: ServiceId = ServiceId("")
    to_counter: CounterId = CounterId("")
    by_counter: CounterId = CounterId("")
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddService(Command):
    """The visit goes on to `service` when all that it has is done."""

    move: ClassVar[str] = "add_service"
    ticket: TicketId
    service: ServiceId


@dataclass(frozen=True, slots=True)
class ConfirmArrival(Command):
    """The visitor of a remote ticket is there."""

    move: ClassVar[str] = "confirm_arrival"
    ticket: TicketId
    by: str = BY_VISITOR


@dataclass(frozen=True, slots=True)
class Cancel(Command):
    """`by` is "visitor" or `BY_STAFF`."""

    move: ClassVar[str] = "cancel"
    ticket: TicketId
    by: str


@dataclass(frozen=True, slots=True)
class Undo(Command):
    """`meant`: a ticket that the counter's last move was about. A move about others is left alone."""

    move: ClassVar[str] = "undo"
    counter: CounterId
    meant: TicketId | None = None


@dataclass(frozen=True, slots=True)
class OpenCounter(Command):
    """`services`: those of the counter's own that its clerk serves until it closes. None named: as before a pause, and
    all of them where it was closed. An open counter that is free may take up others."""

    move: ClassVar[str] = "open_counter"
    counter: CounterId
    services: tuple[ServiceId, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseCounter(Command):
    move: ClassVar[str] = "pause_counter"
    counter: CounterId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CloseCounter(Command):
    move: ClassVar[str] = "close_counter"
    counter: CounterId


@dataclass(frozen=True, slots=True)
class OpenService(Command):
    move: ClassVar[str] = "open_service"
    service: ServiceId


@dataclass(frozen=True, slots=True)
class CloseService(Command):
    """A ticket stop: nobody draws any more, whoever is inside stays."""

    move: ClassVar[str] = "close_service"
    service: ServiceId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReserveNumbers(Command):
    """Lends `count` consecutive numbers of a series to a device."""

    move: ClassVar[str] = "reserve_numbers"
    series: SeriesId
    count: int
    holder: str


@dataclass(frozen=True, slots=True)
class RollDay(Command):
    """Ends the day in the store and begins `to_day`; idempotent. Filled in by the engine."""

    move: ClassVar[str] = "roll_day"
    from_day: str
    to_day: str
    day_from_ms: int
    day_to_ms: int
    hours: Mapping[ServiceId, Any]


@dataclass(frozen=True, slots=True)
class Configure(Command):
    """Applies a configuration; `records` maps `kind:id` to what the moves need to know. Filled in by the engine."""

    move: ClassVar[str] = "configure"
    digest: str
    services: tuple[ServiceId, ...]
    counters: tuple[CounterId, ...]
    records: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BeginEpoch(Command):
    """Starts a new epoch in an empty zone (day given) or after the store lost history. Filled in by the engine."""

    move: ClassVar[str] = "begin_epoch"
    cause: str
    day: str
    day_from_ms: int
    day_to_ms: int
    after_epoch: int = 0
