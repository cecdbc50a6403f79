"""The agent as a process: bound to loopback, until it is told to end."""

import asyncio
import errno
import fcntl
import signal
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import uvicorn
from starlette.types import ASGIApp

from queue_core.domain.errors import WartezoneError
from ticket_kiosk.agent.app import app_of
from ticket_kiosk.agent.house import House, Means

LOOPBACK = "127.0.0.1"
#: Streams are cut at once; a ticket that is on its way to the paper is waited for.
_GRACE_S = 1
_BACKLOG = 64
_ENDS_WITHIN_S = 10.0
_POLL_S = 0.05


class AgentPortTaken(WartezoneError):
    def __init__(self, port: int, cause: OSError) -> None:
        super().__init__(f"the agent cannot listen on {LOOPBACK}:{port}: {cause.strerror}. Choose another: --port")


class FolderTaken(WartezoneError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"another agent works in {folder}: one journal has one writer. Choose another: --data")


@contextmanager
def sole(folder: Path) -> Iterator[None]:
    """Alone in the agent's folder; one that was just told to end may take some seconds. Raises `FolderTaken`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        until = time.monotonic() + _ENDS_WITHIN_S
        while not _locked(lock):
            if time.monotonic() > until:
                raise FolderTaken(folder)
            time.sleep(_POLL_S)
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def run(means: Means, port: int, any_port: bool = False) -> None:
    """Until SIGTERM or Ctrl-C. `any_port`: where `port` is taken, any free one. Raises `AgentPortTaken`."""
    with sole(means.data), listening(port, any_port) as listener:
        asyncio.run(_live(means, listener))


async def _live(means: Means, listener: socket.socket) -> None:
    house, port = House(means), int(listener.getsockname()[1])
    server = _Server(_config(app_of(house, port)))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, setattr, server, "should_exit", True)
    try:
        await house.begin()
        working = asyncio.create_task(house.run())
        print(f"http://{LOOPBACK}:{port}/kiosk/{means.kiosk}", flush=True)
        await server.serve([listener])
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    finally:
        await house.close()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def listening(port: int, any_port: bool) -> socket.socket:
    """Raises `AgentPortTaken`. What is set here is inherited by every connection that is accepted: asyncio sets no
    TCP_NODELAY where a socket does not name its protocol, and each answer would wait 40 ms for the browser's ACK."""
    for number in (port, 0) if any_port else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((LOOPBACK, number))
        except OSError as e:
            listener.close()
            if e.errno != errno.EADDRINUSE or number == 0 or not any_port:
                raise AgentPortTaken(number, e) from e
            continue
        listener.listen(_BACKLOG)
        return listener
    raise AssertionError("port 0 is always free")
