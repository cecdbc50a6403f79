"""What every request passes on its way in and out, in one layer: an id, a known host, a body of fit size, a deadline.
Its answer gets its headers, is counted and told of; what went wrong is answered.
"""

import asyncio
import time

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queue_core.domain.errors import WartezoneError
from queue_core.web.errors import shown, zone_of
from queue_core.web.frame import Frame
from queue_core.web.guards import BodyLimit, Hosts, require_plain_form
from queue_core.web.headers import SecurityHeaders
from queue_core.web.problems import Problem, problem_of, store_away, too_slow
from queue_core.web.request_log import REQUEST_ID, Metrics, begin_request, tell

log = structlog.get_logger(__name__)

_ID = REQUEST_ID.lower().encode()
_NO_LENGTH = b"0"
#: What is known to go wrong; anything else is a fault of ours.
_EXPECTED = (WartezoneError, Problem, HTTPException)


class Gate:
    def __init__(
        self,
        app: ASGIApp,
        frame: Frame,
        hosts: Hosts,
        security: SecurityHeaders,
        body: BodyLimit,
        metrics: Metrics,
    ) -> None:
        self._app, self._frame = app, frame
        self._hosts, self._body, self._within_s = hosts, body, frame.settings.store_deadline_s
        self.security, self.metrics = security, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # of two with one name the first counts
        host = headers.get(b"host", b"").decode("latin-1")
        passage = Passage(self, scope, host, begin_request(headers.get(_ID)), send)
        arrival = Arrival(receive)
        try:
            self._hosts.require(host)
            self._body.require(headers.get(b"content-length", _NO_LENGTH))
            require_plain_form(headers.get(b"content-type", b""))
        except Problem as e:
            await e.response()(scope, receive, passage.send)
            return
        if b"content-length" not in headers:
            arrival = Arrival(self._body.counted(receive))
        try:
            async with asyncio.timeout(self._within_s) as passage.timer:
                await self._answer(passage, arrival)
        except TimeoutError:
            if passage.has_begun:
                raise
            late = too_slow() if arrival.is_awaited else store_away()
            await shown(self._frame, Request(scope), late)(scope, receive, passage.send)

    async def _answer(self, passage: "Passage", receive: Receive) -> None:
        scope = passage.scope
        try:
            await self._app(scope, receive, passage.send)
        except ClientDisconnect:
            return
        except Exception as error:
            if not isinstance(error, _EXPECTED) or passage.has_begun:
                log.exception("request_failed", route=passage.route)
            if passage.has_begun:
                raise
            request = Request(scope)
            problem = problem_of(error, zone_of(self._frame, request))
            await shown(self._frame, request, problem)(scope, receive, passage.send)


class Arrival:
    """A request's body as it comes. `is_awaited`: somebody wants to go on and has not got the whole of it."""

    __slots__ = ("_is_whole", "_receive", "is_awaited")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_whole = self.is_awaited = False

    async def __call__(self) -> Message:
        self.is_awaited = not self._is_whole
        message = await self._receive()
        self.is_awaited, self._is_whole = False, not message.get("more_body", False)
        return message


class Passage:
    """One request under way. A stream, once it has begun, may take its time."""

    __slots__ = ("_began_s", "_gate", "_host", "_request_id", "_send", "has_begun", "scope", "timer")

    def __init__(self, gate: Gate, scope: Scope, host: str, request_id: str, send: Send) -> None:
        self._gate, self._host, self._request_id, self._send = gate, host, request_id, send
        self._began_s = time.perf_counter()
        self.scope = scope
        self.has_begun = False
        self.timer: asyncio.Timeout | None = None

    @property
    def route(self) -> str | None:
        return getattr(self.scope.get("route"), "path", None)

    async def send(self, message: Message) -> None:
        if not self.has_begun:
            self._begin(message)
        await self._send(message)

    def _begin(self, start: Message) -> None:
        self.has_begun = True
        # One that has expired was swallowed by a client library: let it answer.
        if self.timer and not self.timer.expired():
            self.timer.reschedule(None)
        own = [*start.get("headers", ()), (_ID, self._request_id.encode())]
        start["headers"] = self._gate.security.around(own, self._host)
        method, status, took_s = self.scope["method"], start["status"], time.perf_counter() - self._began_s
        self._gate.metrics.count(method, self.route, status, took_s)
        tell(method, self.route, status, took_s)
