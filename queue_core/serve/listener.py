"""The HTTP server on its socket: bound first, so that a taken port is said before anything starts."""

import asyncio
import resource
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from queue_core.domain.errors import WartezoneError
from queue_core.live.websocket import SEND_BUFFER_BYTES
from queue_core.serve.guards import REQUEST_WITHIN_S, GuardedHttpProtocol

BACKLOG = 2048
#: Answers under way at the end may take this long.
DRAIN_WITHIN_S = 5
#: A client that takes nothing of what was written for so long has its connection ended.
TAKEN_WITHIN_S = 60.0
#: Every connection is an open file; what is allowed at first is often 1,024, far below `stream_clients_most`.
OPEN_FILES_MOST = 65_536


class PortTaken(WartezoneError):
    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {cause.strerror}. Choose another port: make run PORT=8081")


class TlsUnusable(WartezoneError):
    def __init__(self, certificate: Path, key: Path, cause: OSError) -> None:
        super().__init__(f"cannot serve TLS with {certificate} and {key}: {cause.strerror or cause}")


def allow_open_files() -> None:
    """Raises the soft limit of open files as far as we need and may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES_MOST if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES_MOST)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def bind(host: str, port: int, taken_within_s: float = TAKEN_WITHIN_S) -> socket.socket:
    """Raises `PortTaken`. What is set here is inherited by every connection that is accepted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if sys.platform == "linux":
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * taken_within_s))
    try:
        listener.bind((host, port))
    except OSError as e:
        listener.close()
        raise PortTaken(host, port, e) from e
    listener.listen(BACKLOG)
    return listener


class HttpServer(uvicorn.Server):
    """uvicorn without its own signal handling: the composition root decides in which order things end."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def http_server(
    app: Any,
    streams: Callable[..., asyncio.Protocol],
    tls: tuple[Path, Path] | None,
    http: type[GuardedHttpProtocol] = GuardedHttpProtocol,
) -> HttpServer:
    """`streams` makes the protocol of a connection that asked for WebSocket. Raises `TlsUnusable`."""
    certificate, key = tls or (None, None)
    config = uvicorn.Config(
        app,
        http=http,
        ws=streams,  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=int(REQUEST_WITHIN_S),
        timeout_graceful_shutdown=DRAIN_WITHIN_S,
        ssl_certfile=str(certificate) if certificate else None,
        ssl_keyfile=str(key) if key else None,
    )
    try:
        config.load()
    except OSError as e:
        if tls is None:
            raise
        raise TlsUnusable(*tls, e) from e
    return HttpServer(config)
