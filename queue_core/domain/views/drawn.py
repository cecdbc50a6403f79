"""What was drawn of a ticket before: most tickets stand still while one moves, and the same record says so at once."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from queue_core.domain.model import AT_COUNTER, Ticket, TicketId

Json = dict[str, Any]

_Drawn = tuple[tuple[int, int], Ticket, Json]
_rank = itemgetter(0)


_DESK = (
    *("id", "number", "service", "visitor_class", "ordinal", "issued_ms", "arrival_ms", "rank_ms", "not_before_ms"),
    *("pin", "counter", "called_ms", "started_ms", "recalls", "recalled_ms", "reason", "booking", "slot_ms"),
    *("delays", "confirm_by_ms"),
)


def ticket_desk(ticket: Ticket) -> Json:
    plain = {name: getattr(ticket, name) for name in _DESK}
    return {"state": ticket.state.value, **plain, "further": list(ticket.further)}


class DrawnTickets:
    """Records for desks, each made once for each state of its ticket."""

    def __init__(self) -> None:
        self._drawn: dict[TicketId, _Drawn] = {}

    def of(self, ticket: Ticket) -> Json:
        found = self._drawn.get(ticket.id)
        return found[2] if found and found[1] is ticket else ticket_desk(ticket)

    def in_order(self, tickets: Mapping[TicketId, Ticket]) -> list[Json]:
        """Of those that are at no counter. All are remembered until the next time."""
        known = self._drawn
        self._drawn = drawn = {
            id_: found if (found := known.get(id_)) and found[1] is t else ((t.rank_ms, t.ordinal), t, ticket_desk(t))
            for id_, t in tickets.items()
        }
        queued = [d for d in drawn.values() if d[1].state not in AT_COUNTER]
        queued.sort(key=_rank)
        return [record for _, _, record in queued]
