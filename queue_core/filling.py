"""What the engine adds to a command: ids, and what its visitor was shown; and what was asked for without that."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import orjson

from queue_core.domain import booking_code
from queue_core.domain.booking_commands import BlockSlots, Book, CheckIn, HoldSlot, MoveBooking
from queue_core.domain.commands import Command, Issue, Serve
from queue_core.domain.model import BlockId, BookingId, ServiceId, TicketId, ZoneId

#: Filled in, so no part of what the caller asked for.
_INJECTED = frozenset({"ticket", "estimate"})

Shown = Callable[[ZoneId, ServiceId], Mapping[str, int] | None]
ShownTo = Callable[[ZoneId, BookingId], Mapping[str, int] | None]


class Ids(Protocol):
    def ticket(self) -> TicketId: ...
    def booking(self) -> BookingId: ...
    def block(self) -> BlockId: ...
    def command(self) -> str: ...


class RandomIds:
    """72 random bits a ticket (its public link adds a 128-bit signature), 48 a command; an appointment's is a code that
    people can type."""

    def ticket(self) -> TicketId:
        return TicketId(secrets.token_urlsafe(9))

    def booking(self) -> BookingId:
        return booking_code.random_code()

    def block(self) -> BlockId:
        return BlockId(secrets.token_hex(6))

    def command(self) -> str:
        return secrets.token_urlsafe(6)


@dataclass(frozen=True, slots=True)
class Filling:
    """`shown` says which wait a service shows now, {p10_s, p50_s, p90_s}, as far as this process knows. It is that of
    whoever comes without an appointment; `shown_to` says what an appointment shows."""

    shown: Shown = lambda _zone, _service: None
    shown_to: ShownTo = lambda _zone, _booking: None
    ids: Ids = field(default_factory=RandomIds)

    def filled(self, zone: ZoneId, command: Command) -> Command:
        match command:
            case Issue():
                shown = command.estimate or self.shown(zone, command.service)
                return replace(command, ticket=command.ticket or self.ids.ticket(), estimate=shown)
            case CheckIn():
                shown = command.estimate or self.shown_to(zone, command.booking)
                return replace(command, ticket=command.ticket or self.ids.ticket(), estimate=shown)
            case Serve():
                return replace(command, ticket=command.ticket or self.ids.ticket())
            case HoldSlot() | Book():
                return replace(command, booking=command.booking or self.ids.booking())
            case BlockSlots():
                return replace(command, block=command.block or self.ids.block())
            case _:
                return command


def asked(command: Command) -> bytes:
    """What the caller asked for: the same bytes for the same request."""
    arguments = command.arguments()
    if isinstance(command, Issue | CheckIn | Serve):
        for name in _INJECTED:
            arguments.pop(name, None)
    if isinstance(command, HoldSlot | MoveBooking):
        arguments.pop("ceiling", None)  # told by what was free a moment ago
    return orjson.dumps((command.move, arguments), default=dict, option=orjson.OPT_SORT_KEYS)
