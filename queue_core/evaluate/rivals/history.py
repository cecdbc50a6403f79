"""Rules that say how long others have waited (Whitt, Management Science 45, 1999, 192-207; Ibrahim and Whitt,
Manufacturing & Service Operations Management 11, 2009, 397-415, and Production and Operations Management 20, 2011,
654-667, where arrivals and staffing change)."""

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.evaluate.rivals.rule import Rule, waits_since_ms

_Line = tuple[ServiceId, ClassId]


class LastToEnter(Rule):
    """LES: as long as the last one waited who was called, of the same service and class; of the service, where the
    class had none today."""

    name = "les"

    def __init__(self, zone: Zone) -> None:
        super().__init__(zone)
        self._last_s: dict[_Line | ServiceId, float] = {}

    def observe(self, event: Event) -> None:
        if event.type is EventType.CALLED:
            self._enter(self.state.tickets[event.data["ticket"]], event.at_ms)
        super().observe(event)

    def _enter(self, ticket: Ticket, at_ms: int) -> None:
        if not ticket.called_ms:
            waited_s = max(0.0, (at_ms - waits_since_ms(ticket)) / 1000)
            self._last_s[ticket.service, ticket.visitor_class] = self._last_s[ticket.service] = waited_s

    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        own = self._last_s.get((ticket.service, ticket.visitor_class))
        last_s = self._last_s.get(ticket.service) if own is None else own
        return _from_now(last_s, ticket, now_ms)

    def end_day(self) -> None:
        super().end_day()
        self._last_s.clear()


class HeadOfLine(Rule):
    """HOL: as long as the one who is next has waited already, of the same service and class; nothing ahead, no wait."""

    name = "hol"

    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        waited_s = [
            (now_ms - waits_since_ms(t)) / 1000
            for t in self.before(ticket, now_ms)
            if (t.service, t.visitor_class) == (ticket.service, ticket.visitor_class)
        ]
        return _from_now(max(0.0, *waited_s) if waited_s else 0.0, ticket, now_ms)


def _from_now(wait_s: float | None, ticket: Ticket, now_ms: int) -> float | None:
    if wait_s is None:
        return None
    return (waits_since_ms(ticket) - now_ms) / 1000 + wait_s
