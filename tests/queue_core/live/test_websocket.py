"""Who may open a stream, what a client may do on it, and how it ends."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from queue_core.live.reading import MESSAGE_MOST_BYTES
from tests.queue_core.live.house import DISPLAY_TOKEN, FOREIGN_HOST, QUICK, STAFF_TOKEN, House, Screen, dial, open_house
from tests.queue_core.live.rig import HALL
from tests.support.eventually import eventually


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url, origins=["https://office.example"]) as house:
        yield house


async def closed(screen: Screen) -> tuple[int, str]:
    try:
        while True:
            await screen.receive()
    except ConnectionClosed:
        pass
    return screen.connection.close_code or 0, screen.connection.close_reason or ""


async def status_of(url: str, token: str = "", **options: Any) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with dial(url, token, **options):
            pass
    return refused.value.response.status_code


@pytest.mark.parametrize("view", ["lobby", "desk"])
async def test_a_view_that_is_not_for_everybody_wants_a_credential_within_seconds(house: House, view: str) -> None:
    async with house.screen(view) as screen:
        assert (await closed(screen))[0] == 4401


async def test_a_token_may_come_as_first_message(house: House) -> None:
    async with house.screen("lobby") as screen:
        await screen.connection.send(json.dumps({"type": "auth", "token": DISPLAY_TOKEN}))
        await screen.until(lambda: screen.position)


async def test_a_bad_token_closes(house: House) -> None:
    async with house.screen("lobby") as screen:
        await screen.connection.send(json.dumps({"type": "auth", "token": "wrong"}))
        assert await closed(screen) == (4401, "invalid")


async def test_a_token_for_another_view_closes(house: House) -> None:
    async with house.screen("desk") as screen:
        await screen.connection.send(json.dumps({"type": "auth", "token": DISPLAY_TOKEN}))
        assert await closed(screen) == (4403, "forbidden")


@pytest.mark.parametrize("first", ["[]", "auth", '{"type": "auth"}', '{"type": "rendered", "epoch": 1, "seq": 1}'])
async def test_another_first_message_than_a_token_closes(house: House, first: str) -> None:
    async with house.screen("desk") as screen:
        await screen.connection.send(first)
        assert (await closed(screen))[0] == 4401


async def test_credentials_in_the_handshake_are_judged_before_it_is_accepted(house: House) -> None:
    assert await status_of(house.url("desk"), "wrong") == 401
    assert await status_of(house.url("desk"), DISPLAY_TOKEN) == 403
    async with house.screen("desk", STAFF_TOKEN) as screen:
        await screen.until(lambda: screen.position)


async def test_views_for_everybody_ask_for_nothing_and_ignore_a_wrong_token(house: House) -> None:
    async with house.screen("public", "wrong") as screen:
        await screen.until(lambda: screen.position)


async def test_a_revoked_credential_ends_its_streams_and_no_others(house: House) -> None:
    async with house.screen("lobby", DISPLAY_TOKEN) as display, house.screen("lobby", STAFF_TOKEN) as staff:
        await display.until(lambda: display.position)
        await staff.until(lambda: staff.position)
        house.revoked.add(DISPLAY_TOKEN)
        assert await closed(display) == (4401, "revoked")
        await staff.frame("heartbeat")


async def test_a_dropped_credential_ends_its_streams_at_once(house: House) -> None:
    async with house.screen("desk", STAFF_TOKEN) as screen:
        await screen.until(lambda: screen.position)
        house.hub.drop(STAFF_TOKEN)
        assert await closed(screen) == (4401, "revoked")


@pytest.mark.parametrize("query", ["view=own", "view=all", "view=public&epoch=1", "view=public&epoch=a&seq=-1"])
async def test_a_request_that_makes_no_sense_is_refused(house: House, query: str) -> None:
    assert await status_of(f"ws://127.0.0.1:{house.port}/api/v1/zones/hall/stream?{query}") == 400


async def test_streams_are_nowhere_else(house: House) -> None:
    assert await status_of(f"ws://127.0.0.1:{house.port}/stream") == 404


async def test_another_subprotocol_is_refused_and_none_is_taken_for_ours(house: House) -> None:
    assert await status_of(house.url(), subprotocols=[Subprotocol("chat")]) == 400
    async with dial(house.url(), subprotocols=None) as connection:
        assert json.loads(await connection.recv())["type"] == "hello"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://127.0.0.1"])
async def test_a_page_from_elsewhere_may_not_open_a_stream(house: House, origin: str) -> None:
    assert await status_of(house.url(), origin=origin) == 403


async def test_a_name_that_somebody_else_made_lead_here_gets_no_stream(house: House) -> None:
    headers = {"Host": FOREIGN_HOST, "Origin": f"http://{FOREIGN_HOST}"}
    assert await status_of(house.url(), additional_headers=headers) == 400


@pytest.mark.parametrize("origin", ["https://office.example", "http://127.0.0.1:{port}"])
async def test_our_own_pages_and_listed_ones_may(house: House, origin: str) -> None:
    async with dial(house.url(), origin=origin.format(port=house.port)) as connection:
        assert json.loads(await connection.recv())["type"] == "hello"


async def test_a_message_that_is_not_understood_is_answered_and_the_third_closes(house: House) -> None:
    async with house.screen() as screen:
        for message in ("{", '{"type": "shout"}', '{"type": "rendered"}'):
            await screen.connection.send(message)
        assert (await screen.frame("error"))["code"] == "unknown_message"
        assert (await screen.frame("error"))["code"] == "unknown_message"
        assert (await screen.frame("error"))["code"] == "bad_fields"
        assert (await closed(screen))[0] == 1008


async def test_text_that_is_not_utf8_closes(house: House) -> None:
    async with house.screen() as screen:
        await screen.connection.send(b"\xff\xfe", text=True)
        assert (await closed(screen))[0] == 1007


async def test_a_binary_message_is_not_understood(house: House) -> None:
    async with house.screen() as screen:
        await screen.connection.send(b"{}")
        assert (await screen.frame("error"))["code"] == "unknown_message"


async def test_a_message_that_is_too_large_closes(house: House) -> None:
    async with house.screen() as screen:
        await screen.connection.send("x" * (MESSAGE_MOST_BYTES + 1))
        assert (await closed(screen))[0] == 1009


async def test_too_many_messages_close(valkey_url: str) -> None:
    async with open_house(valkey_url, replace(QUICK, messages_at_once=3, messages_per_s=0.1)) as house:  # noqa: SIM117
        async with house.screen() as screen:
            for _ in range(4):
                await screen.connection.send(json.dumps({"type": "rendered", "epoch": 1, "seq": 1}))
            assert (await closed(screen))[0] == 4429


PING, FRAGMENT, NOTHING = b"\x89\x80" + bytes(4), b"\x00\x80" + bytes(4), b"\x01\x80" + bytes(4)


@pytest.mark.alone
@pytest.mark.parametrize("flood", [PING * 50_000, NOTHING + FRAGMENT * 50_000], ids=["pings", "fragments"])
async def test_a_flood_of_tiny_frames_is_not_even_read(house: House, flood: bytes) -> None:
    async with house.screen() as screen:
        await screen.until(lambda: screen.position)
        with contextlib.suppress(ConnectionError):
            screen.connection.transport.write(flood)
        assert (await closed(screen))[0] in (4429, 1006)
        await eventually(lambda: not house.hub.clients)


async def test_a_display_says_what_it_shows(house: House) -> None:
    async with house.screen("lobby", DISPLAY_TOKEN) as screen:
        await screen.until(lambda: screen.position)
        assert screen.position
        epoch, seq = screen.position
        await screen.connection.send(json.dumps({"type": "rendered", "epoch": epoch, "seq": seq}))
        [client] = house.hub.clients
        await eventually(lambda: client.rendered and (client.rendered.epoch, client.rendered.seq) == screen.position)


@pytest.mark.parametrize(("limit", "status"), [({"clients_per_ip_most": 1}, 429), ({"clients_most": 1}, 503)])
async def test_an_address_gets_so_many_streams_and_all_together_so_many(
    valkey_url: str, limit: dict[str, Any], status: int
) -> None:
    async with open_house(valkey_url, replace(QUICK, **limit)) as house:
        async with house.screen():
            assert await status_of(house.url()) == status
        await eventually(lambda: not len(house.hub.seats))
        async with house.screen() as again:
            await again.until(lambda: again.position)


async def test_refused_handshakes_take_no_seat(house: House) -> None:
    assert await status_of(house.url("desk"), "wrong") == 401
    assert await status_of(house.url(zone="nowhere")) == 404
    await eventually(lambda: not len(house.hub.seats))


async def test_a_stopping_server_sends_everybody_away_and_takes_nobody(house: House) -> None:
    async with house.screen() as screen:
        await screen.until(lambda: screen.position)
        ending = asyncio.create_task(house.hub.close())
        code, reason = await closed(screen)
        assert (code, reason.partition("=")[0]) == (1012, "restart retry_ms")
        await ending
        assert await status_of(house.url()) == 503


async def test_a_client_that_goes_leaves_nothing_behind(house: House) -> None:
    async with house.screen() as screen:
        await screen.until(lambda: screen.position)
        assert len(house.hub.clients) == 1
    await eventually(lambda: not house.hub.clients)
    assert len(house.hub.seats) == 0


class Stalled:
    """A client that shakes hands and then reads nothing, with small buffers in its kernel."""

    def __init__(self, house: House) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", house.port))
        self.socket.sendall(
            b"GET /api/v1/zones/hall/stream?view=desk HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Authorization: Bearer staff\r\n\r\n"
        )


async def test_a_client_that_pings_and_does_not_read_is_cut(valkey_url: str) -> None:
    async with open_house(
        valkey_url, replace(QUICK, buffer_most_bytes=128 * 1024, lag_most_s=60, bytes_at_once=1 << 30)
    ) as house:
        stalled = Stalled(house)
        await eventually(lambda: house.hub.clients)
        pings = (b"\x89\xfd" + bytes(4) + b"x" * 125) * 100
        stalled.socket.setblocking(False)
        rest = pings

        def is_cut() -> bool:
            nonlocal rest
            with contextlib.suppress(BlockingIOError):
                while True:
                    try:
                        rest = rest[stalled.socket.send(rest) :] or pings
                    except ConnectionError:
                        return True
            return False

        await eventually(is_cut, within_s=20)
        await eventually(lambda: not house.hub.clients)
        stalled.socket.close()


async def _stalls(house: House, talkers: Screen) -> None:
    """Commands until the stalled client's buffers are full."""
    channel = next(f.channel for f in house.hub.clients.values())
    while not channel.lagging:
        await house.rig.issue()
        await talkers.frame("event")


