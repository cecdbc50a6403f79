"""The listening socket and the server on it: what keeps it from starting is said in one line."""

import socket
import ssl
from pathlib import Path

import pytest

from queue_core.serve.listener import PortTaken, TlsUnusable, bind, http_server


async def app(scope: object, receive: object, send: object) -> None:
    """Answers nobody."""


def no_streams(*_: object, **__: object) -> None:
    """Nobody asks for one."""


def test_port_0_takes_a_free_one() -> None:
    with bind("127.0.0.1", 0) as one, bind("127.0.0.1", 0) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_taken_port_is_refused_with_what_to_do() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"cannot listen on 127.0.0.1:{port}: .* make run PORT="):
            bind("127.0.0.1", port)


def test_an_address_with_colons_is_listened_at_as_ipv6() -> None:
    with bind("::1", 0) as listener:
        assert listener.family is socket.AF_INET6


def test_an_unknown_host_is_refused() -> None:
    with pytest.raises(PortTaken, match=r"no-such-host\.invalid"):
        bind("no-such-host.invalid", 0)


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_text("not a certificate")
    with pytest.raises(TlsUnusable, match=r"cannot serve TLS with .*certificate.pem") as refused:
        http_server(app, no_streams, (certificate, certificate))  # type: ignore[arg-type]
    assert isinstance(refused.value.__cause__, ssl.SSLError)


def test_without_tls_nothing_is_read() -> None:
    server = http_server(app, no_streams, None)  # type: ignore[arg-type]
    assert server.config.loaded
    assert not server.config.is_ssl


def test_the_server_leaves_signals_to_whoever_starts_it() -> None:
    server = http_server(app, no_streams, None)  # type: ignore[arg-type]
    with server.capture_signals():
        assert not server.should_exit
