"""The commands of appointments and of the spans without any; what a command is: domain/commands.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from queue_core.domain.commands import Command
from queue_core.domain.model import BlockId, BookingId, ClassId, ServiceId, TicketId, Within


@dataclass(frozen=True, slots=True)
class Book(Command):
    """`booking` may be left to the engine, which makes a code. Without `within` the caller has decided, as another
    system has whose appointments are told: whatever the time, and whatever is booked."""

    move: ClassVar[str] = "book"
    booking: BookingId
    service: ServiceId
    visitor_class: ClassId
    slot_ms: int
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class HoldSlot(Command):
    """Keeps a place for a visitor until they confirm, for as long as the zone's rules say; `booking` is filled in by
    the engine. The caller has made sure that it is one of the service's slots. `ceiling`: from when to when (`from_ms`,
    `to_ms`) at most so many (`most`) of the service may be held, so that what nobody confirms leaves others a place."""

    move: ClassVar[str] = "hold_slot"
    service: ServiceId
    visitor_class: ClassId
    slot_ms: int
    booking: BookingId = BookingId("")
    ceiling: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class ConfirmBooking(Command):
    """Makes a hold an appointment. One that has lapsed is as good, unless somebody has taken its place."""

    move: ClassVar[str] = "confirm_booking"
    booking: BookingId


@dataclass(frozen=True, slots=True)
class MoveBooking(Command):
    """Without `within` whatever is booked then; see `Book`. `ceiling` binds a hold, see `HoldSlot`."""

    move: ClassVar[str] = "move_booking"
    booking: BookingId
    slot_ms: int
    within: Within | None = None
    ceiling: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class CancelBooking(Command):
    move: ClassVar[str] = "cancel_booking"
    booking: BookingId


@dataclass(frozen=True, slots=True)
class CheckIn(Command):
    """`ticket` and `estimate` are filled in by the engine."""

    move: ClassVar[str] = "check_in"
    booking: BookingId
    ticket: TicketId = TicketId("")
    estimate: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class BlockSlots(Command):
    """No appointments are given in [`from_ms`, `to_ms`), of no service or not of `services`. What is booked then stays.
    `block` is filled in by the engine."""

    move: ClassVar[str] = "block_slots"
    from_ms: int
    to_ms: int
    services: tuple[ServiceId, ...] = ()
    reason: str = ""
    block: BlockId = BlockId("")


@dataclass(frozen=True, slots=True)
class UnblockSlots(Command):
    move: ClassVar[str] = "unblock_slots"
    block: BlockId
