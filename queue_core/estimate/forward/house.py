"""The queue at one moment as arrays: what a forward run starts from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from queue_core.domain.model import Counter, ServiceId, Ticket
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session, pin_queue, queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.chances import Coming, Indices, Person, Seconds
from queue_core.estimate.forward.keys import PINNED, UNSERVED, Keys, keys, offset_key

#: Seeds of those who have no ticket yet lie behind every ordinal, which has ten digits.
_PROBE_SEEDS = 10**10
_COMING_SEEDS = 2 * 10**10
_STREAM_SEEDS = 10**6
#: Who may be called already: since ever.
_AT_ONCE = -np.inf


@dataclass(frozen=True, slots=True)
class Line:
    """People of one queue whom every counter would call in this order: `keys` and `ready_s` both ascend.

    `queue` is a column of `House.offsets`, `falls_to` the column of the queue that they join when their counter closes
    for good, -1 for those who are not pinned.
    """

    queue: int
    people: Indices
    keys: Keys
    ready_s: Seconds
    falls_to: int = -1


@dataclass(frozen=True, slots=True)
class House:
    """People are numbered: `waiting`, then a probe for each service of `probes`, then those who come. A probe is a
    visitor of the usual class who draws now and takes nobody's time.

    `offsets` (C, Q): what each counter adds to a queue's keys; queues are `services` (the zone's, in its order, then
    any that it no longer has), then each counter's pins, then the pins of counters that are not in the house.
    """

    counters: tuple[Counter, ...]
    services: tuple[ServiceId, ...]
    offsets: Keys
    waiting: tuple[Ticket, ...]
    probes: tuple[ServiceId, ...]
    people: tuple[Person, ...]
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, zone: Zone, snapshot: Snapshot, now_ms: int) -> Self:
        zone = in_session(zone, snapshot.counters)
        counters = tuple(snapshot.counters[c] for c in zone.counters if c in snapshot.counters)
        waiting = tuple(snapshot.waiting())
        probes = tuple(snapshot.services)
        services = tuple(dict.fromkeys([*zone.services, *probes, *(t.service for t in waiting)]))
        return cls(
            counters=counters,
            services=services,
            offsets=_offsets(zone, counters, services),
            waiting=waiting,
            probes=probes,
            people=(*_holders(waiting, now_ms), *_probes(zone, probes)),
            lines=_lines(_Queues(services, counters), [*_waiting(waiting, now_ms), *_newcomers(zone, probes, waiting)]),
        )

    @property
    def awaited(self) -> int:
        """Of how many people the run tells when they are called."""
        return len(self.waiting) + len(self.probes)

    def coming(self, streams: Sequence[Coming]) -> list[Person]:
        """The people of the streams, as numbered behind those in the house: one for each column of each stream."""
        return [
            Person(_COMING_SEEDS + n * _STREAM_SEEDS + k, stream.service, stream.visitor_class, 0.0)
            for n, stream in enumerate(streams)
            for k in range(stream.callable_s.shape[1])
        ]


class _Standing(NamedTuple):
    """One in a queue; sorts as called once everybody may be."""

    ready_s: float
    key: int
    person: int
    queue: str
    service: ServiceId


class _Queues:
    """The columns of `House.offsets`."""

    def __init__(self, services: Sequence[ServiceId], counters: Sequence[Counter]) -> None:
        self._of_service = {service: n for n, service in enumerate(services)}
        self._of_pin = {pin_queue(c.id): len(services) + n for n, c in enumerate(counters)}
        self._of_nobody = len(services) + len(counters)

    def __getitem__(self, stands: _Standing) -> int:
        return self._of_pin.get(stands.queue, self._of_nobody) if stands.queue[:1] == "@" else self.joined(stands)

    def joined(self, stands: _Standing) -> int:
        return self._of_service[stands.service]


def _offsets(zone: Zone, counters: Sequence[Counter], services: Sequence[ServiceId]) -> Keys:
    offsets = np.full((len(counters), len(services) + len(counters) + 1), UNSERVED, np.int64)
    column = {service: n for n, service in enumerate(services)}
    for n, counter in enumerate(counters):
        place = zone.counters[counter.id]
        for service in place.services:
            offsets[n, column[service]] = offset_key(place.offset_s.get(service, 0))
        offsets[n, len(services) + n] = PINNED
    return offsets


def _holders(waiting: Iterable[Ticket], now_ms: int) -> Iterable[Person]:
    for t in waiting:
        yield Person(t.ordinal, t.service, t.visitor_class, min(0.0, (t.arrival_ms - now_ms) / 1000))


def _probes(zone: Zone, probes: Iterable[ServiceId]) -> Iterable[Person]:
    return (Person(_PROBE_SEEDS + n, service, zone.default_class, 0.0) for n, service in enumerate(probes))


def _waiting(waiting: Sequence[Ticket], now_ms: int) -> Iterable[_Standing]:
    by_ordinal = sorted(range(len(waiting)), key=lambda n: waiting[n].ordinal)
    order = {person: place for place, person in enumerate(by_ordinal)}
    key_of = keys([t.rank_ms - now_ms for t in waiting], [order[n] for n in range(len(waiting))]).tolist()
    for n, t in enumerate(waiting):
        ready_s = (t.not_before_ms - now_ms) / 1000 if t.not_before_ms > now_ms else _AT_ONCE
        yield _Standing(ready_s, key_of[n], n, queue_of(t), t.service)


def _newcomers(zone: Zone, probes: Iterable[ServiceId], waiting: Sequence[Ticket]) -> Iterable[_Standing]:
    for n, service in enumerate(probes):
        key = keys(-_usual_head_start_ms(zone, service), len(waiting))
        yield _Standing(_AT_ONCE, int(key), len(waiting) + n, service, service)


def _usual_head_start_ms(zone: Zone, service: ServiceId) -> int:
    return zone.head_start_ms(service, zone.default_class) if service in zone.services else 0


def _lines(queues: _Queues, people: Iterable[_Standing]) -> tuple[Line, ...]:
    of_queue: Mapping[tuple[int, int], list[_Standing]] = defaultdict(list)
    for stands in people:
        pinned = stands.queue[:1] == "@"
        of_queue[queues[stands], queues.joined(stands) if pinned else -1].append(stands)
    return tuple(
        _line(queue, falls_to, chain)
        for (queue, falls_to), standing in of_queue.items()
        for chain in _chains(sorted(standing))
    )


def _chains(standing: Iterable[_Standing]) -> list[list[_Standing]]:
    """As few lines as need be in which whoever may be called later also stands behind."""
    chains: list[list[_Standing]] = []
    for stands in standing:
        if fitting := next((chain for chain in chains if chain[-1].key <= stands.key), None):
            fitting.append(stands)
        else:
            chains.append([stands])
    return chains


def _line(queue: int, falls_to: int, chain: Sequence[_Standing]) -> Line:
    return Line(
        queue,
        np.array([s.person for s in chain], np.int64),
        np.array([s.key for s in chain], np.int64),
        np.array([s.ready_s for s in chain]),
        falls_to,
    )
