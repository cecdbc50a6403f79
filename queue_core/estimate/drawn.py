"""All chances of a run, drawn piece by piece before it begins."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from queue_core.domain.model import Counter, Ticket
from queue_core.estimate.forward.chances import Coming, Person, Seconds, Visits
from queue_core.estimate.forward.house import House
from queue_core.estimate.laws.learned import Learned


@dataclass(frozen=True, slots=True)
class Drawn:
    """`Chances` of one house, which answer at once."""

    replicates: int
    free: Seconds
    away: Seconds
    leaves: Seconds
    streams: Sequence[Coming]
    of_people: Visits

    def free_s(self, _counters: Sequence[Counter]) -> Seconds:
        return self.free

    def away_s(self, _counters: Sequence[Counter]) -> Seconds:
        return self.away

    def leaves_s(self, _tickets: Sequence[Ticket]) -> Seconds:
        return self.leaves

    def coming(self) -> Sequence[Coming]:
        return self.streams

    def visits(self, _people: Sequence[Person]) -> Visits:
        return self.of_people


def drawing(house: House, learned: Learned) -> Generator[None, None, Drawn]:
    """In slices; what `learned` draws from must not change in between."""
    away = learned.away_s(house.counters)
    yield
    free = learned.free_s(house.counters)
    yield
    leaves = learned.leaves_s(house.waiting)
    yield
    streams = yield from learned.coming_in_slices()
    of_people = yield from learned.visits_in_slices((*house.people, *house.coming(streams)))
    return Drawn(learned.replicates, free, away, leaves, streams, of_people)
