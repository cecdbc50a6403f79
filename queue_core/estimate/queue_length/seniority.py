"""Who has stood longest in each queue, by class: kept with each event, at a cost that does not grow with the line."""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, Ticket, TicketId, TicketState
from queue_core.domain.policy import pin_queue, queue_of
from queue_core.domain.snapshot import Snapshot

_JOINS = frozenset({EventType.ISSUED, EventType.RETURNED, EventType.TRANSFERRED})
_BEGINS = frozenset({EventType.EPOCH_STARTED, EventType.DAY_ROLLED})

#: A waiting ticket's `seq` tells when it joined the queue, and is another one when it joins again.
_Joined = tuple[int, TicketId]


class Seniority:
    """Entries of those who have left are dropped when they come to the top."""

    def __init__(self, state: Snapshot) -> None:
        self._begin(state)

    def follow(self, event: Event, after: Snapshot) -> None:
        """`after` is the state with the event in it, and `eldest` is then asked with it."""
        if event.type in _JOINS:
            self._join(after.tickets[event.data["ticket"]])
        elif event.type in (EventType.SERVICE_ADDED, EventType.CONFIRMED):
            self._join_all([after.tickets[event.data["ticket"]]])
        elif event.type is EventType.UNDONE:
            self._join_all(after.tickets[record["id"]] for record in event.data["tickets"])
        elif event.type is EventType.COUNTER_CLOSED:
            fallen = self._queues.pop(pin_queue(event.data["counter"]), {}).values()
            self._join_all(after.tickets[id_] for heap in fallen for _, id_ in heap if id_ in after.tickets)
        elif event.type in _BEGINS:
            self._begin(after)

    def eldest(
        self, queues: Iterable[str], state: Snapshot, at_ms: int, leaving: TicketId | None = None
    ) -> dict[ClassId, int]:
        """By class, the seq at which the first of those joined who may be called now; without the one who leaves."""
        self._admit(state, at_ms)
        found: dict[ClassId, int] = {}
        for queue in queues:
            for visitor_class, heap in self._queues.get(queue, {}).items():
                while heap and (heap[0][1] == leaving or not _stands(heap[0], state)):
                    heapq.heappop(heap)
                if heap:
                    found[visitor_class] = min(heap[0][0], found.get(visitor_class, heap[0][0]))
        return found

    def _begin(self, state: Snapshot) -> None:
        self._queues: dict[str, dict[ClassId, list[_Joined]]] = defaultdict(lambda: defaultdict(list))
        self._later: list[tuple[int, _Joined]] = []
        self._join_all(state.waiting())

    def _join_all(self, tickets: Iterable[Ticket]) -> None:
        for ticket in tickets:
            if ticket.state is TicketState.WAITING:
                self._join(ticket)

    def _join(self, ticket: Ticket) -> None:
        joined = ticket.seq, ticket.id
        if ticket.not_before_ms:
            heapq.heappush(self._later, (ticket.not_before_ms, joined))
        else:
            self._stand(ticket, joined)

    def _stand(self, ticket: Ticket, joined: _Joined) -> None:
        heapq.heappush(self._queues[queue_of(ticket)][ticket.visitor_class], joined)

    def _admit(self, state: Snapshot, at_ms: int) -> None:
        while self._later and self._later[0][0] <= at_ms:
            _, joined = heapq.heappop(self._later)
            if _stands(joined, state):
                self._stand(state.tickets[joined[1]], joined)


def _stands(joined: _Joined, state: Snapshot) -> bool:
    seq, id_ = joined
    ticket = state.tickets.get(id_)
    return ticket is not None and ticket.seq == seq and ticket.state is TicketState.WAITING
