"""The stream over WebSocket: `websockets` does handshake, ping, close and reading; frames go straight to the socket.

`StreamEndpoint` makes the protocol of a connection: for the HTTP server, which hands over those that asked for an
upgrade, and for a port of its own.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from websockets.datastructures import Headers
from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as Wire
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from queue_core.domain.errors import StoreAway
from queue_core.live import frames
from queue_core.live.access import Access, Authorise, ClientIp
from queue_core.live.client import Host, Stopping
from queue_core.live.codes import Close
from queue_core.live.frames import Frame, Position
from queue_core.live.handshake import Asked, Door
from queue_core.live.keepalive import Keepalive
from queue_core.live.limits import Allowance
from queue_core.live.opening import Opening
from queue_core.live.outlet import CUT_WITHIN_S, Outlet
from queue_core.live.reading import Readers, open_protocol
from queue_core.live.talk import Talk, understood

#: Without it the kernel takes megabytes of stale frames for a client that reads nothing. Listeners set it, and
#: connections inherit it.
SEND_BUFFER_BYTES = 64 * 1024
_PING = Wire(Opcode.PING, b"").serialize(mask=False)
_SAID = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class ServerState(Protocol):
    """Of the HTTP server: the connections whose `shutdown` it calls, and that it waits for, at its end."""

    connections: set[Any]


class StreamConnection(Outlet):
    """One client."""

    __slots__ = (
        "_connections",
        "_endpoint",
        "_is_alive",
        "_opening",
        "_reader",
        "_said",
        "_seat",
        "_talk",
        "_turn",
        "credential",
        "rendered",
    )

    def __init__(self, endpoint: "StreamEndpoint", connections: set[Any]) -> None:
        super().__init__(endpoint.door.host)
        self._endpoint, self._connections = endpoint, connections
        self._opening: Opening | None = Opening(self, endpoint.door)
        self._reader: ServerProtocol | None = None
        self._said: Allowance | None = None
        self._talk: Talk | None = None
        self._seat: str | None = None
        self._turn: int | None = None
        self._is_alive = True
        self.credential = ""
        self.rendered: Position | None = None

    # The hub's side

    def write(self, frame: Frame) -> bool:
        return self.send(frame.ws)

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        if not self.is_open:
            return
        self._reader = self._reader or open_protocol()
        self._reader.send_close(code, reason if retry_ms is None else f"{reason} retry_ms={retry_ms}")
        self._close(self._reader)

    def shutdown(self) -> None:
        """The HTTP server ends."""
        if self.is_open:
            self.end(Close.RESTART, "restart")
            self.cut_soon(CUT_WITHIN_S)
        else:
            self.cut()

    # The handshake's side

    def upgraded(self, target: str, headers: Iterable[tuple[str, str]]) -> None:
        """The HTTP server has read the request already."""
        if self._opening:
            self._opening.judge(Request(target, Headers(headers)))

    @property
    def peer(self) -> str:
        name = self.transport.get_extra_info("peername")
        return str(name[0]) if isinstance(name, tuple) else ""

    def seated(self, ip: str) -> None:
        self._seat = ip

    def turn_away(self, answer: bytes) -> None:
        self.transport.write(answer)
        self.transport.close()

    def follow(self, asked: Asked, access: Access) -> None:
        self._forget_opening()
        self.credential = access.credential
        try:
            self.host.join(self, asked.handshake.zone, asked.handshake.view, None, asked.since)
        except (Stopping, StoreAway):
            self.end(Close.RESTART, "not now")

    def _forget_opening(self) -> None:
        if self._opening:
            self._opening.stop()
            self._opening = None

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.add(self)
        if self._opening:
            self._opening.within_time()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._connections.discard(self)
        self._forget_opening()
        if self._turn is not None:
            self._endpoint.keepalive.discard(self, self._turn)
        if self._seat is not None:
            self.host.seats.give_back(self._seat)

    def opened(self, head: bytes = b"") -> None:
        super().opened(head)
        self._turn = self._endpoint.keepalive.add(self)

    def data_received(self, data: bytes) -> None:
        """Frames are only read as far as they are allowed."""
        if not (self.is_open or self._reader):
            if self._opening:
                self._opening.receive(data)
        elif self._may_say(len(data)):
            self._is_alive = True
            self._hear(data)
        else:
            self._stop_listening()

    def beat(self) -> None:
        """Who lags cannot hear the question: `Channel.cut_laggards` is for those."""
        if self._lags or not self.is_open:
            self._is_alive = True
            return
        if self._is_alive:
            self._is_alive = not self.send(_PING)
        else:
            self.cut()

    # What the client says

    def _may_say(self, size: int) -> bool:
        now_s = asyncio.get_running_loop().time()
        if self._said is None:
            self._said = Allowance(self.host.limits.bytes_at_once, self.host.limits.bytes_per_s, now_s)
        return self._said.spend(now_s, size)

    def _hear(self, data: bytes) -> None:
        reader, is_own = self._endpoint.readers.read(self._reader, data)
        if is_own:
            self._reader = reader
        said = reader.events_received()
        if reader.state is not OPEN:
            self._close(reader)
        elif answers := reader.data_to_send():
            self.transport.write(b"".join(answers))
        for frame in said:
            if isinstance(frame, Wire) and frame.opcode in _SAID and self.is_open:
                self._take(frame)
        if self.held > self.host.limits.buffer_most_bytes:
            self.cut()

    def _take(self, frame: Wire) -> None:
        now_s = asyncio.get_running_loop().time()
        talk = self._talk = self._talk or Talk(self.host.limits, now_s)
        try:
            message = talk.put_together(frame)
        except UnicodeDecodeError:
            self.end(CloseCode.INVALID_DATA, "not UTF-8")
            return
        if message is None:
            return
        if self._opening:
            self._opening.first_message(message)
        elif not talk.may_say_more(now_s):
            self.end(Close.TOO_MANY_MESSAGES, "too many messages")
        else:
            self._answer(talk, message)

    def _answer(self, talk: Talk, message: Mapping[str, Any]) -> None:
        fault, rendered = understood(message)
        self.rendered = rendered or self.rendered
        if fault:
            self.write(frames.plain("error", code=fault, detail="see docs/stream.md"))
            if talk.misunderstood():
                self.end(Close.MISUNDERSTOOD, fault)

    def _stop_listening(self) -> None:
        if self.is_open:
            self.end(Close.TOO_MANY_MESSAGES, "too much")
            self.transport.pause_reading()
            self.cut_soon(CUT_WITHIN_S)
        else:
            self.cut()

    def _close(self, reader: ServerProtocol) -> None:
        """Sends what closes the stream, after what waits to open it."""
        self.uncork()
        self.shut()
        self.cut_soon()
        for data in reader.data_to_send():
            if data:
                self.transport.write(data)
            elif self.transport.can_write_eof():
                self.transport.write_eof()
            else:
                self.transport.close()


class StreamEndpoint:
    """Makes connections, and holds what they share."""

    def __init__(
        self,
        host: Host,
        authorise: Authorise,
        origins: Iterable[str],
        client_ip: ClientIp,
        is_known_host: Callable[[str], bool],
    ) -> None:
        self.door = Door(host, authorise, frozenset(origins), client_ip, is_known_host)
        self.keepalive = Keepalive(host.limits.ping_every_s)
        self.readers = Readers()
        self._connections: set[Any] = set()

    def __call__(self, *, server_state: ServerState | None = None, **_config: Any) -> StreamConnection:
        """By the HTTP server, which then gives the connection its transport and the request; or by a listener."""
        return StreamConnection(self, self._connections if server_state is None else server_state.connections)
