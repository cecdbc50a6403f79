"""One operation of an HTTP API, declared once: it becomes a route and its part of the OpenAPI document."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import ASGIApp

from queue_core.domain.errors import Refusal
from queue_core.domain.principal import Role
from queue_core.web.call import Call
from queue_core.web.edition import Printed

#: Where a description keeps the form of a model.
SCHEMA_REF = "#/components/schemas/{model}"

Handler = Callable[[Call], Awaitable[Response | ASGIApp]]


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter after the question mark."""

    name: str
    description: str
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """`roles` None: anyone. `command`: changes a zone, needs an Idempotency-Key; `nothing`: may find nobody (204);
    `throttled`: may be told to wait (429). `refusals`: what a move may refuse.

    `handle` may be `Printed`: then the answer is a document that is the same for everybody, and anyone may have it.
    `request` and `reply` are pydantic models; a reply that is no JSON names its `media_type` instead.
    """

    method: str
    path: str
    handle: Handler | Printed
    summary: str
    roles: frozenset[Role] | None
    request: type[BaseModel] | None = None
    reply: type[BaseModel] | None = None
    status: int = 200
    media_type: str = "application/json"
    command: bool = False
    nothing: bool = False
    throttled: bool = False
    refusals: tuple[Refusal, ...] = ()
    query: tuple[Query, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.handle, Printed) and (self.method != "GET" or self.roles is not None):
            raise ValueError(f"{self.path}: what is printed is there to be read, by anyone")

    @property
    def name(self) -> str:
        handle = self.handle.open if isinstance(self.handle, Printed) else self.handle
        return f"{self.tag}.{handle.__name__}"
