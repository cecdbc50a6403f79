"""The line of a zone run forward once, with mean lengths: in which order, where and when would everybody be called?

The order is the policy's (smallest rank plus the counter's offset, then ordinal; pinned first; not-before respected;
tests hold it to `domain.policy`). Times are seconds from now.

A full house is run every second, between requests: what is done for each who waits is done plainly.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.policy import pin_queue
from queue_core.estimate.queue_length.duration import Duration
from queue_core.estimate.queue_length.laws import Cycle

Queue = str
_NOTHING = Cycle(Duration(0.0, 0.0), 0.0)


class Place(NamedTuple):
    """A place in the order of one queue."""

    rank_ms: int
    ordinal: int


class Waiting(NamedTuple):
    """One who waits; a `probe` is a visitor who might draw now and takes nobody's time."""

    id: TicketId | ServiceId
    service: ServiceId
    visitor_class: ClassId
    queue: Queue
    place: Place
    eligible_s: float = 0.0
    probe: bool = False


@dataclass(slots=True)
class Desk:
    """An open counter: free again after `busy`, the rest of a `cycle` that runs now."""

    id: CounterId
    offsets_ms: Mapping[ServiceId, int]
    busy: Duration
    cycle: Duration
    freed: bool = False
    done_var: float = 0.0
    done_doubt_s: float = 0.0
    doing: Cycle = _NOTHING

    @property
    def queues(self) -> tuple[Queue, ...]:
        return (pin_queue(self.id), *self.offsets_ms)

    def complete(self) -> None:
        self.done_var += self.doing.length.var
        self.done_doubt_s += self.doing.doubt_s
        self.freed, self.doing = True, _NOTHING


class Turn(NamedTuple):
    """When one would be called; `var` is the variance of that time, from the visits before and from doubt."""

    waiting: Waiting
    at_s: float
    var: float


def run(desks: Sequence[Desk], waiting: Iterable[Waiting], cycle: Callable[[ServiceId], Cycle]) -> list[Turn]:
    """Everybody whom these desks would call, in the order of the calls. Changes the desks.

    Variances of parallel desks add up over their number squared, as for the superposed departures of s servers.
    """
    line = _Line(desks, waiting)
    free = [(at_s, n) for n, at_s in enumerate(_first_free_s(desks))]
    heapq.heapify(free)
    turns: list[Turn] = []
    while free:
        at_s, n = heapq.heappop(free)
        desk = desks[n]
        desk.complete()
        line.admit(at_s)
        if (best := line.take(desk)) is None:
            if (later_s := line.next_eligible_s(desk)) is not None:
                heapq.heappush(free, (later_s, n))
            continue
        turns.append(line.turn(best, at_s))
        if not best.probe:
            desk.doing = cycle(best.service)
        heapq.heappush(free, (at_s + desk.doing.length.mean_s, n))
    return turns


def _first_free_s(desks: Sequence[Desk]) -> list[float]:
    """When each desk is free for the first time, so that the n-th of b like desks is free after about n/b of a cycle.

    That is the pace of departures in the long run. Mean residuals in place of true ones bunch together instead: all
    equal if lengths are exponential, right as they are if lengths are certain. So each is drawn towards n/b of itself
    with weight 2 cv^2 / (1 + cv^2), which brings the mean residual (1 + cv^2) / 2 cycles down to half a cycle.
    """
    return [desk.busy.mean_s * (1 - w + w * share) for desk, w, share in _standings(desks)]


def _standings(desks: Sequence[Desk]) -> Iterator[tuple[Desk, float, float]]:
    for desk in desks:
        rivals = [d for d in desks if d.offsets_ms.keys() & desk.offsets_ms.keys()] or [desk]
        earlier = sum((d.busy.mean_s, d.id) <= (desk.busy.mean_s, desk.id) for d in rivals)
        cv2 = min(1.0, desk.cycle.cv**2)
        yield desk, 2 * cv2 / (1 + cv2), max(1, earlier) / len(rivals)


class _Pool:
    """The desks that may call from a queue, and how widely the times of its turns spread."""

    def __init__(self, desks: Sequence[Desk]) -> None:
        self._desks = desks
        self._unfreed = True
        self._first_var = 0.0

    def var(self) -> float:
        """Few departures out of many desks come like a Poisson stream, whatever the lengths; when every desk has been
        free once, what counts is the spread of each desk's own visits."""
        if self._unfreed:
            self._look_at_first()
        done_var = doubt_s = 0.0
        for desk in self._desks:
            done_var += desk.done_var
            doubt_s += desk.done_doubt_s
        doubt_s /= len(self._desks)
        return (self._first_var + done_var) / len(self._desks) ** 2 + doubt_s**2

    def _look_at_first(self) -> None:
        freed = [d for d in self._desks if d.freed]
        share = len(freed) / len(self._desks)
        self._unfreed = share < 1
        self._first_var = sum((1 - share) * d.cycle.mean_s**2 + share * d.busy.var for d in freed)


