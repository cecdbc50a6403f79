"""What visitors do of their own accord: come, lose patience, come back."""

from dataclasses import dataclass

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.commands import Cancel, Issue, Return
from queue_core.domain.model import ReturnMode
from queue_core.simulate.appointments import Slot
from queue_core.simulate.scene import Person, Phase, Scene
from queue_core.simulate.visits import Shows, Visit

#: How a parked or missed ticket that comes back is put into the queue again, each as often.
MODES = (ReturnMode.OLD, ReturnMode.OLD, ReturnMode.AFTER, ReturnMode.END)
AFTER_S = 300
_BOOKED_BEFORE_MS = 9 * 60_000


@dataclass(frozen=True, slots=True)
class Visitors:
    scene: Scene

    def book(self, slot: Slot) -> None:
        """In time before the day; the log has it shortly before opening."""
        booked = Book(slot.booking, slot.service, slot.visitor_class, slot.slot_ms)
        self.scene.agenda.at(self.scene.day.opens_ms - _BOOKED_BEFORE_MS, lambda: self._booked(booked))

    async def _booked(self, booked: Book) -> None:
        await self.scene.attempt(booked)

    def expect(self, visit: Visit) -> None:
        self.scene.agenda.at(visit.at_ms, lambda: self._arrive(visit))

    async def _arrive(self, visit: Visit) -> None:
        scene = self.scene
        here = CheckIn(visit.booking) if visit.booking else Issue(visit.service, visit.visitor_class)
        _, ticket = await scene.attempt(here)
        if ticket is None:
            return
        scene.counts.issued += 1
        scene.people[ticket] = person = Person(visit, ticket, visit.service, scene.now_ms, shows=visit.shows)
        scene.after(visit.patience_s, lambda: self._lose_patience(person))
        scene.on_queued(visit.service)

    async def _lose_patience(self, person: Person) -> None:
        if person.phase is not Phase.WAITING or person.called:
            return
        if person.visit.leaves_silently:
            person.shows = Shows.NEVER
            return
        done, _ = await self.scene.attempt(Cancel(person.ticket, by="visitor"))
        if done:
            person.phase = Phase.GONE
            self.scene.counts.cancelled += 1

    def missed(self, person: Person) -> None:
        """Some come back and are let in again."""
        self.scene.counts.missed += 1
        comes_back = person.visit.comes_back_s and person.shows is Shows.NEVER and person.talks == 0
        person.phase = Phase.AWAY if comes_back else Phase.GONE
        if comes_back:
            person.shows = Shows.AT_ONCE
            self.scene.after(person.visit.comes_back_s, lambda: self._come_back(person))

    def parked(self, person: Person) -> None:
        person.phase = Phase.AWAY
        self.scene.after(person.visit.parked_s, lambda: self._come_back(person))

    async def _come_back(self, person: Person) -> None:
        if self.scene.over:
            person.phase = Phase.GONE
            return
        mode = self.scene.random.choice(MODES)
        after_s = AFTER_S if mode is ReturnMode.AFTER else 0
        done, _ = await self.scene.attempt(Return(person.ticket, mode, after_s))
        if done:
            person.phase = Phase.WAITING
            self.scene.on_queued(person.service)
