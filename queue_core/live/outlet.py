"""Prebuilt bytes to one connection: without waiting, copying, or keeping more than the limit for a slow client."""

import asyncio
import os
from abc import abstractmethod
from typing import cast

from queue_core.live.client import Host
from queue_core.live.frames import Frame, Position

#: No descriptor: the connection is not open, or what it is sent must go by its transport.
_NONE = -1
#: From the goodbye to the end of the connection, whatever the client does.
CLOSE_WITHIN_S = 5.0
#: One that reads nothing, or that we do not listen to any more, will not close in good order.
CUT_WITHIN_S = 1.0


class Outlet(asyncio.Protocol):
    """A connection that a channel writes to. Whoever made it gives it a transport by `connection_made`.

    While its transport holds nothing, frames go to the descriptor itself; what the socket does not take goes to the
    transport, and so does all that follows until that has drained. The descriptor is forgotten before the transport
    closes it (both loops call `connection_lost` first), so that nobody else's is ever written to; one with TLS is not
    even remembered.
    """

    __slots__ = ("_corked", "_fd", "_is_gone", "_lags", "host", "is_open", "transport")

    transport: asyncio.Transport
    credential: str
    rendered: Position | None

    def __init__(self, host: Host) -> None:
        self.host = host
        self._fd = _NONE
        self.is_open = self._is_gone = self._lags = False
        self._corked: list[bytes] | None = None

    @abstractmethod
    def write(self, frame: Frame) -> bool: ...

    @abstractmethod
    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None: ...

    # What a channel sends

    def send(self, data: bytes) -> bool:
        """False when it lags too far: nothing was sent, and the host hears `caught_up` when it has drained."""
        if self._fd >= 0:
            try:
                sent = os.write(self._fd, data)
            except BlockingIOError:
                sent = 0
            except OSError:
                self.cut()
                return True
            if sent != len(data):
                self.transport.write(data[sent:])
            return True
        return self._send_later(data)

    def _send_later(self, data: bytes) -> bool:
        if self._corked is not None:
            self._corked.append(data)
        elif self.is_open:
            if self._lags or self.held > self.host.limits.write_limit_bytes:
                self._lags = True
                return False
            self.transport.write(data)
        return True

    @property
    def held(self) -> int:
        """Bytes that the socket did not take yet."""
        return self.transport.get_write_buffer_size()

    # How it opens and ends

    def opened(self, head: bytes = b"") -> None:
        """From now on it takes frames. The first ones go together, after `head`: `uncork` sends them."""
        self.is_open = True
        self._corked = [head]

    def uncork(self) -> None:
        corked, self._corked = self._corked, None
        if corked:
            self.transport.write(b"".join(corked))
        if self.is_open and not self.held:
            self._fd = self._descriptor()

    def shut(self) -> None:
        """It takes no more frames; what it holds it still sends."""
        self.is_open = False
        self._fd = _NONE

    def cut_soon(self, within_s: float = CLOSE_WITHIN_S) -> None:
        asyncio.get_running_loop().call_later(CUT_WITHIN_S if self.held else within_s, self.cut)

    def cut(self) -> None:
        self.shut()
        if not self._is_gone:
            self.transport.abort()

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are no subclasses
        limit = self.host.limits.write_limit_bytes if _is_encrypted(self.transport) else 0
        self.transport.set_write_buffer_limits(limit, 0)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (gone is gone)
        self._is_gone = True
        self.shut()
        self.host.leave(self)

    def pause_writing(self) -> None:
        """It holds something."""
        self._fd = _NONE

    def resume_writing(self) -> None:
        """It has drained."""
        if not self.is_open or self._corked is not None:
            return
        self._fd = self._descriptor()
        if self._lags:
            self._lags = False
            self.host.caught_up(self)

    def _descriptor(self) -> int:
        if _is_encrypted(self.transport) or self.transport.is_closing():
            return _NONE
        fd: int = self.transport.get_extra_info("socket").fileno()
        return fd


def _is_encrypted(transport: asyncio.Transport) -> bool:
    return transport.get_extra_info("sslcontext") is not None
