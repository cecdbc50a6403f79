"""How the waits of a day ended: what every method's words are held against."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId, TicketState

#: Shorter waits found a counter as good as free: they are easy and would flatter.
IDLE_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`since_ms`: when the wait began, which for an appointment is its slot; `called_ms`: the first call, 0 for those
    who left before: their wait is censored."""

    ticket: TicketId
    issued_ms: int
    since_ms: int
    called_ms: int = 0

    @property
    def wait_s(self) -> float:
        return (self.called_ms - self.since_ms) / 1000

    @property
    def counts(self) -> bool:
        return self.called_ms > 0 and self.wait_s >= IDLE_WAIT_S

    @property
    def until_call_s(self) -> float:
        """From the draw, when the forecast was made, to the call."""
        return (self.called_ms - self.issued_ms) / 1000


def outcomes(events: Iterable[Event]) -> list[Outcome]:
    """Of every ticket drawn in these events, in the order of the draws. A call that was undone was none."""
    found: dict[TicketId, Outcome] = {}
    for event in events:
        if event.type is EventType.ISSUED:
            ticket = TicketId(event.data["ticket"])
            found[ticket] = Outcome(ticket, event.at_ms, max(event.at_ms, event.data.get("slot_ms", 0)))
        elif event.type is EventType.CALLED:
            _call(found, event)
        elif event.type is EventType.UNDONE:
            _take_back(found, event)
    return list(found.values())


def _call(found: dict[TicketId, Outcome], event: Event) -> None:
    outcome = found.get(event.data["ticket"])
    if outcome and not outcome.called_ms:
        found[outcome.ticket] = replace(outcome, called_ms=event.at_ms)


def _take_back(found: dict[TicketId, Outcome], event: Event) -> None:
    for record in event.data["tickets"]:
        outcome = found.get(record["id"])
        if outcome and record["state"] == TicketState.WAITING and not record.get("called_ms"):
            found[outcome.ticket] = replace(outcome, called_ms=0)
