"""The same frames as server-sent events."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from queue_core.domain.commands import CallNext, Cancel, CloseCounter, Finish, Start, Undo
from queue_core.domain.model import Current
from queue_core.domain.views.view import View
from queue_core.live.frames import Position
from queue_core.live.hub import Hub
from queue_core.live.sse import SseStream, position
from queue_core.serve.listener import http_server
from queue_core.serve.ports import bind
from tests.queue_core.live.house import QUICK, WITHIN_S, House, open_house
from tests.queue_core.live.rig import HALL
from tests.support.eventually import eventually
from tests.support.zones import ONE


class Listener:
    """Events as a browser's EventSource reads them."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last_id = ""
        self.retry_ms: int | None = None

    async def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = {}
        async with asyncio.timeout(WITHIN_S):
            async for line in self._lines:
                if line.startswith("id: "):
                    self.last_id = line.removeprefix("id: ")
                elif line.startswith("retry: "):
                    self.retry_ms = int(line.removeprefix("retry: "))
                elif line.startswith("data: "):
                    frame = json.loads(line.removeprefix("data: "))
                elif not line and frame:
                    return frame
        raise EOFError

    async def frame(self, kind: str) -> dict[str, Any]:
        while (frame := await self.receive())["type"] != kind:
            pass
        return frame


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        yield house


@contextlib.asynccontextmanager
async def listening(house: House, path: str, **headers: str) -> AsyncIterator[Listener]:
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}", trust_env=False) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield Listener(answer.aiter_lines())


async def test_a_listener_gets_hello_a_snapshot_and_events_and_only_these_carry_ids(house: House) -> None:
    await house.rig.issue()
    await house.rig.open()
    async with listening(house, "public/events") as listener:
        assert (await listener.receive())["type"] == "hello"
        assert listener.last_id == ""
        snapshot = await listener.receive()
        assert listener.last_id == f"{snapshot['epoch']}-{snapshot['seq']}"
        await listener.frame("heartbeat")
        assert listener.last_id == f"{snapshot['epoch']}-{snapshot['seq']}"
        await house.rig.call()
        event = await listener.frame("event")
        assert event["prev"] == snapshot["seq"]
        assert listener.last_id == f"{event['epoch']}-{event['seq']}"


async def test_a_listener_that_comes_back_gets_what_it_missed(house: House) -> None:
    await house.rig.issue()
    await house.rig.open()
    async with listening(house, "public/events") as listener:
        await listener.frame("snapshot")
    await house.rig.call()
    await eventually(lambda: house.hub.snapshot(HALL).calls)
    async with listening(house, "public/events", **{"last-event-id": listener.last_id}) as again:
        assert (await again.receive())["resumed"] is True
        assert (await again.frame("event"))["event"]["type"] == "called"
    epoch, _, seq = listener.last_id.partition("-")
    async with listening(house, f"public/events?epoch={epoch}&seq={seq}") as again:
        assert (await again.receive())["resumed"] is True


async def test_a_position_that_makes_no_sense_gets_a_snapshot(house: House) -> None:
    async with listening(house, "public/events", **{"last-event-id": "yesterday"}) as listener:
        assert (await listener.receive())["resumed"] is False
        assert (await listener.receive())["type"] == "snapshot"


@pytest.mark.parametrize(
    ("last", "query", "expected"),
    [
        ("7-3", b"epoch=9&seq=9", Position(7, 3)),
        (None, b"view=public&epoch=7&seq=3", Position(7, 3)),
        (None, b"epoch=7", None),
        (None, b"", None),
        ("7-", b"", None),
        ("-7-3", b"", None),
    ],
)
def test_the_position_is_read_from_the_header_or_the_query(
    last: str | None, query: bytes, expected: Position | None
) -> None:
    assert position(last, query) == expected


async def test_an_own_ticket_is_followed_from_the_queue_to_its_end(house: House) -> None:
    other, mine = await house.rig.issue(), await house.rig.issue()
    await house.rig.open()
    async with listening(house, f"own/{mine.id}/events") as listener:
        state = (await listener.frame("snapshot"))["state"]
        assert (state["number"], state["state"], state["ahead"], state["final"]) == (mine.number, "waiting", 1, False)
        await house.rig.call()
        assert (await listener.frame("estimates"))["patch"] == {"ahead": 0}
        await house.rig.engine.do(HALL, CallNext(ONE, Current.FINISH))
        called = await listener.frame("event")
        assert called["event"]["type"] == "called"
        assert called["patch"]["state"] == "called"
        assert called["patch"]["counter"] == ONE
        assert other.number not in json.dumps(called)
        await house.rig.engine.do(HALL, Start(ONE))
        await house.rig.engine.do(HALL, Finish(ONE))
        assert (await listener.frame("event"))["patch"]["state"] == "serving"
        ended = (await listener.frame("event"))["patch"]
        assert (ended["state"], ended["final"], ended["counter"]) == ("finished", True, None)
        await house.rig.engine.do(HALL, Undo(ONE))
        assert (await listener.frame("event"))["patch"]["state"] == "serving"


async def test_a_ticket_that_ended_before_is_shown_as_it_ended(house: House) -> None:
    ticket = await house.rig.issue()
    await house.rig.engine.do(HALL, Cancel(ticket.id, "visitor"))
    await eventually(lambda: not house.hub.snapshot(HALL).tickets)
    async with listening(house, f"own/{ticket.id}/events") as listener:
        state = (await listener.frame("snapshot"))["state"]
        assert (state["state"], state["final"], state["number"]) == ("cancelled", True, ticket.number)


