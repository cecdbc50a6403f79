"""What a handler of the API is given: who asks for what, checked already."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from queue_core.domain.commands import Command
from queue_core.domain.office import Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.principal import Principal
from queue_core.engine import Once
from queue_core.web.frame import Frame


@dataclass(frozen=True, slots=True)
class Call:
    """`body` is an instance of the operation's request model; `once` is there for commands; `principal` is None where
    anyone may ask."""

    frame: Frame
    request: Request
    principal: Principal | None = None
    zone: Zone | None = None
    body: Any = None
    once: Once | None = None

    @property
    def in_zone(self) -> Zone:
        """The zone that the path names."""
        if self.zone is None:
            raise LookupError("the operation's path names no zone")
        return self.zone

    @property
    def by(self) -> Principal:
        """Who asks, on operations that not everybody may use."""
        if self.principal is None:
            raise LookupError("the operation lets anyone in")
        return self.principal

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    async def do(self, command: Command) -> Outcome:
        return await self.frame.engine.do(self.in_zone.id, command, self.once)
