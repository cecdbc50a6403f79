"""What is in a zone's house now. Only folds change it."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from queue_core.domain.model import (
    Block,
    Booking,
    BookingId,
    Call,
    Counter,
    CounterId,
    Lent,
    SeriesId,
    ServiceId,
    Ticket,
    TicketId,
    TicketState,
)


@dataclass(slots=True)
class State:
    """`standing` counts the tickets by service and state; it follows from `tickets`. Appointments are `holds` until
    they are confirmed, `bookings` until their visitors come, and `arrived` until their day is over."""

    epoch: int = 0
    seq: int = 0
    day: str = ""
    day_from_ms: int = 0
    day_to_ms: int = 0
    at_ms: int = 0
    ordinal: int = 0
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    counters: dict[CounterId, Counter] = field(default_factory=dict)
    services: dict[ServiceId, bool] = field(default_factory=dict)
    issued: dict[ServiceId, int] = field(default_factory=dict)
    series_last: dict[SeriesId, int] = field(default_factory=dict)
    totals: dict[TicketState, int] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    lent: tuple[Lent, ...] = ()
    bookings: dict[BookingId, Booking] = field(default_factory=dict)
    holds: dict[BookingId, Booking] = field(default_factory=dict)
    arrived: dict[BookingId, Booking] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    remote: int = 0
    standing: dict[tuple[ServiceId, TicketState], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.standing = dict(Tally((t.service, t.state) for t in self.tickets.values()))

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Self:
        """From the `state` of `epoch_started` or of the store's snapshot reader."""

        def records(name: str) -> list[Mapping[str, Any]]:
            return list(state.get(name) or [])

        def bookings(name: str) -> dict[BookingId, Booking]:
            return {b["id"]: Booking.from_json(b) for b in records(name)}

        plain = ("epoch", "seq", "day", "day_from_ms", "day_to_ms", "at_ms", "ordinal", "remote")
        return cls(
            **{name: state[name] for name in plain if name in state},
            tickets={t["id"]: Ticket.from_json(t) for t in records("tickets")},
            counters={c["id"]: Counter.from_json(c) for c in records("counters")},
            services=dict(state.get("services") or {}),
            issued=dict(state.get("issued") or {}),
            series_last=dict(state.get("series_last") or {}),
            totals={TicketState(name): n for name, n in (state.get("totals") or {}).items()},
            calls=tuple(Call.from_json(c) for c in records("calls")),
            lent=tuple(Lent.from_json(b) for b in records("lent")),
            bookings=bookings("bookings"),
            holds=bookings("holds"),
            arrived=bookings("arrived"),
            blocks=tuple(Block.from_json(b) for b in records("blocks")),
        )

    def put(self, ticket: Ticket) -> None:
        if before := self.tickets.get(ticket.id):
            self._discount(before)
        self.tickets[ticket.id] = ticket
        place = ticket.service, ticket.state
        self.standing[place] = self.standing.get(place, 0) + 1

    def drop(self, ticket: Ticket) -> None:
        self._discount(ticket)
        del self.tickets[ticket.id]

    def _discount(self, ticket: Ticket) -> None:
        place = ticket.service, ticket.state
        self.standing[place] -= 1
        if not self.standing[place]:
            del self.standing[place]
