"""Signs of life: asked for in turns, and who gives none is gone."""

import asyncio
import socket
from contextlib import closing
from dataclasses import replace

import pytest

from queue_core.live.keepalive import TURNS, Keepalive
from tests.queue_core.live.house import QUICK, House, open_house
from tests.support.eventually import eventually

pytestmark = pytest.mark.slow

PERIOD_S = 0.1
#: A ping of a server, and the pong of a client to it.
PING, PONG = b"\x89\x00", b"\x8a\x80\x00\x00\x00\x00"


class Member:
    def __init__(self, order: list["Member"]) -> None:
        self._order = order

    def beat(self) -> None:
        self._order.append(self)


async def test_everybody_has_a_turn_of_its_own_once_a_period() -> None:
    keepalive, order = Keepalive(PERIOD_S), list[Member]()
    members = [Member(order) for _ in range(3)]
    turns = [keepalive.add(member) for member in members]
    assert len(set(turns)) == 3
    await eventually(lambda: len(order) >= 6)
    assert set(order[:3]) == set(members)
    assert order[3:6] == order[:3]
    for member, turn in zip(members, turns, strict=True):
        keepalive.discard(member, turn)


async def test_who_has_left_is_not_asked_and_the_clock_rests_without_anybody() -> None:
    keepalive, order = Keepalive(PERIOD_S), list[Member]()
    first, second = Member(order), Member(order)
    keepalive.discard(first, keepalive.add(first))
    turn = keepalive.add(second)
    await eventually(lambda: order)
    assert order == [second]
    keepalive.discard(second, turn)
    before = len(asyncio.all_tasks())
    again = keepalive.add(first)
    await eventually(lambda: first in order)
    keepalive.discard(first, again)
    assert len(asyncio.all_tasks()) == before


async def test_more_than_there_are_turns_share_them() -> None:
    keepalive, order = Keepalive(PERIOD_S), list[Member]()
    crowd = [Member(order) for _ in range(2 * TURNS)]
    turns = [keepalive.add(member) for member in crowd]
    await eventually(lambda: set(order) == set(crowd))
    for member, turn in zip(crowd, turns, strict=True):
        keepalive.discard(member, turn)


def dialled(house: House) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", house.port))
    client.sendall(
        b"GET /api/v1/zones/hall/stream?view=waits HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    client.setblocking(False)
    return client


async def test_who_gives_no_sign_of_life_is_cut_and_who_does_stays(valkey_url: str) -> None:
    async with open_house(valkey_url, replace(QUICK, ping_every_s=0.2)) as house:
        with closing(dialled(house)) as dead, closing(dialled(house)) as alive:
            await eventually(lambda: len(house.hub.clients) == 2)
            pings = 0

            def answered_five() -> bool:
                nonlocal pings
                try:
                    for _ in range(alive.recv(1 << 16).count(PING)):
                        alive.send(PONG)
                        pings += 1
                except BlockingIOError:
                    pass
                return pings >= 5

            await eventually(answered_five)
            await eventually(lambda: len(house.hub.clients) == 1)
            del dead
