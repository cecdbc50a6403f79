"""What each counter could undo: its last move, as long as neither it nor the move's tickets have changed since.

A move that draws a ticket is not undone. The store decides; this fold of the log only says what to offer. It knows
nothing of moves before it began.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from queue_core.domain.events import RESHAPES, Event, EventType
from queue_core.domain.model import CounterId, TicketId

UNDOABLE = frozenset(
    {
        EventType.CALLED,
        EventType.STARTED,
        EventType.FINISHED,
        EventType.MISSED,
        EventType.PARKED,
        EventType.TRANSFERRED,
        EventType.SERVICE_ADDED,
    }
)


@dataclass(frozen=True, slots=True)
class LastMove:
    """`type`, `ticket` and `number` are those of the move's last event."""

    command: str
    type: EventType
    ticket: TicketId
    number: str
    at_ms: int
    tickets: frozenset[TicketId]


class LastMoves:
    def __init__(self) -> None:
        self._moves: dict[CounterId, LastMove] = {}
        self._drawing = ""

    @property
    def by_counter(self) -> Mapping[CounterId, LastMove]:
        return self._moves

    def fold(self, event: Event) -> None:
        if event.type in RESHAPES:
            self._moves.clear()
            return
        self._forget_touched(event)
        if event.type is EventType.ISSUED:
            self._drawing = event.command
        undoable = event.type in UNDOABLE and event.command != self._drawing
        if undoable and event.data.get("counter"):
            self._remember(event)

    def _forget_touched(self, event: Event) -> None:
        counter, ticket = event.data.get("counter"), event.data.get("ticket")
        for place, move in list(self._moves.items()):
            if move.command != event.command and (place == counter or ticket in move.tickets):
                del self._moves[place]

    def _remember(self, event: Event) -> None:
        counter, ticket = event.data["counter"], event.data["ticket"]
        earlier = self._moves.get(counter)
        tickets = earlier.tickets | {ticket} if earlier else frozenset({ticket})
        self._moves[counter] = LastMove(event.command, event.type, ticket, event.data["number"], event.at_ms, tickets)