async def test_an_unknown_ticket_shows_nothing(house: House) -> None:
    async with listening(house, "own/nobody/events") as listener:
        state = (await listener.frame("snapshot"))["state"]
        assert (state["state"], state["final"], state["number"]) == ("unknown", True, None)


async def test_who_leaves_gives_the_seat_back(house: House) -> None:
    async with listening(house, "waits/events") as listener:
        await listener.frame("snapshot")
        assert len(house.hub.seats) == 1
    await eventually(lambda: not house.hub.clients and not len(house.hub.seats))


async def test_too_many_listeners_are_refused_with_a_time_to_come_back(valkey_url: str) -> None:
    async with open_house(valkey_url, replace(QUICK, clients_per_ip_most=1)) as house, listening(house, "waits/events"):
        async with httpx.AsyncClient(trust_env=False) as client:
            refused = await client.get(f"http://127.0.0.1:{house.port}/waits/events")
        assert refused.status_code == 429
        assert refused.headers["retry-after"]


async def test_a_stopping_server_ends_the_answer_and_says_when_to_come_back(house: House) -> None:
    async with listening(house, "waits/events") as listener:
        await listener.frame("snapshot")
        await house.hub.close()
        with pytest.raises(EOFError):
            await listener.frame("never")
        assert listener.retry_ms is not None


async def test_a_listener_that_does_not_read_holds_little_and_is_let_go(valkey_url: str) -> None:
    limits = replace(QUICK, write_limit_bytes=4096)
    async with open_house(valkey_url, limits) as house:
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", house.port))
        stalled.sendall(b"GET /public/events HTTP/1.1\r\nHost: x\r\n\r\n")
        following = await eventually(lambda: next(iter(house.hub.clients.values()), None))
        assert following

        async def lags() -> bool:
            for _ in range(20):
                await house.rig.open()
                await house.rig.engine.do(HALL, CloseCounter(ONE))
            return bool(following.channel.lagging)

        await eventually(lags, within_s=60)
        await eventually(lambda: not house.hub.clients)
        stalled.close()


class Broken:
    """A host that has everything of another, and lets nobody in."""

    def __init__(self, hub: Hub) -> None:
        self.limits, self.seats, self.require, self.recall = hub.limits, hub.seats, hub.require, hub.recall
        self.leave, self.caught_up = hub.leave, hub.caught_up

    def join(self, *_: object) -> None:
        raise ZeroDivisionError


async def test_a_stream_that_fails_as_it_begins_gives_back_one_seat(house: House) -> None:
    stream = SseStream(Broken(house.hub), HALL, View.WAITS, None, None, lambda _, peer: peer)
    with bind("127.0.0.1", 0) as listener:
        server = http_server(stream, no_streams, None)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await eventually(lambda: server.started)
        house.hub.seats.take("somebody else")
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        server.should_exit = True
        await serving
    assert len(house.hub.seats) == 1


def no_streams(**_: object) -> asyncio.Protocol:
    raise AssertionError("nobody asked for a WebSocket")


def dialled(house: House, request: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", house.port))
    client.sendall(request)
    client.setblocking(False)
    return client


def received(client: socket.socket) -> bytes:
    """All that came until now; ends with `EOF` when the connection has."""
    data = b""
    with contextlib.suppress(BlockingIOError):
        while more := client.recv(1 << 16):
            data += more
        return data + EOF
    return data


EOF = b"<EOF>"


async def test_a_listener_that_sends_without_end_behind_its_request_is_cut(house: House) -> None:
    with contextlib.closing(
        dialled(house, b"GET /waits/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n")
    ) as client:
        await eventually(lambda: house.hub.clients)

        def is_cut() -> bool:
            try:
                client.send(bytes(4096))
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            return False

        await eventually(is_cut)
        await eventually(lambda: not house.hub.clients and not len(house.hub.seats))


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_the_answer_ends_with_the_connection_and_is_the_plain_stream(house: House, version: bytes) -> None:
    with contextlib.closing(dialled(house, b"GET /waits/events HTTP/" + version + b"\r\nHost: x\r\n\r\n")) as client:
        answer = b""

        def has_snapshot() -> bool:
            nonlocal answer
            answer += received(client)
            return b'"snapshot"' in answer

        await eventually(has_snapshot)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"connection: close" in head.lower()
        assert b"transfer-encoding" not in head.lower()
        assert body.startswith(b"data: {")
        [listener] = house.hub.clients
        listener.end(1012, "restart", retry_ms=1234)
        rest = b""

        def is_over() -> bool:
            nonlocal rest
            rest += received(client)
            return rest.endswith(EOF)

        await eventually(is_over)
        assert b"retry: 1234\n" in rest


async def test_only_the_head_is_answered_to_who_asks_only_for_it(house: House) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        head = await client.head(f"http://127.0.0.1:{house.port}/waits/events")
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
    await eventually(lambda: not len(house.hub.seats))


async def test_a_request_behind_the_one_for_a_stream_takes_nothing_from_it(house: House) -> None:
    request = b"GET /waits/events HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.closing(dialled(house, request + request)) as client:
        answer = b""

        def is_over() -> bool:
            nonlocal answer
            answer += received(client)
            return answer.endswith(EOF) or b'"snapshot"' in answer

        await eventually(is_over)
        assert answer.count(b"HTTP/1.1 200 OK") <= 1
    await eventually(lambda: not house.hub.clients and not len(house.hub.seats))
