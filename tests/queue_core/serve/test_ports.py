"""The sockets of a process: held alone, or held for children that share them; what is taken is said in one line."""

import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_core.serve import ports
from queue_core.serve.ports import Ports, PortTaken, allow_open_files, bind, capacity_warnings, reserve, share
from queue_core.settings import Settings
from tests.support.office_process import free_port

pytestmark = pytest.mark.slow

LOOPBACK = "127.0.0.1"


@pytest.fixture(autouse=True)
def limits_stay() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def number(holder: socket.socket) -> int:
    return int(holder.getsockname()[1])


def test_port_0_takes_a_free_one() -> None:
    with bind(LOOPBACK, 0) as one, bind(LOOPBACK, 0) as other:
        assert number(one) != number(other)


def test_an_address_with_colons_is_listened_at_as_ipv6() -> None:
    with bind("::1", 0) as listener:
        assert listener.family is socket.AF_INET6


def test_an_unknown_host_is_refused() -> None:
    with pytest.raises(PortTaken, match=r"no-such-host\.invalid"):
        bind("no-such-host.invalid", 0)


@pytest.mark.parametrize("first", [bind, reserve])
@pytest.mark.parametrize("second", [bind, reserve])
def test_a_taken_port_is_refused_with_what_to_do(first: ports.Way, second: ports.Way) -> None:
    with first(LOOPBACK, 0) as taken:
        port = number(taken)
        with pytest.raises(PortTaken, match=f"cannot listen on {LOOPBACK}:{port}: .* make run PORT="):
            second(LOOPBACK, port)


def test_a_port_that_children_serve_is_still_refused_to_another_server() -> None:
    with reserve(LOOPBACK, 0) as holder, share(LOOPBACK, number(holder)) as child:
        child.listen()
        for way in (bind, reserve):
            with pytest.raises(PortTaken):
                way(LOOPBACK, number(holder))


def test_children_share_what_is_held_for_them_and_the_holder_gets_no_connection() -> None:
    with reserve(LOOPBACK, 0) as holder:
        with share(LOOPBACK, number(holder)) as one, share(LOOPBACK, number(holder)) as other:
            one.listen()
            other.listen()
            socket.create_connection((LOOPBACK, number(holder)), 1).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, number(holder)), 1)


def test_connections_go_on_to_those_who_are_left() -> None:
    with reserve(LOOPBACK, 0) as holder, share(LOOPBACK, number(holder)) as left:
        left.listen()
        with share(LOOPBACK, number(holder)) as leaving:
            leaving.listen()
        for _ in range(20):
            with socket.create_connection((LOOPBACK, number(holder)), 1):
                left.accept()[0].close()


def test_nobody_shares_a_port_that_one_process_has_for_itself() -> None:
    with bind(LOOPBACK, 0) as alone, pytest.raises(PortTaken):
        share(LOOPBACK, number(alone))


def test_the_port_for_streams_is_opened_where_one_is_set_and_closed_with_the_other() -> None:
    with Ports.opened(Settings(port=0), bind) as only:
        assert only.stream is None
    with Ports.opened(Settings(port=0, stream_port=free_port()), bind) as both:
        assert both.stream is not None
        assert number(both.stream) != both.number
    assert both.http.fileno() == both.stream.fileno() == -1


def test_as_many_files_may_be_open_as_are_needed_and_allowed() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    assert allow_open_files(1024) == 1024
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1024, hard)
    assert allow_open_files(600) == 1024


def test_too_few_files_for_the_streams_are_said_with_what_to_do() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    [warning] = [w for w in capacity_warnings(hard + 1) if "files" in w]
    assert warning.startswith(f"only {hard} files may be open here")
    assert "LimitNOFILE" in warning
    assert [w for w in capacity_warnings(100) if "files" in w] == []


def test_a_short_queue_of_the_kernel_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ports, "SOMAXCONN", tmp_path / "somaxconn")
    (tmp_path / "somaxconn").write_text("128\n")
    [warning] = capacity_warnings(100)
    assert warning.startswith("net.core.somaxconn is 128")
    (tmp_path / "somaxconn").write_text("4096\n")
    assert list(capacity_warnings(100)) == []
