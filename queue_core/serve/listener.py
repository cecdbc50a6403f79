"""The HTTP server, and the listener for streams alone, on sockets that are bound already."""

import asyncio
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from queue_core.domain.errors import WartezoneError
from queue_core.serve.guards import REQUEST_WITHIN_S, GuardedHttpProtocol
from queue_core.serve.ports import BACKLOG

#: Answers under way at the end may take this long.
DRAIN_WITHIN_S = 5


class TlsUnusable(WartezoneError):
    def __init__(self, certificate: Path, key: Path, cause: OSError) -> None:
        super().__init__(f"cannot serve TLS with {certificate} and {key}: {cause.strerror or cause}")


def require_tls(certificate: Path, key: Path) -> None:
    """Raises `TlsUnusable`."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as e:
        raise TlsUnusable(certificate, key, e) from e


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
        backlog=BACKLOG,
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
