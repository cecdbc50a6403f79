"""Learning from the log what counters do between one call and the next.

A visit is learned when its counter goes on to something else, so that an undo takes it back unlearned. The gap after it
counts only if somebody whom the counter could have called was waiting: idle time says nothing about speed. Lengths run
from call to call, which a "finish" pressed late does not change.
"""

from dataclasses import dataclass

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, CounterId, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.policy import pin_queue
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.queue_length.laws import Laws
from queue_core.estimate.queue_length.seniority import Seniority

_LEAVES = frozenset({EventType.FINISHED, EventType.MISSED, EventType.PARKED, EventType.TRANSFERRED, EventType.RETURNED})
_STOPS = frozenset({EventType.COUNTER_PAUSED, EventType.COUNTER_CLOSED})
_FORGETS = frozenset({EventType.DAY_ROLLED, EventType.EPOCH_STARTED})
#: A service that the configuration no longer knows.
_UNKNOWN_MINUTES = 10.0


@dataclass(frozen=True, slots=True)
class _Visit:
    service: ServiceId
    called_ms: int
    left_ms: int
    missed: bool
    others_waited: bool


def configured_s(zone: Zone, service: ServiceId) -> float:
    known = zone.services.get(service)
    return 60 * (known.minutes if known and known.minutes > 0 else _UNKNOWN_MINUTES)


class Cycles:
    def __init__(self, zone: Zone, laws: Laws, state: Snapshot) -> None:
        self._zone = zone
        self._laws = laws
        self._seniority = Seniority(state)
        self._last: dict[CounterId, _Visit] = {}
        self._queues = {place.id: (pin_queue(place.id), *place.services) for place in zone.counters.values()}

    def observe(self, event: Event, before: Snapshot) -> None:
        """`before` is the state that the event changes; when it has, `follow` gets it."""
        if event.type in _FORGETS:
            self._last.clear()
        elif event.type in _LEAVES:
            self._leave(event, before)
        elif event.type is EventType.CALLED:
            self._go_on(event)
            self._call(event, before)
        elif event.type in _STOPS:
            self._go_on(event)
        elif event.type is EventType.UNDONE:
            self._last.pop(event.data["counter"], None)

    def follow(self, event: Event, after: Snapshot) -> None:
        self._seniority.follow(event, after)

    def _leave(self, event: Event, before: Snapshot) -> None:
        ticket = before.tickets.get(event.data["ticket"])
        if ticket is None or ticket.state not in AT_COUNTER:
            return
        self._last[ticket.counter] = _Visit(
            service=ticket.service,
            called_ms=ticket.called_ms,
            left_ms=event.at_ms,
            missed=event.type is EventType.MISSED,
            others_waited=bool(self._seniority.eldest(self._served(ticket.counter), before, event.at_ms)),
        )

    def _call(self, event: Event, before: Snapshot) -> None:
        called, queues = before.tickets[event.data["ticket"]], self._served(event.data["counter"])
        for visitor_class, seq in self._seniority.eldest(queues, before, event.at_ms, called.id).items():
            self._laws.learn_call(visitor_class, overtaken=called.seq > seq)

    def _go_on(self, event: Event) -> None:
        visit = self._last.pop(event.data["counter"], None)
        if visit is None:
            return
        occupation_s = max(0.0, (visit.left_ms - visit.called_ms) / 1000)
        if visit.missed:
            self._laws.learn_miss(occupation_s)
        else:
            self._laws.learn_occupation(visit.service, configured_s(self._zone, visit.service), occupation_s)
        if event.type is EventType.CALLED and visit.others_waited:
            self._laws.learn_gap(max(0.0, (event.at_ms - visit.left_ms) / 1000))

    def _served(self, counter: CounterId) -> tuple[str, ...]:
        """The queues of those whom the counter could call."""
        return self._queues.get(counter, ())
