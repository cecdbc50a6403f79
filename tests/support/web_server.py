"""An application on a real port of the loopback, in this process: what a browser talks to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.types import ASGIApp

from queue_core.serve.guards import GuardedHttpProtocol
from tests.support.eventually import eventually

GRACE_S = 1
#: As uvicorn's own main loop ticks: it writes the date that answers carry.
_TICK_S = 0.1


class PromptServer(uvicorn.Server):
    """Ends as soon as it is told to and nobody is answered any more: uvicorn looks after each only every 0.1 s."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._ending.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), _TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for closed in (*self.servers, *(sockets or ())):
            closed.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(AssertionError):
            await eventually(self._is_idle, within_s=self.config.timeout_graceful_shutdown or 0)
        for task in self.server_state.tasks:
            task.cancel()

    def _is_idle(self) -> bool:
        return not self.server_state.connections and not self.server_state.tasks


@contextlib.asynccontextmanager
async def served_by(server: PromptServer, listener: socket.socket) -> AsyncIterator[None]:
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.end()
        await serving


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Until left; open streams are cut after a moment of grace."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, timeout_graceful_shutdown=GRACE_S, ws="none", http=GuardedHttpProtocol
    )
    async with served_by(PromptServer(config), listener):
        yield


def free_listener(port: int = 0) -> socket.socket:
    """Connections inherit what is set here: asyncio, unlike uvloop, lets each answer wait 40 ms for an ACK."""
    listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
