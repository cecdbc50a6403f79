"""What a clerk does all day: open, call, recall, talk, park, send on, pause, close."""

from random import Random

from queue_core.domain.commands import (
    CallNext,
    CloseCounter,
    Command,
    Finish,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Start,
    Transfer,
)
from queue_core.domain.model import Current, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.simulate.rota import Shift, Span
from queue_core.simulate.scene import Action, Person, Phase, Scene
from queue_core.simulate.visitors import Visitors
from queue_core.simulate.visits import Shows, stranger

#: Somebody whom the simulation does not know may have drawn a ticket: look again after so long.
_LOOKS_AGAIN_S = 60.0
STAYS_AT_MOST_MS = 60 * 60_000


class Clerk:
    """Has one thing to do next, always: putting down another replaces it."""

    def __init__(self, zone: Zone, shift: Shift, scene: Scene, visitors: Visitors) -> None:
        self._zone, self._shift, self._scene, self._visitors = zone, shift, scene, visitors
        self._counter, self._desk = shift.counter, scene.day.habits.desk
        self._random = Random(f"{scene.name} clerk {shift.counter}")
        self._breaks: list[Span] = list(shift.breaks_ms)
        self._turn = 0
        self.idle = self.gone = False

    def begin(self) -> None:
        self._at(self._shift.from_ms, self._open)

    def serves(self, service: ServiceId) -> bool:
        return service in self._zone.counters[self._counter].services

    def wake(self) -> None:
        """Somebody came."""
        self._after(self._random.uniform(*self._desk.reaction_s), self._look)

    def _at(self, at_ms: int, action: Action) -> None:
        self._turn += 1
        self.idle = False
        turn = self._turn

        async def in_turn() -> None:
            if turn == self._turn:
                await action()

        self._scene.agenda.at(max(at_ms, self._scene.now_ms), in_turn)

    def _after(self, seconds: float, action: Action) -> None:
        self._at(self._scene.now_ms + int(1000 * seconds), action)

    async def _do(self, command: Command) -> bool:
        """Where it is refused somebody else works at this counter too: step back, look again."""
        done, _ = await self._scene.attempt(command)
        if not done:
            self._after(_LOOKS_AGAIN_S, self._look)
        return done

    async def _open(self) -> None:
        await self._scene.attempt(OpenCounter(self._counter))
        self._next()

    def _next(self) -> None:
        self._after(self._random.uniform(*self._desk.gap_s), self._look)

    def _break_due(self) -> bool:
        return bool(self._breaks) and self._scene.now_ms >= self._breaks[0][0]

    def _shift_over(self) -> bool:
        return self._scene.now_ms >= self._shift.to_ms

    async def _look(self) -> None:
        overdue = self._scene.now_ms >= self._shift.to_ms + (STAYS_AT_MOST_MS if self._shift.stays else 0)
        if overdue:
            await self._close()
        elif self._break_due() and not self._shift_over():
            await self._pause()
        else:
            await self._call(None)

    async def _close(self) -> None:
        done, _ = await self._scene.attempt(CloseCounter(self._counter))
        self.gone = done or self._scene.now_ms >= self._shift.to_ms + 2 * STAYS_AT_MOST_MS
        if not self.gone:
            self._after(_LOOKS_AGAIN_S, self._close)

    async def _pause(self) -> None:
        _, to_ms = self._breaks.pop(0)
        if await self._do(PauseCounter(self._counter, reason="break")):
            self._at(to_ms, self._open)

    async def _call(self, current: Current | None) -> None:
        done, ticket = await self._scene.attempt(CallNext(self._counter, current))
        if ticket is not None:
            self._called(ticket)
        elif done and self._shift_over():
            await self._close()
        else:
            self._after(_LOOKS_AGAIN_S, self._look)
            self.idle = done

    def _called(self, ticket: TicketId) -> None:
        person = self._scene.people.get(ticket) or self._meet(ticket)
        if not person.called:
            self._scene.counts.waits_ms.append(self._scene.now_ms - person.since_ms)
        person.called, person.phase = True, Phase.AT_COUNTER
        if person.shows is Shows.AT_ONCE:
            self._after(person.visit.way_s, lambda: self._start(person))
        else:
            self._after(self._desk.recalls_after_s, lambda: self._recall(person))

    def _meet(self, ticket: TicketId) -> Person:
        scene = self._scene
        day = scene.day
        visit = stranger(self._zone, self._random, self._counter, day.means_s, scene.now_ms, day.habits)
        person = Person(visit, ticket, visit.service, self._scene.now_ms)
        self._scene.people[ticket] = person
        return person

    async def _recall(self, person: Person) -> None:
        done, _ = await self._scene.attempt(Recall(self._counter))
        if done and person.shows is Shows.AFTER_RECALL:
            self._after(person.visit.way_s, lambda: self._start(person))
        else:
            self._after(self._desk.gives_up_after_s, lambda: self._give_up(person))

    async def _give_up(self, person: Person) -> None:
        if await self._do(Miss(self._counter)):
            self._visitors.missed(person)
            self._next()

    async def _start(self, person: Person) -> None:
        if await self._do(Start(self._counter)):
            drift = self._scene.day.drift_at(self._scene.now_ms)
            self._after(person.talk_s * self._shift.pace * drift, lambda: self._end(person))

    async def _end(self, person: Person) -> None:
        first, visit = person.talks == 0, person.visit
        person.talks += 1
        if first and visit.parked_s and not self._scene.over:
            await self._park(person)
        elif first and visit.then and not self._scene.over:
            await self._send_on(person, visit.then)
        else:
            await self._finish(person)

    async def _park(self, person: Person) -> None:
        if await self._do(Park(self._counter, reason="papers")):
            self._visitors.parked(person)
            self._next()

    async def _send_on(self, person: Person, service: ServiceId) -> None:
        if await self._do(Transfer(person.ticket, to_service=service, by_counter=self._counter)):
            person.service, person.phase = service, Phase.WAITING
            self._next()
            self._scene.on_queued(service)
        else:
            self._after(0, lambda: self._finish(person))

    async def _finish(self, person: Person) -> None:
        person.phase = Phase.GONE
        self._scene.counts.served += 1
        if self._shift.one_key and not self._break_due() and not self._shift_over():
            await self._call(Current.FINISH)
        elif await self._do(Finish(self._counter)):
            self._next()