class _Line:
    def __init__(self, desks: Sequence[Desk], waiting: Iterable[Waiting]) -> None:
        self._queues: dict[Queue, list[tuple[Place, Waiting]]] = defaultdict(list)
        later = []
        for w in waiting:
            if w.eligible_s > 0:
                later.append(w)
            else:
                self._queues[w.queue].append((w.place, w))
        for heads in self._queues.values():
            heads.sort()
        self._later = deque(sorted(later, key=attrgetter("eligible_s", "place")))
        self._lanes = {
            desk.id: [(offset_ms, service, self._queues[service]) for service, offset_ms in desk.offsets_ms.items()]
            for desk in desks
        }
        pools: dict[Queue, list[Desk]] = defaultdict(list)
        for desk in desks:
            for queue in desk.queues:
                pools[queue].append(desk)
        self._pools = {queue: _Pool(of_queue) for queue, of_queue in pools.items()}

    def admit(self, at_s: float) -> None:
        while self._later and self._later[0].eligible_s <= at_s:
            w = self._later.popleft()
            heapq.heappush(self._queues[w.queue], (w.place, w))

    def next_eligible_s(self, desk: Desk) -> float | None:
        return next((w.eligible_s for w in self._later if w.queue in desk.queues), None)

    def take(self, desk: Desk) -> Waiting | None:
        if pinned := self._queues.get(pin_queue(desk.id)):
            return heapq.heappop(pinned)[1]
        best, best_queue = None, None
        for offset_ms, service, queue in self._lanes[desk.id]:
            if queue:
                place = queue[0][0]
                head = place.rank_ms + offset_ms, place.ordinal, service
                if best is None or head < best:
                    best, best_queue = head, queue
        return heapq.heappop(best_queue)[1] if best_queue else None

    def turn(self, w: Waiting, at_s: float) -> Turn:
        return Turn(w, at_s, self._pools[w.queue].var())


def people_ahead(
    desks: Mapping[CounterId, Mapping[ServiceId, int]], waiting: Sequence[Waiting], turns: Iterable[Turn]
) -> dict[TicketId | ServiceId, int]:
    """For each, how many who may be called already stand before it at a counter that could call both, and whose turn
    comes first: of those whom only a busier counter can call, many are called later and are not waited for.

    `desks` gives each counter's services with their offsets in ms. Of two services the one stands before the other by
    rank plus offset at the counter that favours it most.
    """
    position = {turn.waiting.id: n for n, turn in enumerate(turns)}
    lead_ms: dict[Queue, dict[Queue, int]] = defaultdict(dict)
    for counter, offsets_ms in desks.items():
        lead_ms[pin_queue(counter)][pin_queue(counter)] = 0
        for own, own_ms in offsets_ms.items():
            lead_ms[own][pin_queue(counter)] = _BEFORE_ALL_MS
            for other, other_ms in offsets_ms.items():
                lead_ms[own][other] = max(own_ms - other_ms, lead_ms[own].get(other, own_ms - other_ms))
    queues: dict[Queue, list[tuple[int, int]]] = defaultdict(list)
    positions: dict[Queue, list[float]] = defaultdict(list)  # in order, too: a queue is called in the order of places
    for w in sorted(waiting, key=attrgetter("place")):
        if not w.probe and w.eligible_s <= 0:
            queues[w.queue].append(w.place)
            positions[w.queue].append(position.get(w.id, _NEVER))

    rivals = {
        queue: [(ms, queues[other], positions[other]) for other, ms in leads.items() if other in queues]
        for queue, leads in lead_ms.items()
    }

    def ahead(w: Waiting) -> int:
        own, (rank_ms, ordinal) = position.get(w.id, _NEVER), w.place
        return sum(
            min(bisect_left(places, (rank_ms + lead_ms, ordinal)), bisect_right(called, own))
            for lead_ms, places, called in rivals.get(w.queue, ())
        )

    return {w.id: ahead(w) for w in waiting}


#: The position of whom no open counter calls.
_NEVER = float("inf")
#: Later than any rank: everybody pinned to a counter stands before those who are not.
_BEFORE_ALL_MS = 10**15
