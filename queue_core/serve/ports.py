"""The sockets of a process: bound first, so that a taken port is said before anything starts."""

import errno
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from queue_core.domain.errors import WartezoneError
from queue_core.live.websocket import SEND_BUFFER_BYTES
from queue_core.settings import Settings

BACKLOG = 2048
#: A client that takes nothing of what was written for so long has its connection ended.
TAKEN_WITHIN_S = 60.0
#: Every connection is an open file, and some are no stream: requests, the store, logs.
FILES_SPARE = 2_000
SOMAXCONN = Path("/proc/sys/net/core/somaxconn")
#: A killed server's children are gone by then.
FREE_WITHIN_S = 0.5
POLL_S = 0.01

Way = Callable[[str, int], socket.socket]


class PortTaken(WartezoneError):
    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {cause.strerror}. Choose another port: make run PORT=8081")


def allow_open_files(most: int) -> int:
    """Raises the soft limit of open files as far as we need and may; answers what it is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        most = min(hard, most)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


def capacity_warnings(clients_most: int) -> Iterator[str]:
    """What of this machine keeps us from serving so many streams; raises what we may raise."""
    files = allow_open_files(clients_most + FILES_SPARE)
    if files < clients_most:
        yield (
            f"only {files} files may be open here, and each stream is one: too few for"
            f" WARTEZONE_STREAM_CLIENTS_MOST={clients_most}. Raise LimitNOFILE (ulimit -n), or lower the setting"
        )
    if SOMAXCONN.exists() and (queued := int(SOMAXCONN.read_text())) < BACKLOG:
        yield f"net.core.somaxconn is {queued}: screens that come back all at once wait for seconds. Set {BACKLOG}"


def bind(host: str, port: int, taken_within_s: float = TAKEN_WITHIN_S) -> socket.socket:
    """For one process alone. Raises `PortTaken`. What is set here is inherited by every connection that is accepted."""
    listener = _socket(host, taken_within_s)
    _bind(listener, host, port, FREE_WITHIN_S)
    listener.listen(BACKLOG)
    return listener


def reserve(host: str, port: int) -> socket.socket:
    """Holds the port against everybody but our own children, who `share` it; nobody connects here.

    Bound before it may be shared: else another server of the same user would come to share it without a word. Raises
    `PortTaken`.
    """
    holder = _socket(host)
    _bind(holder, host, port, FREE_WITHIN_S)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return holder


def share(host: str, port: int) -> socket.socket:
    """One of several on a port that our parent holds; the kernel deals connections out to those that listen."""
    listener = _socket(host)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    _bind(listener, host, port)
    return listener


def _socket(host: str, taken_within_s: float = TAKEN_WITHIN_S) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if sys.platform == "linux":
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * taken_within_s))
    return listener


def _bind(listener: socket.socket, host: str, port: int, free_within_s: float = 0) -> None:
    """A port that is taken may be that of a server that was just killed, whose children are on their way out."""
    until = time.monotonic() + free_within_s
    while True:
        try:
            listener.bind((host, port))
        except OSError as e:
            if e.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(POLL_S)
                continue
            listener.close()
            raise PortTaken(host, port, e) from e
        return


@dataclass(frozen=True, slots=True)
class Ports:
    """The sockets of one process; `stream` is for streams alone."""

    http: socket.socket
    stream: socket.socket | None

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings, way: Way) -> Iterator["Ports"]:
        """By `bind`, `reserve` or `share`. Raises `PortTaken`."""
        with ExitStack() as stack:
            http = stack.enter_context(way(settings.host, settings.port))
            stream = stack.enter_context(way(settings.host, settings.stream_port)) if settings.stream_port else None
            yield cls(http, stream)

    @property
    def number(self) -> int:
        return int(self.http.getsockname()[1])
