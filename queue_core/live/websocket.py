"""The stream over WebSocket: `websockets` does handshake, ping, close and reading; frames go straight to the transport.

The HTTP server hands over a connection that asked for an upgrade: `StreamEndpoint` is what it calls for a protocol.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Protocol, cast

import orjson
from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import ConnectionClosed, NegotiationError
from websockets.http11 import Request, Response
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from queue_core.domain.errors import StoreAway
from queue_core.live import frames
from queue_core.live.access import Access, Authorise, ClientIp, Denial, Denied
from queue_core.live.client import Host, Stopping
from queue_core.live.codes import Close
from queue_core.live.frames import Frame, Position
from queue_core.live.handshake import (
    RETRY_AFTER_S,
    Asked,
    Refused,
    access_of,
    merged,
    parse,
    require_known_host,
    require_own_origin,
    require_zone,
)
from queue_core.live.limits import Allowance, TooMany

log = logging.getLogger(__name__)

SUBPROTOCOL = Subprotocol("wartezone.v1")
MESSAGE_MOST_BYTES = 4 * 1024
#: Without it the kernel takes megabytes of stale frames for a client that reads nothing.
SEND_BUFFER_BYTES = 64 * 1024
HANDSHAKE_WITHIN_S = 10.0
PING_EVERY_S = 20.0
CLOSE_WITHIN_S = 5.0
#: One that reads nothing, or that we do not listen to any more, will not close in good order.
CUT_WITHIN_S = 1.0
MISUNDERSTOOD_MOST = 3


class ServerState(Protocol):
    """Of the HTTP server: the connections whose `shutdown` it calls, and that it waits for, at its end."""

    connections: set[Any]


class StreamConnection(ServerConnection):
    """One client. `paused` marks one that lags by more than the write limit; `resume_writing` says that it drained."""

    def __init__(self, protocol: ServerProtocol, endpoint: "StreamEndpoint", state: ServerState) -> None:
        super().__init__(
            protocol,
            cast(Server, endpoint),
            ping_interval=PING_EVERY_S,
            ping_timeout=PING_EVERY_S,
            close_timeout=CLOSE_WITHIN_S,
            write_limit=(endpoint.host.limits.write_limit_bytes, 0),
        )
        self._endpoint, self._state = endpoint, state
        self.asked: Asked | None = None
        self.seat: str | None = None
        self.credential = ""
        self.rendered: Position | None = None
        self._heard: Allowance | None = None

    # The hub's side

    def write(self, frame: Frame) -> bool:
        if self.paused:
            return False
        if self.protocol.state is OPEN:
            self.transport.write(frame.ws)
        return True

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        if self.protocol.state is not OPEN:
            return
        within_s = CUT_WITHIN_S if self.paused else CLOSE_WITHIN_S
        self.protocol.send_close(code, reason if retry_ms is None else f"{reason} retry_ms={retry_ms}")
        self.send_data()
        self.loop.call_later(within_s, self.transport.abort)

    # The HTTP server's side

    def shutdown(self) -> None:
        self.end(Close.RESTART, "restart")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._state.connections.add(self)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._state.connections.discard(self)
        self._endpoint.host.leave(self)
        if self.seat is not None:
            self._endpoint.host.seats.give_back(self.seat)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._endpoint.host.caught_up(self)

    def data_received(self, data: bytes) -> None:
        """The first data are the request, from the HTTP server; frames are only parsed as far as they are allowed."""
        if self._heard is None:
            limits = self._endpoint.host.limits
            self._heard = Allowance(limits.bytes_at_once, limits.bytes_per_s, self.loop.time())
        elif not self._heard.spend(self.loop.time(), len(data)):
            self._stop_listening()
            return
        super().data_received(data)
        if self.paused and self.transport.get_write_buffer_size() > self._endpoint.host.limits.buffer_most_bytes:
            self.transport.abort()

    def _stop_listening(self) -> None:
        if self.protocol.state is OPEN:
            self.end(Close.TOO_MANY_MESSAGES, "too much")
            self.transport.pause_reading()
            self.loop.call_later(CUT_WITHIN_S, self.transport.abort)
        else:
            self.transport.abort()


class StreamEndpoint:
    """Stands in for the `Server` of `websockets`: makes connections, and runs one handler for each.

    `origins` lists pages from elsewhere that may open streams; `is_known_host` says by which names we are asked for.
    """

    def __init__(
        self,
        host: Host,
        authorise: Authorise,
        origins: Iterable[str],
        client_ip: ClientIp,
        is_known_host: Callable[[str], bool],
    ) -> None:
        self.host = host
        self.handler_tasks: set[asyncio.Task[None]] = set()
        self._authorise, self._origins, self._client_ip = authorise, frozenset(origins), client_ip
        self._is_known_host = is_known_host

    def __call__(self, *, server_state: ServerState, **_config: Any) -> StreamConnection:
        """Called by the HTTP server, which then gives the connection its transport and the request's bytes."""
        protocol = ServerProtocol(
            subprotocols=[SUBPROTOCOL], select_subprotocol=_subprotocol, max_size=MESSAGE_MOST_BYTES
        )
        return StreamConnection(protocol, self, server_state)

    def is_serving(self) -> bool:
        return True

    async def handler(self, connection: ServerConnection) -> None:
        """One connection's life; called by `websockets`."""
        stream = cast(StreamConnection, connection)
        try:
            async with asyncio.timeout(HANDSHAKE_WITHIN_S):
                await stream.handshake(self._examine, server_header=None)
            if stream.protocol.state is OPEN:
                stream.start_keepalive()
                await self._serve(stream)
        except (TimeoutError, ConnectionClosed):
            pass
        except Exception:
            log.exception("a stream failed")
        finally:
            stream.transport.abort()
            self.handler_tasks.discard(cast(asyncio.Task[None], asyncio.current_task()))

    async def _examine(self, connection: ServerConnection, request: Request) -> Response | None:
        stream = cast(StreamConnection, connection)
        headers = merged(request.headers.raw_items())
        try:
            stream.asked = await self._asked(stream, request.path, headers)
        except Refused as e:
            return _refusal(stream, e.status, e.sentence)
        except TooMany as e:
            status = HTTPStatus.TOO_MANY_REQUESTS if e.own else HTTPStatus.SERVICE_UNAVAILABLE
            return _refusal(stream, status, "too many streams")
        except StoreAway:
            return _refusal(stream, HTTPStatus.SERVICE_UNAVAILABLE, "the store is away")
        return None

    async def _asked(self, stream: StreamConnection, target: str, headers: Mapping[str, str]) -> Asked:
        require_known_host(headers, self._is_known_host)
        require_own_origin(headers, self._origins)
        ip = self._client_ip(headers, (stream.remote_address or ("",))[0])
        handshake, since = parse(target, headers, ip)
        require_zone(self.host, handshake.zone)
        _require_present(stream)
        self.host.seats.take(ip)
        stream.seat = ip
        return Asked(handshake, since, await access_of(handshake, self._authorise))

    async def _serve(self, stream: StreamConnection) -> None:
        asked = cast(Asked, stream.asked)
        answer = asked.access or await self._first_message(stream, asked)
        if isinstance(answer, Denied):
            code = Close.FORBIDDEN if answer.why is Denial.FORBIDDEN else Close.UNAUTHENTICATED
            stream.end(code, answer.why)
        else:
            stream.credential = answer.credential
            await self._follow(stream, asked)
        await stream.wait_closed()

    async def _first_message(self, stream: StreamConnection, asked: Asked) -> Access | Denied:
        try:
            async with asyncio.timeout(self.host.limits.auth_within_s):
                message = _message(await stream.recv())
        except TimeoutError:
            return Denied(Denial.MISSING)
        token = message.get("token")
        if message.get("type") != "auth" or not isinstance(token, str):
            return Denied(Denial.MISSING)
        return await self._authorise(replace(asked.handshake, token=token))

    async def _follow(self, stream: StreamConnection, asked: Asked) -> None:
        _require_present(stream)
        try:
            self.host.join(stream, asked.handshake.zone, asked.handshake.view, None, asked.since)
        except (Stopping, StoreAway):
            stream.end(Close.RESTART, "not now")
            return
        limits = self.host.limits
        allowance = Allowance(limits.messages_at_once, limits.messages_per_s, stream.loop.time())
        misunderstood = 0
        async for data in stream:
            if not allowance.spend(stream.loop.time()):
                stream.end(Close.TOO_MANY_MESSAGES, "too many messages")
            elif fault := _take(stream, _message(data)):
                misunderstood += 1
                stream.write(frames.plain("error", code=fault, detail="see docs/stream.md"))
                if misunderstood == MISUNDERSTOOD_MOST:
                    stream.end(Close.MISUNDERSTOOD, fault)


