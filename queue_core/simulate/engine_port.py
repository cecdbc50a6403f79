"""Plays straight into the engine, with the zone's clock set by hand: as fast as the store answers."""

from queue_core.domain.commands import Command
from queue_core.domain.events import EventType
from queue_core.domain.model import TicketId, ZoneId
from queue_core.engine import Engine, Once

_SCOPE = "simulated days"
_GIVES_TICKET = frozenset({EventType.ISSUED, EventType.CALLED})


class EnginePort:
    """`name` makes the commands' keys: the same day played twice into one zone is played once."""

    def __init__(self, engine: Engine, zone: ZoneId, name: str) -> None:
        self._engine, self._zone, self._name = engine, zone, name
        self._commands = 0

    async def advance_to(self, at_ms: int) -> None:
        await self._engine.set_clock(self._zone, at_ms, rate=0.0)

    async def do(self, command: Command) -> TicketId | None:
        self._commands += 1
        outcome = await self._engine.do(self._zone, command, Once(_SCOPE, f"{self._name} {self._commands}"))
        tickets = (e.data["ticket"] for e in outcome.events if e.type in _GIVES_TICKET)
        return next(map(TicketId, tickets), None)
