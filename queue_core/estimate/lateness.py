"""Why a call comes later than was told: worked out once for each queue, then looked up for whoever stands in it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from queue_core.domain.model import CounterId, CounterState, Ticket, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.policy import may_call, queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Later

Place = tuple[int, int]

_STOPPED = {CounterState.CLOSED: Later.COUNTER_CLOSED, CounterState.PAUSED: Later.COUNTER_PAUSED}


class NotedCall(NamedTuple):
    """`seen_seq`: as of which event somebody was seen at the counter first."""

    counter: CounterId
    place: Place
    seen_seq: int


class _Newest:
    """Of events at places in a row: whether one before a place is newer than another event."""

    def __init__(self, events: Iterable[tuple[Place, int]]) -> None:
        ordered = sorted(events)
        self._places = [place for place, _ in ordered]
        self._seqs = list(accumulate((seq for _, seq in ordered), max))

    def before(self, place: Place, since_seq: int) -> bool:
        n = bisect_left(self._places, place)
        return n > 0 and self._seqs[n - 1] > since_seq


class _Queue(NamedTuple):
    """`stopped`: how its counters stand still, and since which event. `called`: by its counters, at mirrored places, so
    that whoever stands behind comes before. `standing`: who waits in it."""

    stopped: Sequence[tuple[Later, int]]
    called: _Newest
    standing: _Newest


class Lateness:
    """Of one state, which must not change while it is in use."""

    def __init__(self, zone: Zone, state: Snapshot, calls: Iterable[NotedCall]) -> None:
        self._zone, self._state, self._calls = zone, state, calls
        self._queues: dict[str, _Queue] = {}

    def reason(self, ticket: Ticket, since_seq: int) -> Later:
        """Why this waiting ticket's call comes later than was told as of event `since_seq`."""
        queue, place = self._queue(ticket), place_of(ticket)
        stopped = {why for why, seq in queue.stopped if seq > since_seq}
        for why in _STOPPED.values():
            if why in stopped:
                return why
        if queue.called.before(_mirrored(place), since_seq) or queue.standing.before(place, since_seq):
            return Later.OVERTAKEN
        return Later.SLOWER

    def _queue(self, ticket: Ticket) -> _Queue:
        name = queue_of(ticket)
        if name not in self._queues:
            own = {p.id for p in self._zone.counters.values() if may_call(p, ticket)}
            counters = (c for c in self._state.counters.values() if c.id in own and c.state in _STOPPED)
            self._queues[name] = _Queue(
                stopped=[(_STOPPED[c.state], c.seq) for c in counters],
                called=_Newest((_mirrored(c.place), c.seen_seq) for c in self._calls if c.counter in own),
                standing=_Newest(self._standing[name]),
            )
        return self._queues[name]

    @cached_property
    def _standing(self) -> Mapping[str, Sequence[tuple[Place, int]]]:
        standing = defaultdict(list)
        for t in self._state.tickets.values():
            if t.state is TicketState.WAITING:
                standing[queue_of(t)].append((place_of(t), t.seq))
        return standing


def place_of(ticket: Ticket) -> Place:
    return ticket.rank_ms, ticket.ordinal


def _mirrored(place: Place) -> Place:
    return -place[0], -place[1]
