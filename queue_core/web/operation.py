"""One operation of an HTTP API, declared once: it becomes a route and its part of the OpenAPI document."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
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

#: Forms of a parameter, as JSON schemas. An empty text is as good as none where it may be left out.
TEXT: Mapping[str, Any] = MappingProxyType({"type": "string"})
SOME_TEXT: Mapping[str, Any] = MappingProxyType({"type": "string", "minLength": 1})
DAY: Mapping[str, Any] = MappingProxyType({"type": "string", "anyOf": [{"format": "date"}, {"maxLength": 0}]})


def whole_number(least: int, most: int) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter after the question mark."""

    name: str
    description: str
    values: tuple[str, ...] = ()
    required: bool = False
    form: Mapping[str, Any] = field(default_factory=lambda: TEXT)


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the request that is this operation's own."""

    name: str
    description: str
    form: Mapping[str, Any] = field(default_factory=lambda: TEXT)


@dataclass(frozen=True, slots=True)
class Operation:
    """`roles` None: anyone. `command`: changes a zone, needs an Idempotency-Key; `nothing`: may find nobody (204);
    `throttled`: may be told to wait (429). `refusals`: what a move may refuse.

    `handle` may be `Printed`: then the answer is a document that is the same for everybody, and anyone may have it.
    `request` and `reply` are pydantic models; a reply that is no JSON names its `media_type` instead. `or_as`: types
    that the same answer also comes in on demand.
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
    or_as: tuple[str, ...] = ()
    command: bool = False
    nothing: bool = False
    throttled: bool = False
    refusals: tuple[Refusal, ...] = ()
    query: tuple[Query, ...] = ()
    header: Header | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.handle, Printed) and (self.method != "GET" or self.roles is not None):
            raise ValueError(f"{self.path}: what is printed is there to be read, by anyone")

    @property
    def name(self) -> str:
        handle = self.handle.open if isinstance(self.handle, Printed) else self.handle
        return f"{self.tag}.{handle.__name__}"
