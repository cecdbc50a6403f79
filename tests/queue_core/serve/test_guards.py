"""Clients that dawdle, against a real server on a real socket."""

import asyncio
import gc
import socket
import sys
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from queue_core.live.sse import TAKEOVER
from queue_core.live.websocket import SEND_BUFFER_BYTES
from queue_core.serve.guards import HEADERS_MOST, PIPELINED_MOST, GuardedHttpProtocol
from queue_core.serve.listener import HttpServer, http_server
from queue_core.serve.ports import bind
from queue_core.web.turns import HAS_GONE
from tests.support.eventually import eventually

pytestmark = pytest.mark.alone


async def hello(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def no_streams(**_: Any) -> asyncio.Protocol:
    raise AssertionError("nobody asked for a stream")


@asynccontextmanager
async def serving(
    http: type[GuardedHttpProtocol] = GuardedHttpProtocol, app: Any = hello, streams: Any = no_streams
) -> AsyncIterator[int]:
    listener = bind("127.0.0.1", 0, taken_within_s=0.2)
    server: HttpServer = http_server(app, streams, None, http)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await eventually(lambda: server.started)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listener.close()


async def ended(port: int, *parts: bytes) -> bytes:
    """What the server answers to the parts before it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


class Impatient(GuardedHttpProtocol):
    request_within_s = 0.05


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="silent"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], id="slow headers"),
        pytest.param([b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"], id="slow body"),
    ],
)
async def test_a_request_that_does_not_come_is_cut_off(parts: list[bytes]) -> None:
    async with serving(Impatient) as port:
        assert await ended(port, *parts) == b""


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(b"".join(b"X-%d: %s\r\n" % (i, b"a" * 1000) for i in range(80)), id="large"),
        pytest.param(b"a:b\r\n" * 2500, id="tiny"),
    ],
)
async def test_too_many_headers_are_cut_off(flood: bytes) -> None:
    async with serving() as port:
        assert await ended(port, b"GET / HTTP/1.1\r\nHost: x\r\n" + flood + b"Connection: close\r\n\r\n") == b""


async def test_a_request_that_is_cut_off_is_not_carried_out() -> None:
    carried_out: list[Any] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        carried_out.append(scope["path"])
        await hello(scope, receive, send)

    async with serving(app=noting) as port:
        large = b"GET /large HTTP/1.1\r\nHost: x\r\nX: " + b"a" * HEADERS_MOST + b"\r\n\r\n"
        assert await ended(port, large) == b""
        await ended(port, b"GET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert carried_out == ["/small"]


async def test_a_flood_of_requests_behind_one_another_is_cut_off() -> None:
    answered: list[Any] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        answered.append(scope["path"])
        await hello(scope, receive, send)

    async with serving(app=noting) as port:
        assert b"HTTP/1.1 400" in await ended(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        get = b"GET / HTTP/1.1\r\nHost: x\r\n"
        few = get + b"\r\n"
        before = len(answered)
        await ended(port, few * PIPELINED_MOST + get + b"Connection: close\r\n\r\n")
    assert before <= 1 + PIPELINED_MOST
    assert len(answered) - before == PIPELINED_MOST + 1


async def test_a_whole_request_is_answered_and_may_be_followed_by_another() -> None:
    get = b"GET / HTTP/1.1\r\nHost: x\r\n"
    async with serving() as port:
        answer = await ended(port, get + b"\r\n", get + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def test_trailers_are_no_headers() -> None:
    async def named(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        body = b",".join(name for name, _ in scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with serving(app=named) as port:
        answer = await ended(port, request + b"1\r\na\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
    assert b"host,connection,transfer-encoding" in answer
    assert b"x-forwarded-for" not in answer


async def test_a_stream_cannot_be_asked_for_behind_an_answer_that_is_still_being_written() -> None:
    async def endless(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass

    upgrade = b"GET /s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    async with serving(app=endless) as port:
        assert b"101" not in await ended(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + upgrade)


@pytest.mark.parametrize("line", [b"POST /s HTTP/1.1", b"GET /s HTTP/1.0"])
async def test_a_stream_is_asked_for_in_one_way_only(line: bytes) -> None:
    upgrade = b"\r\nHost: x\r\nContent-Length: 2\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nab"
    async with serving() as port:
        assert b"HTTP/1.1 400" in await ended(port, line + upgrade)


async def test_who_hangs_up_before_the_stream_takes_over_troubles_nobody(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[bool] = []

    async def late(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        answers.append(scope["extensions"][TAKEOVER].answer_until_close())
        await send({"type": "http.response.start", "status": 503, "headers": []})

    async with serving(app=late) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /e HTTP/1.1\r\nHost: x\r\n\r\n")
        writer.close()
        await eventually(lambda: answers)
    assert answers == [False]
    assert "Exception" not in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends connections whose peer takes nothing")
@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
async def test_an_answer_that_nobody_takes_does_not_hold_the_connection(connection: bytes) -> None:
    ends: list[Exception | None] = []

    class Noted(GuardedHttpProtocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            ends.append(exc)

    async def large(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(1_000_000)})

    async with serving(Noted, large) as port:
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stalled.connect(("127.0.0.1", port))
            stalled.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: " + connection + b"\r\n\r\n")
            await eventually(lambda: ends)


class Stream(asyncio.Protocol):
    """Says what it was asked for, and ends."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def upgraded(self, target: str, headers: list[tuple[str, str]]) -> None:
        self.transport.write(f"{target} {sorted(headers)}".encode())

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)
        self.transport.close()


async def taken_over(scope: Any, _receive: Any, send: Any) -> None:
    extension = scope["extensions"][TAKEOVER]
    assert extension.answer_until_close()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    stream = Stream()
    assert extension.hand_over(stream)
    stream.transport.write(b"from here on it is mine: ")


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        pytest.param(
            b"GET /s?a=b HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            b"/s?a=b [('connection', 'Upgrade'), ('host', 'x'), ('upgrade', 'websocket')]|",
            id="upgrade",
        ),
        pytest.param(b"GET /e HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n\r\nfrom here on it is mine: |", id="takeover"),
    ],
)
async def test_a_stream_gets_the_connection_and_nothing_else_stays(request_bytes: bytes, expected: bytes) -> None:
    left: list[weakref.ref[GuardedHttpProtocol]] = []

    class Noted(GuardedHttpProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            left.append(weakref.ref(self))

    gc.disable()
    try:
        async with serving(Noted, taken_over, lambda **_: Stream()) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request_bytes)
            began = await reader.readuntil(expected[-20:-1])
            await eventually(lambda: left[0]() is None)
            writer.write(b"|")
            assert (began + await reader.read()).endswith(expected)
            writer.close()
    finally:
        gc.enable()


@pytest.mark.skipif(sys.platform != "linux", reason="what is inherited is documented for Linux")
async def test_a_connection_inherits_what_its_listener_was_given() -> None:
    with bind("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            allowed = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
            assert SEND_BUFFER_BYTES <= allowed <= 2 * SEND_BUFFER_BYTES  # the kernel doubles it for its own use


async def test_an_application_learns_who_has_hung_up() -> None:
    asked: list[Any] = []

    async def patient(scope: Any, _receive: Any, _send: Any) -> None:
        asked.append(scope["extensions"][HAS_GONE])
        await eventually(asked[0])
        asked.append("gone")

    async with serving(app=patient) as port:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await eventually(lambda: bool(asked))
        assert not asked[0]()
        writer.close()
        await eventually(lambda: "gone" in asked)
