"""What visitors do of their own accord: come, lose patience, come back."""

from dataclasses import dataclass

from queue_core.domain.commands import Cancel, Issue, Return
from queue_core.domain.model import ReturnMode
from queue_core.simulate.scene import Person, Phase, Scene
from queue_core.simulate.visits import Shows, Visit

#: Of a parked or missed ticket that comes back, how it is put into the queue again.
_MODES = (ReturnMode.OLD, ReturnMode.OLD, ReturnMode.AFTER, ReturnMode.END)
_AFTER_S = 300


@dataclass(frozen=True, slots=True)
class Visitors:
    scene: Scene

    def expect(self, visit: Visit) -> None:
        self.scene.agenda.at(visit.at_ms, lambda: self._arrive(visit))

    async def _arrive(self, visit: Visit) -> None:
        scene = self.scene
        _, ticket = await scene.attempt(Issue(visit.service, visit.visitor_class))
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
        mode = self.scene.random.choice(_MODES)
        after_s = _AFTER_S if mode is ReturnMode.AFTER else 0
        done, _ = await self.scene.attempt(Return(person.ticket, mode, after_s))
        if done:
            person.phase = Phase.WAITING
            self.scene.on_queued(person.service)
