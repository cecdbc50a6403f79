"""What the API answers, as documented; tests hold the answers against these models."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from queue_core.domain.model import CounterState, TicketState
from queue_core.domain.policy import Why

Words = dict[str, str]


class Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wait(Reply):
    p10_s: int
    p50_s: int
    p90_s: int


class CommandTicket(Reply):
    """The ticket as the command left it; a ticket just drawn also says how it stands in its queue."""

    id: str
    number: str
    service: str
    state: TicketState
    visitor_class: str | None = None
    series: str | None = None
    issued_at: str | None = None
    arrival_at: str | None = None
    not_before: str | None = None
    slot_at: str | None = None
    further: list[str] | None = Field(default=None, description="Services still to come, where the command names them.")


class CommandCounter(Reply):
    id: str
    state: CounterState
    ticket: str | None = Field(description="The id of the ticket that it holds.")


class CommandService(Reply):
    id: str
    open: bool


class CommandBooking(Reply):
    """`code`: the id as people read it. `held_until`: it is only held, and free again from then on."""

    id: str
    code: str
    slot_at: str | None = None
    held_until: str | None = None


class CommandBlock(Reply):
    id: str


class CommandNumbers(Reply):
    series: str
    first: int
    last: int


class Links(Reply):
    """Paths on this server. `own` is the visitor's page; it is unguessable and needs no login. Of an appointment its
    last part stands for `{appointment}` in the API."""

    self: str | None = None
    own: str | None = None
    ticket: str | None = Field(default=None, description="The page of the ticket that an appointment has become.")


class Done(Reply):
    """What the command did; a repetition with the same Idempotency-Key gets the same bytes."""

    epoch: int
    seq: int = Field(description="The position of its last event in the zone's log.")
    ticket: CommandTicket | None
    counter: CommandCounter | None
    service: CommandService | None = None
    booking: CommandBooking | None = None
    block: CommandBlock | None = None
    numbers: CommandNumbers | None = None
    estimate: Wait | None
    links: Links


class TicketRecord(Reply):
    id: str
    number: str
    service: str
    series: str
    visitor_class: str
    state: TicketState
    issued_at: str
    arrival_at: str
    not_before: str | None
    called_at: str | None
    started_at: str | None
    ended_at: str | None
    recalls: int
    counter: str | None
    pin: str | None
    reason: str
    booking: str | None
    slot_at: str | None
    further: list[str] = Field(description="Services that the visit goes on to, in this order.")


class TicketReply(Reply):
    ticket: TicketRecord
    estimate: Wait | None = Field(description="Until the call of who waits, as their own page tells it.")
    reason: str | None = Field(description="Why there is no estimate, where that is known.")
    links: Links


class SlotReply(Reply):
    slot_at: str
    until: str
    free: int = Field(description="Places that are left; 0 also where it is too late or no appointments are given.")


class SlotDay(Reply):
    day: str
    slots: list[SlotReply]


class SlotList(Reply):
    service: str
    length_minutes: int
    earliest_at: str = Field(description="Visitors may book what begins from then on.")
    last_day: str = Field(description="And until this day.")
    days: list[SlotDay]


class AppointmentState(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"


class AppointmentRecord(Reply):
    id: str
    code: str = Field(description="The id as people read it, for the kiosk.")
    state: AppointmentState
    service: str
    visitor_class: str
    slot_at: str
    until: str | None
    held_until: str | None = Field(description="It must be confirmed until then.")
    check_in_from: str
    not_before: str = Field(description="Nobody is called before.")
    on_time_until: str = Field(description="Who checks in later loses the place of the appointment.")
    changes_left: int


class AppointmentReply(Reply):
    appointment: AppointmentRecord
    estimate: Wait | None = Field(
        description="On its day, until the call of a visitor who comes in time; null where nobody knows."
    )
    links: Links


class ListedAppointment(AppointmentRecord):
    ticket: str | None = Field(description="The ticket that was drawn when the visitor came.")


class SlotsOfService(Reply):
    service: str
    slots: list[SlotReply]


class BlockReply(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: str
    since: str = Field(alias="from")
    to: str
    services: list[str] = Field(description="Of these; none: of all.")
    reason: str


class AppointmentDayReply(Reply):
    day: str
    services: list[SlotsOfService]
    appointments: list[ListedAppointment]
    holds: list[ListedAppointment]
    blocks: list[BlockReply]


class ZoneEntry(Reply):
    id: str
    name: Words
    site: Words
    time_zone: str
    languages: list[str]
    links: dict[str, str]


class ZoneList(Reply):
    zones: list[ZoneEntry]


class PublicState(BaseModel):
    """The public view; docs/stream.md says what it holds."""

    model_config = ConfigDict(extra="allow")

    epoch: int
    seq: int
    current: bool = Field(description="False while the store is away: it may be otherwise by now.")
    services: list[dict[str, Any]]
    counters: list[dict[str, Any]]


class NextEntry(Reply):
    ticket: TicketRecord
    why: Why
    pinned: bool
    effective_at: str = Field(description="The rank that decides: rank time and the counter's offset.")


class NextReply(Reply):
    counter: str
    now: str
    next: list[NextEntry]
    not_before: str | None = Field(description="When the first becomes eligible, where all still have to wait.")


class ProblemReply(BaseModel):
    """RFC 9457. `code` is stable; further members depend on it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