@pytest.mark.alone
async def test_a_client_that_does_not_read_is_skipped_then_cut_and_others_miss_nothing(valkey_url: str) -> None:
    async with open_house(valkey_url) as house:
        stalled = Stalled(house)
        await eventually(lambda: house.hub.clients)
        async with house.screen("desk", STAFF_TOKEN) as screen:
            await screen.until(lambda: screen.position)
            await asyncio.wait_for(_stalls(house, screen), 60)
            [lagging] = next(f.channel for f in house.hub.clients.values()).lagging
            held = lagging.transport.get_write_buffer_size()  # type: ignore[attr-defined]
            assert held < 4 * QUICK.write_limit_bytes
            await house.rig.issue()
            await screen.frame("event")
            assert lagging.transport.get_write_buffer_size() == held  # type: ignore[attr-defined]
            await screen.until(lambda: len(house.hub.clients) == 1)
            await screen.frame("heartbeat")
        stalled.socket.close()


async def test_a_client_that_reads_again_is_brought_back_by_a_snapshot(valkey_url: str) -> None:
    async with open_house(valkey_url, replace(QUICK, lag_most_s=60)) as house:
        stalled = Stalled(house)
        await eventually(lambda: house.hub.clients)
        async with house.screen("desk", STAFF_TOKEN) as screen:
            await screen.until(lambda: screen.position)
            await asyncio.wait_for(_stalls(house, screen), 60)
            stalled.socket.setblocking(False)
            received = b""

            def drained() -> bool:
                nonlocal received
                while True:
                    try:
                        received += stalled.socket.recv(1 << 16)
                    except BlockingIOError:
                        break
                return received.count(b'{"type":"snapshot"') == 2

            await eventually(drained, within_s=20)
            await house.rig.issue()
            seq = house.hub.snapshot(HALL).seq
            await eventually(lambda: drained() and f'"seq":{seq}'.encode() in received, within_s=20)
        stalled.socket.close()
