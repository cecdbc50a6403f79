"""Server-sent events: the frames of a channel as one endless answer, without a web framework, a task or a queue.

The answer's head goes the way of all answers; then the stream takes the connection over from the HTTP server, and its
end is the answer's end.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol
from urllib.parse import parse_qs

from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.live import frames
from queue_core.live.access import ClientIp
from queue_core.live.client import Host, Stopping
from queue_core.live.codes import Close
from queue_core.live.frames import Frame, Position
from queue_core.live.handshake import RETRY_AFTER_S, merged
from queue_core.live.limits import Allowance, TooMany
from queue_core.live.outlet import Outlet

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: ASGI extension of our HTTP server: a `Takeable`.
TAKEOVER = "wartezone.takeover"

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"connection", b"close"),
]


class Takeable(Protocol):
    """The HTTP server's side of a connection."""

    #: Those whose `shutdown` the server calls, and that it waits for, at its end.
    connections: set[Any]

    def answer_until_close(self) -> bool:
        """Before the head: what follows it ends with the connection. False where another request waits already."""

    def hand_over(self, heir: asyncio.Protocol) -> bool:
        """After the head: the connection is the heir's. False when it is gone."""


class SseConnection(Outlet):
    """One listener. What it sends after its request is not read; too much of it ends the stream."""

    __slots__ = ("_connections", "_said", "_seat")

    credential = ""
    rendered = None

    def __init__(self, host: Host, seat: str, connections: set[Any]) -> None:
        super().__init__(host)
        self._seat, self._connections = seat, connections
        self._said: Allowance | None = None

    def write(self, frame: Frame) -> bool:
        return self.send(frame.sse)

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:  # noqa: ARG002 (no close code here)
        if not self.is_open:
            return
        self.shut()
        self.cut_soon()
        if retry_ms is not None:
            self.transport.write(b"retry: %d\n" % retry_ms + frames.plain("bye", retry_ms=retry_ms).sse)
        self.transport.close()

    def shutdown(self) -> None:
        """The HTTP server ends."""
        self.end(0, "restart")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._connections.discard(self)
        self.host.seats.give_back(self._seat)

    def data_received(self, data: bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._said is None:
            self._said = Allowance(self.host.limits.bytes_at_once, self.host.limits.bytes_per_s, now_s)
        if not self._said.spend(now_s, len(data)):
            self.cut()


class SseStream:
    """One request's answer, an ASGI application. `view` is for everybody, or `own` with its ticket: whoever routes
    here has checked the link. The position to resume from is `last_event_id`, or the query's epoch and seq."""

    def __init__(
        self,
        host: Host,
        zone: ZoneId,
        view: View,
        ticket: TicketId | None,
        last_event_id: str | None,
        client_ip: ClientIp,
    ) -> None:
        self._host, self._zone, self._view, self._ticket = host, zone, view, ticket
        self._last_event_id = last_event_id
        self._client_ip = client_ip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (nothing is read)
        headers = merged((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        ip = self._client_ip(headers, (scope.get("client") or ("", 0))[0])
        try:
            self._host.require(self._zone)
            self._host.seats.take(ip)
        except UnknownZone:
            await _refuse(send, 404)
        except TooMany as e:
            await _refuse(send, 429 if e.own else 503)
        except (Stopping, StoreAway):
            await _refuse(send, 503)
        else:
            await self._seated(ip, scope, send)

    async def _seated(self, ip: str, scope: Scope, send: Send) -> None:
        """The seat is the connection's as soon as there is one, and given back by it; else here."""
        stream = None
        try:
            if self._ticket:
                await self._host.recall(self._zone, self._ticket)
            stream = await self._answer(ip, scope, send)
        except (Stopping, StoreAway):
            await _refuse(send, 503)
        finally:
            if stream is None:
                self._host.seats.give_back(ip)
        if stream:
            self._begin(stream, scope)

    async def _answer(self, ip: str, scope: Scope, send: Send) -> SseConnection | None:
        """Raises nothing of the host's: the head is out."""
        taken: Takeable = scope["extensions"][TAKEOVER]
        if not taken.answer_until_close():
            await _refuse(send, 503)
            return None
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        stream = SseConnection(self._host, ip, taken.connections)
        if scope["method"] == "HEAD" or not taken.hand_over(stream):
            await send({"type": "http.response.body", "body": b""})
            return None
        return stream

    def _begin(self, stream: SseConnection, scope: Scope) -> None:
        stream.opened()
        since = position(self._last_event_id, scope.get("query_string", b""))
        try:
            self._host.join(stream, self._zone, self._view, self._ticket, since)
        except (Stopping, StoreAway):
            stream.end(Close.RESTART, "not now")
        stream.uncork()


def position(last_event_id: str | None, query: bytes) -> Position | None:
    """Where a client wants to go on; None for one that makes no sense, so that it gets a snapshot."""
    asked = parse_qs(query.decode("latin-1"))
    text = last_event_id or "-".join(asked.get("epoch", []) + asked.get("seq", []))
    try:
        return Position.parse(text) if text else None
    except ValueError:
        return None


async def _refuse(send: Send, status: int) -> None:
    headers = [
        (b"content-length", b"0"),
        *([(b"retry-after", str(RETRY_AFTER_S).encode())] if status in (429, 503) else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
