"""Rules that multiply the people ahead by an average."""

from collections import defaultdict, deque
from statistics import fmean

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.evaluate.rivals.rule import Rule

_VISITS_KEPT = 100
_LEAVES = frozenset({EventType.FINISHED, EventType.PARKED, EventType.TRANSFERRED})
#: Minutes of a service that the configuration no longer knows.
_UNKNOWN_MIN = 10.0


class PeopleAhead(Rule):
    """People ahead x average service time, as small queue apps do it (queuesg with fixed 3 minutes), at its best: the
    average is a rolling one of the last visits, from the call on, and is shared among all counters of the service that
    the office has. Whether they are open it does not know."""

    name = "people_ahead"

    def __init__(self, zone: Zone) -> None:
        super().__init__(zone)
        self._visits_s: dict[ServiceId, deque[float]] = defaultdict(lambda: deque(maxlen=_VISITS_KEPT))

    def observe(self, event: Event) -> None:
        if event.type in _LEAVES:
            self._leave(event)
        super().observe(event)

    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        return self.work_s(ticket, now_ms, self.zone.counters.keys(), self._average_s)

    def _leave(self, event: Event) -> None:
        ticket = self.state.tickets.get(event.data["ticket"])
        if ticket and ticket.state in AT_COUNTER:
            self._visits_s[ticket.service].append((event.at_ms - ticket.called_ms) / 1000)

    def _average_s(self, service: ServiceId) -> float:
        visits_s = self._visits_s[service]
        return fmean(visits_s) if visits_s else typed_s(self.zone, service)


class TypedAverage(Rule):
    """The rule of ZMS, the queue system of German cities: an average that somebody typed, x people ahead / counters
    that are staffed now (github.com/it-at-m/eappointment)."""

    name = "zms"

    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        return self.work_s(ticket, now_ms, self.open_counters(), lambda service: typed_s(self.zone, service))


def typed_s(zone: Zone, service: ServiceId) -> float:
    known = zone.services.get(service)
    return 60 * (known.minutes if known and known.minutes > 0 else _UNKNOWN_MIN)
