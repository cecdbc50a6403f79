"""The first estimator: the queue's length, over the counters that are open now, times the cycles measured there.

Everybody's turn comes from one forward run by the real policy with mean cycles (`line`), its spread from the visits
before it (`duration.levels_s`). Who will overtake (head starts, tickets sent on or returned) is not known but counted
on: if a share f of the calls overtakes one, each wait takes 1 / (1 - f) times as long. Not foreseen: breaks and shifts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Self

from queue_core.domain.calendar import business_day, opening_ms
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ClassId, Counter, CounterId, CounterState, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import CounterPlace, Zone
from queue_core.domain.policy import queue_of
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, NoRange, Range
from queue_core.estimate.queue_length.cycles import Cycles, configured_s
from queue_core.estimate.queue_length.duration import levels_s
from queue_core.estimate.queue_length.laws import Cycle, Laws
from queue_core.estimate.queue_length.line import Desk, Place, Turn, Waiting, people_ahead, run
from queue_core.estimate.watch import Watch

METHOD = "queue_length"
#: Relative variance for what the method does not foresee; measured on simulated days (docs/estimation.md).
_UNFORESEEN = 0.20**2
#: A place behind everybody of the same rank.
_LAST_ORDINAL = 10**10


class QueueLength:
    """A `Method`. Starts from nothing (the log then begins with `epoch_started`) or from a snapshot, which is
    copied; `laws` are another estimator's, or read back from their JSON.

    `beside` a living snapshot nothing is copied nor folded twice: its owner folds each event into it, once it was
    observed here and before the next one is.
    """

    def __init__(self, zone: Zone, snapshot: Snapshot | None = None, laws: Laws | None = None) -> None:
        self._begin(zone, Watch(snapshot), laws or Laws())

    @classmethod
    def beside(cls, zone: Zone, living: Snapshot, laws: Laws) -> Self:
        estimator = cls.__new__(cls)
        estimator._begin(zone, Watch.beside(living), laws)
        return estimator

    def _begin(self, zone: Zone, watch: Watch, laws: Laws) -> None:
        self._zone = zone
        self._watch, self._state = watch, watch.state
        self.laws = laws
        self._cycles = Cycles(zone, laws, watch.state)
        self._offsets_ms = {place.id: _offsets_ms(place) for place in zone.counters.values()}

    @property
    def as_of(self) -> tuple[int, int]:
        """(epoch, seq) of the last event in the state."""
        return self._watch.as_of

    def observe(self, event: Event) -> None:
        self._watch.observe(event, self._cycles)
        if event.type is EventType.DAY_ROLLED:
            self.end_day()

    def end_day(self) -> None:
        if self._watch.ends_day():
            self.laws.forget_day()

    def forecast(self, now_ms: int) -> Forecast:
        desks = [self._desk(c, now_ms) for c in self._open_counters()]
        competing, waiting = self.standing(now_ms)
        cycles: dict[ServiceId, Cycle] = {s: self.laws.cycle(s, configured_s(self._zone, s)) for s in self._services()}
        shut = self.shut_services(now_ms)
        turns = run(desks, waiting, cycles.__getitem__)
        ranges = _ranges(turns, self.laws.stretch)
        reasons = {w.id: NoRange.NO_COUNTER_OPEN for w in waiting if w.id not in ranges} | shut
        return Forecast(
            at_ms=now_ms,
            as_of_seq=self._state.seq,
            tickets={TicketId(w.id): ranges.get(w.id) for w in waiting if not w.probe},
            services={s: None if s in shut else ranges.get(s) for s in self._state.services},
            ahead=people_ahead(competing, waiting, turns),
            reasons=reasons,
        )

    def _services(self) -> set[ServiceId]:
        return {*self._state.services, *(t.service for t in self._state.tickets.values())}

    def _open_counters(self) -> list[Counter]:
        known = (c for c in self._state.counters.values() if c.id in self._zone.counters)
        return [c for c in known if c.state is CounterState.OPEN]

    def standing(self, now_ms: int) -> tuple[Mapping[CounterId, Mapping[ServiceId, int]], list[Waiting]]:
        """What `people_ahead` asks for beside the turns: the offsets of the counters that compete, and who waits."""
        return self._competing(), [*self._waiting(now_ms), *self._probes(now_ms)]

    def _competing(self) -> Mapping[CounterId, Mapping[ServiceId, int]]:
        """The open counters; where none is open, the position is the one at all of them."""
        running = {counter.id for counter in self._open_counters()}
        served = {queue for id_ in running for queue in self._served(id_)}
        return {
            id_: offsets_ms
            for id_ in self._offsets_ms
            if (offsets_ms := self._served(id_)) and (id_ in running or not served & offsets_ms.keys())
        }

    def _served(self, counter: CounterId) -> Mapping[ServiceId, int]:
        """The offsets of what the counter serves now: its clerk may have chosen."""
        known, offsets_ms = self._state.counters.get(counter), self._offsets_ms[counter]
        if not known or not known.services:
            return offsets_ms
        return {service: ms for service, ms in offsets_ms.items() if service in known.services}

    def _desk(self, counter: Counter, now_ms: int) -> Desk:
        offsets_ms, gap = self._served(counter.id), self.laws.gap()
        ticket = self._state.tickets.get(counter.ticket)
        if ticket is None:
            return Desk(counter.id, offsets_ms, gap.residual(self._hesitation_s(counter, now_ms)), gap)
        age_s = (now_ms - ticket.called_ms) / 1000
        cycle = self.laws.cycle(ticket.service, configured_s(self._zone, ticket.service)).length
        if ticket.state is TicketState.CALLED:
            return Desk(counter.id, offsets_ms, cycle.residual(age_s), cycle)
        talk = self.laws.occupation(ticket.service, configured_s(self._zone, ticket.service))
        return Desk(counter.id, offsets_ms, talk.residual(age_s).plus(gap), cycle)

    def _hesitation_s(self, counter: Counter, now_ms: int) -> float:
        """Since when a free counter could have called somebody: an open counter that does not call lengthens waits."""
        services = self._served(counter.id)
        came_ms = min((t.issued_ms for t in self._callable(now_ms) if t.service in services), default=now_ms)
        return (now_ms - max(counter.since_ms, came_ms)) / 1000

    def _callable(self, now_ms: int) -> Iterable[Ticket]:
        return (t for t in self._state.waiting() if t.not_before_ms <= now_ms)

    def _waiting(self, now_ms: int) -> Iterable[Waiting]:
        for t in self._state.waiting():
            eligible_s = max(0.0, (t.not_before_ms - now_ms) / 1000)
            yield Waiting(t.id, t.service, t.visitor_class, queue_of(t), Place(t.rank_ms, t.ordinal), eligible_s)

    def _probes(self, now_ms: int) -> Iterable[Waiting]:
        usual = self._zone.default_class
        for service in self._state.services:
            head_start_ms = self._zone.head_start_ms(service, usual) if service in self._zone.services else 0
            yield Waiting(service, service, usual, service, Place(now_ms - head_start_ms, _LAST_ORDINAL), probe=True)

    def shut_services(self, now_ms: int) -> dict[TicketId | ServiceId, NoRange]:
        shut: dict[TicketId | ServiceId, NoRange] = {}
        day = business_day(self._zone, now_ms)
        for service, is_open in self._state.services.items():
            hours = self._zone.hours_of(service) if service in self._zone.services else self._zone.hours
            if not is_open:
                shut[service] = NoRange.SERVICE_CLOSED
            elif not any(opens <= now_ms < closes for opens, closes in opening_ms(self._zone, hours, day)):
                shut[service] = NoRange.OUTSIDE_HOURS
        return shut


def _offsets_ms(place: CounterPlace) -> Mapping[ServiceId, int]:
    return MappingProxyType({s: 1000 * place.offset_s.get(s, 0) for s in place.services})


def _ranges(turns: Iterable[Turn], stretch: Callable[[ClassId], float]) -> dict[TicketId | ServiceId, Range]:
    """Within a queue no range lies below the one of somebody called earlier, at any level."""
    floor: dict[str, tuple[float, float, float]] = defaultdict(lambda: (0.0, 0.0, 0.0))
    factors: dict[ClassId, float] = {}
    ranges: dict[TicketId | ServiceId, Range] = {}
    for waiting, unstretched_s, var in turns:
        if (factor := factors.get(waiting.visitor_class)) is None:
            factor = factors[waiting.visitor_class] = stretch(waiting.visitor_class)
        at_s = unstretched_s * factor
        low, middle, high = levels_s(at_s, var * factor**2 + _UNFORESEEN * at_s**2)
        least = floor[waiting.queue]
        low, middle, high = floor[waiting.queue] = max(low, least[0]), max(middle, least[1]), max(high, least[2])
        ranges[waiting.id] = Range(int(low), round(middle), -int(-high // 1), METHOD)
    return ranges
