"""An application on a real port of the loopback, in this process: what a browser talks to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.types import ASGIApp

from queue_core.serve.guards import GuardedHttpProtocol

GRACE_S = 1


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Until left; open streams are cut after a moment of grace."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, timeout_graceful_shutdown=GRACE_S, ws="none", http=GuardedHttpProtocol
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await running


def free_listener(port: int = 0) -> socket.socket:
    """Connections inherit what is set here: asyncio, unlike uvloop, lets each answer wait 40 ms for an ACK."""
    listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
