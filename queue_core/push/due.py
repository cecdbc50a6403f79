"""What a phone is to be told of its ticket now. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from queue_core.domain.model import Ticket, TicketId, TicketState
from queue_core.domain.views.scene import Outlook

#: So few before it, or so soon: whoever went for a walk should come back.
SOON_AHEAD = 2
SOON_S = 600


class Kind(StrEnum):
    SOON = "soon"
    CALLED = "called"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Due:
    """`mark` is the same for as long as it is the same thing to tell."""

    kind: Kind
    mark: str

    def of(self, ticket: TicketId) -> str:
        return f"{ticket} {self.kind} {self.mark}"


def due(ticket: Ticket, outlook: Outlook | None, now_ms: int) -> Due | None:
    if ticket.state is TicketState.CALLED:
        recalled = Due(Kind.RECALLED, f"{ticket.called_ms}.{ticket.recalls}")
        return recalled if ticket.recalls else Due(Kind.CALLED, str(ticket.called_ms))
    if ticket.state is TicketState.WAITING and outlook and _is_soon(ticket, outlook, now_ms):
        return Due(Kind.SOON, str(ticket.seq))
    return None


def _is_soon(ticket: Ticket, outlook: Outlook, now_ms: int) -> bool:
    if ticket.not_before_ms > now_ms + 1000 * SOON_S:
        return False
    wait, ahead = outlook.tickets.get(ticket.id), outlook.ahead.get(ticket.id)
    return (ahead is not None and ahead <= SOON_AHEAD) or (wait is not None and wait.p50_s <= SOON_S)
