"""A zone that has had a random morning, and what is seen of it."""

import random
from collections.abc import Iterator
from enum import StrEnum

from queue_core.domain.commands import (
    CallNext,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.errors import Refused
from queue_core.domain.events import Event
from queue_core.domain.model import Current, ReturnMode, ServiceId, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.views.last_moves import LastMoves
from queue_core.domain.views.scene import Outlook, Scene
from queue_core.domain.views.timetable import openings
from queue_core.simulate.paper import PaperZone
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, TWO, zone

#: A Monday, 09:00 in Berlin.
NINE_MS = 1_791_183_600_000


class Reason(StrEnum):
    NO_COUNTER_OPEN = "no_counter_open"


class Morning:
    """Commands go in; scenes come out."""

    def __init__(self, of: Zone | None = None) -> None:
        self.model = PaperZone(of or zone(), NINE_MS)
        self.moves = LastMoves()
        self.outlook: Outlook | None = None
        self._issued = 0

    def scene(self) -> Scene:
        at = self.model
        return Scene(at.zone, at.state, self.outlook, openings(at.zone, at.now_ms), self.moves.by_counter)

    def do(self, command: Command) -> tuple[Event, ...]:
        events = self.model.do(command)
        for event in events:
            self.moves.fold(event)
        return events

    def issue(self, service: ServiceId = NEW) -> TicketId:
        self._issued += 1
        ticket = TicketId(f"ticket-{self._issued}")
        self.do(Issue(service, NORMAL, ticket))
        return ticket

    def random_events(self, seed: int, commands: int) -> Iterator[Event]:
        chance = random.Random(seed)
        for _ in range(commands):
            self.model.now_ms += chance.randrange(60_000)
            try:
                yield from self.do(self._random_command(chance))
            except Refused:
                continue

    def _random_command(self, chance: random.Random) -> Command:
        counter, service = chance.choice([ONE, TWO]), chance.choice([NEW, SHORT])
        ticket = chance.choice([*self.model.state.tickets, TicketId("none")])
        self._issued += 1
        return chance.choice(
            [
                *[Issue(service, chance.choice([NORMAL, PRIORITY]), TicketId(f"ticket-{self._issued}"))] * 4,
                *[CallNext(counter, chance.choice([None, Current.FINISH, Current.MISS]))] * 3,
                *[Start(counter), Finish(counter), Recall(counter), Miss(counter), Park(counter, "papers")],
                *[Return(ticket, ReturnMode.OLD), Return(ticket, ReturnMode.AFTER, 600), Cancel(ticket, "staff")],
                *[Transfer(ticket, to_service=service), OpenCounter(counter), OpenCounter(counter)],
                *[PauseCounter(counter), CloseCounter(counter), CloseService(service), OpenService(service)],
            ]
        )
