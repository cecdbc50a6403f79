"""Everybody is told when to come back, and nobody finds a crowd."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest

from queue_core.domain.commands import Recall
from queue_core.live.client import Client
from queue_core.live.codes import Close
from queue_core.live.farewell import BACK_PER_S, SPREAD_MOST_S, retries_ms, send_away
from queue_core.live.frames import Frame, Position
from tests.queue_core.live.house import DISPLAY_TOKEN, House, Screen, dial, open_house
from tests.queue_core.live.rig import HALL
from tests.support.zones import ONE


class Guest:
    credential = ""
    rendered: Position | None = None

    def __init__(self, left: list[tuple[int, str, int | None]]) -> None:
        self._left = left

    def write(self, frame: Frame) -> bool:
        return bool(frame)

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        self._left.append((code, reason, retry_ms))


@pytest.mark.parametrize("count", [1, 10, 1_000, 10_000])
def test_they_come_back_at_a_rate_that_a_server_can_take(count: int) -> None:
    a_second = Counter(at_ms // 1_000 for at_ms in retries_ms(count))
    assert a_second.total() == count
    assert max(a_second.values()) <= BACK_PER_S + 2


def test_nobody_waits_for_long_however_many_they_are() -> None:
    assert max(retries_ms(100_000)) <= 1000 * SPREAD_MOST_S


def test_no_two_come_back_at_one_moment_and_none_in_the_order_of_leaving() -> None:
    told = list(retries_ms(1_000))
    assert told != sorted(told)
    assert all(after - before <= 2 for before, after in pairwise(sorted(told)))


async def test_others_have_their_turn_while_a_crowd_is_sent_away() -> None:
    left: list[tuple[int, str, int | None]] = []
    crowd: list[Client] = [Guest(left) for _ in range(1_000)]
    turns = 0

    async def other() -> None:
        nonlocal turns
        while len(left) < len(crowd):
            turns += 1
            await asyncio.sleep(0)

    working = asyncio.create_task(other())
    await send_away(crowd)
    await working
    assert turns >= 9
    assert {(code, reason) for code, reason, _ in left} == {(Close.RESTART, "restart")}


async def test_a_server_that_stops_says_when_to_come_back_and_its_successor_tells_what_was_missed(
    valkey_url: str,
) -> None:
    async with open_house(valkey_url) as house:
        await house.rig.open()
        ticket = await house.rig.issue()
        async with house.screen("lobby", DISPLAY_TOKEN) as screen:
            await house.rig.call()
            await screen.until(lambda: screen.events() == ["called"])
            await house.hub.close()
            await screen.connection.wait_closed()
        assert screen.connection.close_code == Close.RESTART
        hint, _, retry_ms = str(screen.connection.close_reason).rpartition("retry_ms=")
        assert hint == "restart "
        assert 0 <= int(retry_ms) <= 1_000
        await house.rig.engine.do(HALL, Recall(ONE))
    async with open_house(valkey_url) as successor:
        back = await _again(successor, screen)
        await back.frame("snapshot")
        [line] = back.state["calls"]
        assert (line["number"], line["recalls"]) == (ticket.number, 1)
        await successor.rig.engine.do(HALL, Recall(ONE))
        await back.until(lambda: back.events()[-1:] == ["recalled"])
        await back.connection.close()


async def _again(house: House, before: Screen) -> Screen:
    assert before.position
    epoch, seq = before.position
    back = Screen(await dial(house.url("lobby", epoch=epoch, seq=seq), DISPLAY_TOKEN))
    back.state, back.position = before.state, before.position
    return back
