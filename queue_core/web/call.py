"""What a handler of the API is given: who asks for what, checked already."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from queue_core.domain.office import Zone
from queue_core.domain.principal import Principal
from queue_core.engine import Once
from queue_core.web.face import Frame


@dataclass(frozen=True, slots=True)
class Call:
    """`body` is an instance of the operation's request model; `once` is there for commands."""

    frame: Frame
    request: Request
    principal: Principal | None
    zone: Zone | None
    body: Any
    once: Once | None
