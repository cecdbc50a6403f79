"""Writes past the transport, on both event loops and on real sockets."""

import asyncio
import os
import socket
import ssl
import struct
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from queue_core.domain.model import TicketId, ZoneId
from queue_core.domain.views.view import View
from queue_core.live.client import Client
from queue_core.live.frames import Frame, Position
from queue_core.live.limits import Limits, Seats
from queue_core.live.outlet import Outlet
from tests.support.eventually import eventually

LINE = b"%04d" + b"." * 1019 + b"\n"
LIMIT_BYTES = 16 * 1024
CROWD = 40


class Hotel:
    """A host that only notes who left and who has drained."""

    def __init__(self) -> None:
        self.limits = Limits(write_limit_bytes=LIMIT_BYTES)
        self.seats = Seats(self.limits)
        self.left: list[Client] = []
        self.drained: list[Client] = []

    def require(self, zone: ZoneId) -> None: ...

    async def recall(self, zone: ZoneId, ticket: TicketId) -> None: ...
    def join(
        self, client: Client, zone: ZoneId, view: View, ticket: TicketId | None, since: Position | None
    ) -> None: ...

    def leave(self, client: Client) -> None:
        self.left.append(client)

    def caught_up(self, client: Client) -> None:
        self.drained.append(client)


class Line(Outlet):
    credential = ""
    rendered = None

    def write(self, frame: Frame) -> bool:
        return self.send(frame.sse)

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:  # noqa: ARG002
        self.shut()
        self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.opened()
        self.uncork()


class Party:
    """Outlets, and the plain sockets at their other ends."""

    def __init__(self, stack: ExitStack, tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None) -> None:
        self.hotel = Hotel()
        self._stack, self._tls = stack, tls
        self._made: list[Line] = []
        self._port = 0

    async def open(self) -> None:
        listener = self._stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        listener.listen(CROWD)
        self._port = listener.getsockname()[1]
        context = self._tls[0] if self._tls else None
        self._server = await asyncio.get_running_loop().create_server(self._line, sock=listener, ssl=context)

    async def close(self) -> None:
        """Before its loop is closed, which waits for what is open."""
        self._server.close()
        for line in self._made:
            line.cut()
        await eventually(lambda: len(self.hotel.left) == len(self._made))

    def _line(self) -> Line:
        self._made.append(Line(self.hotel))
        return self._made[-1]

    async def pair(self) -> tuple[Line, socket.socket]:
        """A connection whose client's kernel takes little."""
        made = len(self._made)
        client = self._stack.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self._port))
        if self._tls:
            client = await asyncio.to_thread(self._tls[1].wrap_socket, client)
            self._stack.enter_context(client)
        client.setblocking(False)
        await eventually(lambda: len(self._made) > made and self._made[made].is_open)
        return self._made[made], client


def received(client: socket.socket) -> bytes:
    data = b""
    with suppress(BlockingIOError, ssl.SSLWantReadError):
        while more := client.recv(1 << 16):
            data += more
    return data


def reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


Scene = Callable[[Party], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def play(request: pytest.FixtureRequest) -> Play:
    def playing(scene: Scene, tls: Any = None) -> None:
        async def staged() -> None:
            with ExitStack() as stack:
                party = Party(stack, tls)
                await party.open()
                try:
                    await scene(party)
                finally:
                    await party.close()

        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(staged())

    return playing


def fill(line: Line) -> int:
    """Sends numbered lines until no more are taken; how many were."""
    taken = 0
    while line.send(LINE % taken):
        taken += 1
        assert taken < 10_000
    return taken


def lines(count: int) -> bytes:
    return b"".join(LINE % n for n in range(count))


async def drained(client: socket.socket, size: int) -> bytes:
    data = b""

    def have() -> bool:
        nonlocal data
        data += received(client)
        return len(data) >= size

    await eventually(have)
    return data


def test_what_the_socket_does_not_take_follows_whole_and_in_order(play: Play) -> None:
    async def scene(party: Party) -> None:
        line, client = await party.pair()
        for _ in range(3):
            taken = fill(line)
            assert LIMIT_BYTES < line.held <= LIMIT_BYTES + len(LINE)
            assert not line.send(b"skipped")
            assert await drained(client, len(lines(taken))) == lines(taken)
            await eventually(lambda: party.hotel.drained)
            party.hotel.drained.clear()

    play(scene)


def test_a_little_that_waits_is_no_lagging(play: Play) -> None:
    async def scene(party: Party) -> None:
        line, client = await party.pair()
        sent = 0
        while not line.held:
            assert line.send(LINE % sent)
            sent += 1
        assert line.send(LINE % sent)
        assert await drained(client, len(lines(sent + 1))) == lines(sent + 1)
        assert party.hotel.drained == []
        assert line.send(b"more")
        assert await drained(client, 4) == b"more"

    play(scene)


def test_nobody_gets_the_bytes_of_one_whose_descriptor_was_reused(play: Play, tmp_path: Path) -> None:
    """A crowd is being written to, slice by slice; between two slices some go and others come with their numbers."""

    async def scene(party: Party) -> None:
        crowd = [await party.pair() for _ in range(CROWD)]
        gone = crowd[CROWD // 2 :: 4]
        numbers = {line.transport.get_extra_info("socket").fileno() for line, _ in gone}
        for line, _ in crowd[: CROWD // 2]:
            assert line.send(b"all")
        for line, client in gone:
            reset(client)
            line.send(b"last")
        await eventually(lambda: len(party.hotel.left) == len(gone))
        files = {os.open(tmp_path / str(n), os.O_RDWR | os.O_CREAT) for n in range(len(gone))}
        newcomers = [await party.pair() for _ in gone]
        reused = {line.transport.get_extra_info("socket").fileno() for line, _ in newcomers} | files
        assert numbers & reused
        for line, _ in crowd[CROWD // 2 :]:
            assert line.send(b"all")
        for line, _ in gone:
            line.cut()
        for line, client in crowd:
            if (line, client) not in gone:
                assert await drained(client, 3) == b"all"
        for line, client in newcomers:
            assert line.send(b"new")
            assert await drained(client, 3) == b"new"
        assert all(os.fstat(file).st_size == 0 for file in files)
        for file in files:
            os.close(file)

    play(scene)


def test_a_client_that_is_gone_is_told_nothing_and_troubles_nobody(play: Play) -> None:
    async def scene(party: Party) -> None:
        line, client = await party.pair()
        reset(client)
        assert all(line.send(b"x") for _ in range(10))
        await eventually(lambda: party.hotel.left == [line])
        assert line.send(b"x")

    play(scene)


def test_one_that_ends_still_sends_what_it_holds_and_nothing_more(play: Play) -> None:
    async def scene(party: Party) -> None:
        line, client = await party.pair()
        taken = fill(line)
        line.end(1012, "restart")
        assert line.send(b"too late")
        assert await drained(client, len(lines(taken))) == lines(taken)
        await eventually(lambda: party.hotel.left == [line])
        assert received(client) == b""
        assert party.hotel.drained == []

    play(scene)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    more = ["-subj", "/CN=localhost", "-days", "1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *more], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.load_verify_locations(certificate)
    return server, client


def test_with_tls_everything_goes_through_the_transport(play: Play, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def scene(party: Party) -> None:
        line, client = await party.pair()
        taken = fill(line)
        assert await drained(client, len(lines(taken))) == lines(taken)
        await eventually(lambda: party.hotel.drained == [line])
        assert line.send(b"more")
        assert await drained(client, 4) == b"more"

    play(scene, tls)
