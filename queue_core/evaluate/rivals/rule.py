"""What all peers' rules share: a queue to look at, one number to say, and the misses of before as its range."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Callable, Collection

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forecast import Forecast, NoRange, Range
from queue_core.evaluate.outcomes import IDLE_WAIT_S
from queue_core.evaluate.rivals.misses import Misses

_LAST_ORDINAL = 10**10
_PROBE = TicketId("")


class Rule(ABC):
    """A `Method`; a rule that learns overrides `observe`. The range is learned from how it missed at the draws."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.state = Snapshot()
        self._misses = Misses()
        self._lined_up: tuple[int, int, int] | None = None
        self._in_line: list[Ticket] = []
        self._serving = {
            service: frozenset(c for c, place in zone.counters.items() if service in place.services)
            for service in zone.services
        }
        self._said: dict[TicketId, tuple[int, float]] = {}

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        """Seconds from now until this waiting ticket is called; None where the rule says nothing."""

    def observe(self, event: Event) -> None:
        if event.type is EventType.CALLED:
            self._judge(event)
        self.state.fold(event)
        if event.type is EventType.ISSUED:
            ticket = self.state.tickets[event.data["ticket"]]
            if (said_s := self._says_s(ticket, event.at_ms)) is not None:
                self._said[ticket.id] = event.at_ms, said_s

    def forecast(self, now_ms: int) -> Forecast:
        tickets = {t.id: self._range(t, now_ms) for t in self.state.waiting()}
        services = {s: self._range(self._newcomer(s, now_ms), now_ms) for s in self.state.services}
        everybody: list[tuple[TicketId | ServiceId, Range | None]] = [*tickets.items(), *services.items()]
        return Forecast(
            at_ms=now_ms,
            as_of_seq=self.state.seq,
            tickets=tickets,
            services=services,
            reasons={of: NoRange.UNKNOWN for of, said in everybody if said is None},
        )

    def end_day(self) -> None:
        self._said.clear()

    def before(self, ticket: Ticket, now_ms: int) -> list[Ticket]:
        """Who may be called already and stands before, of any service."""
        line = self._line(now_ms)
        return line[: bisect_left(line, _place(ticket), key=_place)]

    def work_s(
        self, ticket: Ticket, now_ms: int, counters: Collection[CounterId], average_s: Callable[[ServiceId], float]
    ) -> float | None:
        """The work ahead, shared among those of `counters` that serve this one; None where none does. Of the work of
        another service it is the share that falls to these counters, if all take the same."""
        mine = self._serving[ticket.service] & set(counters)
        if not mine:
            return None
        work_s = 0.0
        for service, people in Tally(t.service for t in self.before(ticket, now_ms)).items():
            theirs = self._serving[service] & set(counters)
            if theirs:
                work_s += people * average_s(service) * len(theirs & mine) / len(theirs)
        return work_s / len(mine)

    def open_counters(self) -> set[CounterId]:
        return {c.id for c in self.state.counters.values() if c.state is CounterState.OPEN}

    def serving(self, service: ServiceId) -> frozenset[CounterId]:
        return self._serving[service]

    def _line(self, now_ms: int) -> list[Ticket]:
        """Who may be called now, in order; asked once for everybody who waits."""
        as_of = self.state.epoch, self.state.seq, now_ms
        if self._lined_up != as_of:
            self._lined_up = as_of
            waiting = (t for t in self.state.tickets.values() if t.state is TicketState.WAITING)
            self._in_line = sorted((t for t in waiting if t.not_before_ms <= now_ms), key=_place)
        return self._in_line

    def _says_s(self, ticket: Ticket, now_ms: int) -> float | None:
        """Nobody is called before they may be, whatever the rule."""
        wait_s = self.wait_s(ticket, now_ms)
        return None if wait_s is None else max(0.0, wait_s, (ticket.not_before_ms - now_ms) / 1000)

    def _range(self, ticket: Ticket, now_ms: int) -> Range | None:
        said_s = self._says_s(ticket, now_ms)
        if said_s is None:
            return None
        low_s, high_s = self._misses.range_s(said_s)
        return Range(int(low_s), round(said_s), -int(-high_s // 1), self.name)

    def _judge(self, event: Event) -> None:
        ticket = event.data["ticket"]
        if ticket in self._said:
            at_ms, said_s = self._said.pop(ticket)
            wait_s = (event.at_ms - at_ms) / 1000
            if wait_s >= IDLE_WAIT_S:
                self._misses.learn(said_s, wait_s)

    def _newcomer(self, service: ServiceId, now_ms: int) -> Ticket:
        usual = self.zone.default_class
        head_start_ms = self.zone.head_start_ms(service, usual) if service in self.zone.services else 0
        return Ticket(
            id=_PROBE,
            number="",
            series=self.zone.services[service].series
            if service in self.zone.services
            else next(iter(self.zone.series)),
            service=service,
            visitor_class=usual,
            state=TicketState.WAITING,
            ordinal=_LAST_ORDINAL,
            issued_ms=now_ms,
            arrival_ms=now_ms,
            rank_ms=now_ms - head_start_ms,
            seq=0,
        )


def _place(ticket: Ticket) -> tuple[int, int]:
    return ticket.rank_ms, ticket.ordinal


def waits_since_ms(ticket: Ticket) -> int:
    """When the wait began that people feel: an appointment's begins at its slot."""
    return max(ticket.arrival_ms, ticket.slot_ms)
