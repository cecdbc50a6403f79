"""The open state of a zone, as a fold of its log: state = fold(log).

`Snapshot` holds what is in the house now; closed tickets live on only in the totals. The Lua moves keep the same state
in Redis; tests hold both together after every command.
"""

from dataclasses import dataclass

from queue_core.domain.events import Event, EventType
from queue_core.domain.folds import FOLDS
from queue_core.domain.model import CounterState, Ticket, TicketState
from queue_core.domain.state import State


class LogGap(ValueError):
    """The event does not follow the snapshot; a new snapshot is needed."""


@dataclass(slots=True)
class Snapshot(State):
    def fold(self, event: Event) -> None:
        """Applies the next event. Raises `LogGap` when it is not the next, `ValueError` on an illegal transition."""
        starts = event.type is EventType.EPOCH_STARTED
        if not starts and (event.epoch, event.seq) != (self.epoch, self.seq + 1):
            raise LogGap(f"after {self.epoch}-{self.seq} came {event.epoch}-{event.seq}")
        FOLDS[event.type](self, event)
        self.epoch, self.seq, self.at_ms = event.epoch, event.seq, event.at_ms

    def waiting(self) -> list[Ticket]:
        return [t for t in self.tickets.values() if t.state is TicketState.WAITING]

    def is_at_rest(self) -> bool:
        """Nobody in the house and every counter closed: until an event or other hours, all stays as it is."""
        return not self.tickets and all(c.state is CounterState.CLOSED for c in self.counters.values())

    def issued_today(self) -> int:
        """I6: issued = open tickets + closed ones, at every moment."""
        return len(self.tickets) + sum(self.totals.values())
