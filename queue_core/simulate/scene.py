"""What the actors of a simulated day share: the agenda, the office, the people in it, and what is counted."""

import heapq
from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from queue_core.domain.commands import Command
from queue_core.domain.errors import Refused
from queue_core.domain.model import ServiceId, TicketId
from queue_core.simulate.day import OfficeDay
from queue_core.simulate.port import OfficePort
from queue_core.simulate.visits import Shows, Visit

Action = Callable[[], Awaitable[None]]


class Agenda:
    """Actions in order of time; at the same time in the order in which they were put down."""

    def __init__(self) -> None:
        self._due: list[tuple[int, int, Action]] = []
        self._n = 0

    def __bool__(self) -> bool:
        return bool(self._due)

    def at(self, at_ms: int, action: Action) -> None:
        self._n += 1
        heapq.heappush(self._due, (at_ms, self._n, action))

    def next(self) -> tuple[int, Action]:
        at_ms, _, action = heapq.heappop(self._due)
        return at_ms, action


class Phase(StrEnum):
    WAITING = "waiting"
    AT_COUNTER = "at_counter"
    AWAY = "away"
    GONE = "gone"


@dataclass(slots=True)
class Person:
    visit: Visit
    ticket: TicketId
    service: ServiceId
    since_ms: int
    phase: Phase = Phase.WAITING
    shows: Shows = Shows.AT_ONCE
    talks: int = 0
    called: bool = False

    @property
    def talk_s(self) -> float:
        return self.visit.second_s if self.talks else self.visit.talk_s


@dataclass(slots=True)
class Counts:
    """`refused` by refusal code; waits in ms from the draw to the first call."""

    issued: int = 0
    served: int = 0
    missed: int = 0
    cancelled: int = 0
    waits_ms: list[int] = field(default_factory=list)
    refused: Tally[str] = field(default_factory=Tally)


@dataclass(slots=True)
class Scene:
    port: OfficePort
    day: OfficeDay
    random: Random
    now_ms: int = 0
    agenda: Agenda = field(default_factory=Agenda)
    people: dict[TicketId, Person] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    on_queued: Callable[[ServiceId], None] = lambda _service: None

    @property
    def name(self) -> str:
        return self.day.name

    @property
    def over(self) -> bool:
        """Closing time has passed: who is inside is served, nobody is sent on or comes back."""
        return self.now_ms >= self.day.closes_ms

    def after(self, seconds: float, action: Action) -> None:
        self.agenda.at(self.now_ms + int(1000 * seconds), action)

    async def attempt(self, command: Command) -> tuple[bool, TicketId | None]:
        """(done, ticket). A refusal is part of life: other people work in this office too."""
        try:
            return True, await self.port.do(command)
        except Refused as refused:
            self.counts.refused[refused.code.value] += 1
            return False, None

    def waiting(self) -> int:
        return sum(p.phase is Phase.WAITING for p in self.people.values())

    def at_counters(self) -> int:
        return sum(p.phase is Phase.AT_COUNTER for p in self.people.values())
