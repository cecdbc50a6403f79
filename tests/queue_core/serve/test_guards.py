"""Clients that dawdle, against a real server on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from queue_core.serve.guards import GuardedHttpProtocol
from queue_core.serve.listener import HttpServer, PortTaken, bind, http_server
from tests.support.eventually import eventually


async def hello(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def no_streams(**_: Any) -> asyncio.Protocol:
    raise AssertionError("nobody asked for a stream")


@asynccontextmanager
async def serving(http: type[GuardedHttpProtocol] = GuardedHttpProtocol) -> AsyncIterator[int]:
    listener = bind("127.0.0.1", 0)
    server: HttpServer = http_server(hello, no_streams, None, http)
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


async def test_too_many_headers_are_cut_off() -> None:
    flood = b"".join(b"X-%d: %s\r\n" % (i, b"a" * 1000) for i in range(80))
    async with serving() as port:
        assert await ended(port, b"GET / HTTP/1.1\r\nHost: x\r\n" + flood) == b""


async def test_a_whole_request_is_answered_and_may_be_followed_by_another() -> None:
    get = b"GET / HTTP/1.1\r\nHost: x\r\n"
    async with serving() as port:
        answer = await ended(port, get + b"\r\n", get + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_a_taken_port_is_said_with_what_to_do() -> None:
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with pytest.raises(PortTaken, match=f"cannot listen on 127.0.0.1:{port}: .*make run PORT="):
        bind("127.0.0.1", port)
    listener.close()