def _require_present(stream: StreamConnection) -> None:
    """Whoever has gone already would never give back what it is given now."""
    if stream.connection_lost_waiter.done():
        raise stream.close_exc


def _take(stream: StreamConnection, message: Mapping[str, Any]) -> str:
    """What a client says; answers why it was not understood."""
    match message:
        case {"type": "rendered", "epoch": int(epoch), "seq": int(seq)}:
            stream.rendered = Position(epoch, seq)
            return ""
        case {"type": "auth", "token": str()}:
            return ""
        case {"type": "rendered" | "auth"}:
            return "bad_fields"
        case _:
            return "unknown_message"


def _message(data: str | bytes) -> Mapping[str, Any]:
    """{} for what is no JSON object in text."""
    try:
        message = orjson.loads(data) if isinstance(data, str) else {}
    except orjson.JSONDecodeError:
        return {}
    return message if isinstance(message, dict) else {}


def _subprotocol(_protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """A client may leave it out; one that wants only others is not for us."""
    if offered and SUBPROTOCOL not in offered:
        raise NegotiationError(f"the subprotocol is {SUBPROTOCOL}")
    return SUBPROTOCOL if offered else None


def _refusal(stream: StreamConnection, status: HTTPStatus, sentence: str) -> Response:
    response = stream.respond(status, sentence + "\n")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
