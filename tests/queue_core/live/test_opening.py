"""A port for streams alone, where nobody has read the request before."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from queue_core.domain.errors import StoreAway
from queue_core.live.access import Access, Authorise, Denied, Handshake
from queue_core.live.opening import REQUEST_MOST_BYTES
from queue_core.live.outlet import CLOSE_WITHIN_S
from queue_core.live.websocket import StreamEndpoint
from tests.queue_core.live.house import (
    DISPLAY_TOKEN,
    FOREIGN_HOST,
    QUICK,
    WITHIN_S,
    House,
    Screen,
    authorise,
    dial,
    open_house,
)
from tests.support.eventually import eventually

PATH = b"/api/v1/zones/hall/stream?view=public"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def request(path: bytes = PATH, headers: bytes = UPGRADE, host: bytes = b"x", method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\n" + headers + b"\r\n"


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url, replace(QUICK, handshake_within_s=0.2)) as house:
        yield house


async def answer(house: House, *parts: bytes, until: bytes = b"") -> bytes:
    """Up to `until`, or until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.stream_port)
    try:
        async with asyncio.timeout(WITHIN_S):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
            return await (reader.readuntil(until) if until else reader.read())
    finally:
        writer.close()


async def test_streams_are_served_there(house: House) -> None:
    async with dial(f"ws://127.0.0.1:{house.stream_port}{PATH.decode()}") as connection:
        screen = Screen(connection)
        await screen.until(lambda: screen.position)
        await house.rig.open()
        assert (await screen.frame("event"))["event"]["type"] == "counter_opened"
    await eventually(lambda: not len(house.hub.seats))


async def test_a_credential_is_asked_for_there_too(house: House) -> None:
    url = f"ws://127.0.0.1:{house.stream_port}/api/v1/zones/hall/stream?view=lobby"
    async with dial(url, DISPLAY_TOKEN) as connection:
        assert json.loads(await connection.recv())["type"] == "hello"
    async with dial(url) as connection:
        await connection.send(json.dumps({"type": "auth", "token": DISPLAY_TOKEN}))
        assert json.loads(await connection.recv())["type"] == "hello"


@pytest.mark.parametrize(
    ("asked", "status", "word"),
    [
        (request(headers=b""), b"426", b"WebSocket"),
        (request(path=b"/lobby/wall"), b"404", b"streams are at"),
        (request(path=b"/api/v1/zones/nowhere/stream"), b"404", b"no zone"),
        (request(method=b"POST"), b"405", b"method"),
        (request(host=FOREIGN_HOST.encode()), b"400", b"not known by that name"),
        (request(headers=UPGRADE + b"Origin: https://evil.example\r\n"), b"403", b"origin"),
        (b"\x16\x03\x01 this is TLS\r\n\r\n", b"400", b"no request"),
        (request(headers=b"X: " + b"x" * REQUEST_MOST_BYTES), b"4", b""),
    ],
)
async def test_whoever_asks_for_something_else_is_told_so(
    house: House, asked: bytes, status: bytes, word: bytes
) -> None:
    head, _, body = (await answer(house, asked)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"connection: close" in head.lower()
    assert word in body
    await eventually(lambda: not len(house.hub.seats))


@pytest.mark.parametrize("parts", [[], [request()[:-2]]])
async def test_a_request_that_does_not_come_is_cut_off(house: House, parts: list[bytes]) -> None:
    assert await answer(house, *parts) == b""


async def test_what_a_refusal_repeats_is_text_to_every_browser(house: House) -> None:
    refusal = await answer(house, request(path=b"/api/v1/zones/%3Cb%3E/stream"))
    assert b"<b>" in refusal
    assert b"content-type: text/plain" in refusal.lower()
    assert b"x-content-type-options: nosniff" in refusal.lower()


async def test_a_request_may_come_in_pieces(house: House) -> None:
    whole = request()
    assert b"101" in await answer(house, whole[:7], whole[7:50], whole[50:-1], whole[-1:], until=b"snapshot")


async def test_what_a_hasty_client_says_with_its_request_is_heard(house: House) -> None:
    auth = json.dumps({"type": "auth", "token": DISPLAY_TOKEN}).encode()
    hasty = Frame(Opcode.TEXT, auth).serialize(mask=True)
    lobby = PATH.replace(b"public", b"lobby")
    assert b"101" in await answer(house, request(lobby) + hasty, until=b"snapshot")


async def test_a_stream_once_open_outlives_the_time_for_its_handshake(house: House) -> None:
    async with dial(f"ws://127.0.0.1:{house.stream_port}{PATH.decode()}") as connection:
        screen = Screen(connection)
        for _ in range(4):
            await screen.frame("heartbeat")


@contextlib.asynccontextmanager
async def asking(house: House, authorise: Authorise) -> AsyncIterator[str]:
    """A port whose streams ask somebody else; the address of its lobby."""
    endpoint = StreamEndpoint(house.hub, authorise, (), lambda _, peer: peer, lambda _: True)
    server = await asyncio.get_running_loop().create_server(endpoint, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH.decode().replace('public', 'lobby')}"
    finally:
        server.close()


async def test_who_is_let_in_while_the_server_stops_is_sent_away_in_good_order(house: House) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(_: Handshake) -> Access | Denied:
        asked.set()
        await may_answer.wait()
        return Access("staff")

    async with asking(house, slowly) as lobby:
        dialling = asyncio.ensure_future(dial(lobby, DISPLAY_TOKEN).__aenter__())
        await asked.wait()
        await house.hub.close()
        may_answer.set()
        connection = await dialling
        with pytest.raises(ConnectionClosed):
            await connection.recv()
        assert connection.close_code == 1012
    await eventually(lambda: not len(house.hub.seats))


async def test_a_token_that_cannot_be_looked_at_now_may_come_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(handshake: Handshake) -> Access | Denied:
        if handshake.token is None:
            return await authorise(handshake)
        raise StoreAway("frozen")

    async with asking(house, away) as lobby, dial(lobby) as connection:
        await connection.send(json.dumps({"type": "auth", "token": DISPLAY_TOKEN}))
        with pytest.raises(ConnectionClosed):
            await connection.recv()
        assert connection.close_code == 1012
    assert not caplog.records


async def test_who_does_not_answer_the_goodbye_does_not_hold_up_the_end(valkey_url: str) -> None:
    async with open_house(valkey_url, replace(QUICK, auth_within_s=60.0)) as house:
        server = ServerState()
        endpoint = StreamEndpoint(house.hub, authorise, (), lambda _, peer: peer, lambda _: True)
        listener = await asyncio.get_running_loop().create_server(
            partial(endpoint, server_state=server), "127.0.0.1", 0
        )
        reader, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
        writer.write(request(PATH.replace(b"public", b"lobby")))
        await reader.readuntil(b"\r\n\r\n")
        for connection in list(server.connections):
            connection.shutdown()
        await eventually(lambda: not server.connections, within_s=CLOSE_WITHIN_S - 1)
        assert b"restart" in await reader.read()
        writer.close()
        listener.close()
