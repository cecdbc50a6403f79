"""Plays simulated days on paper: a day in tenths of a second."""

from dataclasses import replace

from queue_core.domain.booking_commands import CheckIn
from queue_core.domain.calendar import business_day
from queue_core.domain.commands import Command, Issue
from queue_core.domain.events import EventType
from queue_core.domain.model import TicketId
from queue_core.simulate.paper import PaperZone


class PaperPort:
    """Rolls the zone's day as the engine does: with the first command of another."""

    def __init__(self, zone: PaperZone) -> None:
        self.zone = zone
        self._tickets = 0

    async def advance_to(self, at_ms: int) -> None:
        self.zone.now_ms = max(at_ms, self.zone.now_ms)

    async def do(self, command: Command) -> TicketId | None:
        state, now_ms = self.zone.state, self.zone.now_ms
        if state.day and now_ms >= state.day_to_ms:
            self.zone.roll_day(business_day(self.zone.zone, now_ms))
        if isinstance(command, Issue | CheckIn):
            self._tickets += 1
            command = replace(command, ticket=TicketId(f"t{self._tickets:04d}"))
        for event in self.zone.do(command):
            if event.type in {EventType.ISSUED, EventType.CALLED}:
                return TicketId(event.data["ticket"])
        return None
