"""The HTTP server: what keeps it from starting is said in one line."""

import ssl
from pathlib import Path

import pytest

from queue_core.serve.listener import TlsUnusable, http_server, require_tls


async def app(scope: object, receive: object, send: object) -> None:
    """Answers nobody."""


def no_streams(*_: object, **__: object) -> None:
    """Nobody asks for one."""


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_text("not a certificate")
    for refusing in (require_tls, lambda *files: http_server(app, no_streams, files)):  # type: ignore[arg-type]
        with pytest.raises(TlsUnusable, match=r"cannot serve TLS with .*certificate.pem") as refused:
            refusing(certificate, certificate)
        assert isinstance(refused.value.__cause__, ssl.SSLError)


def test_without_tls_nothing_is_read() -> None:
    server = http_server(app, no_streams, None)  # type: ignore[arg-type]
    assert server.config.loaded
    assert not server.config.is_ssl


def test_the_server_leaves_signals_to_whoever_starts_it() -> None:
    server = http_server(app, no_streams, None)  # type: ignore[arg-type]
    with server.capture_signals():
        assert not server.should_exit
