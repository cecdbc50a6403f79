"""Who comes back to a process that cannot resume it hears what happened, and then sees how it is."""

from collections.abc import AsyncIterator

import pytest

from queue_core.domain.commands import Finish, Miss, Recall, Start
from queue_core.domain.views.view import View
from queue_core.live.frames import Position
from queue_core.live.past import KEPT
from tests.queue_core.live.house import DISPLAY_TOKEN, STAFF_TOKEN, House, Screen, dial, open_house
from tests.queue_core.live.rig import HALL
from tests.support.eventually import eventually
from tests.support.zones import ONE


@pytest.fixture
async def before(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        await house.rig.open()
        yield house


async def seen(house: House, view: str, token: str) -> Screen:
    async with house.screen(view, token) as screen:
        now, _ = await house.rig.engine.read(HALL)
        await eventually(lambda: house.hub.snapshot(HALL).seq == now.seq)
        await screen.until(lambda: screen.position)
        return screen


async def again(house: House, left: Screen, view: str, token: str) -> Screen:
    """As a client that was away: it has what it had, and names its position."""
    assert left.position
    epoch, seq = left.position
    back = Screen(await dial(house.url(view, epoch=epoch, seq=seq), token))
    back.state, back.position = left.state, left.position
    await back.until(lambda: back.kinds()[-1:] == ["snapshot"] or (back.frames and back.frames[0]["resumed"]))
    await back.connection.close()
    return back


@pytest.mark.parametrize(("view", "token"), [("lobby", DISPLAY_TOKEN), ("desk", STAFF_TOKEN)])
async def test_another_process_tells_what_happened_meanwhile_and_then_how_it_is(
    valkey_url: str, before: House, view: str, token: str
) -> None:
    await before.rig.issue()
    await before.rig.issue()
    left = await seen(before, view, token)
    await before.rig.call()
    await before.rig.engine.do(HALL, Recall(ONE))
    await before.rig.engine.do(HALL, Start(ONE))
    await before.rig.engine.do(HALL, Finish(ONE))
    await before.rig.call()
    async with open_house(valkey_url) as successor:
        back = await again(successor, left, view, token)
        calls = [kind for kind in back.events() if kind in ("called", "recalled")]
        assert calls == ["called", "recalled", "called"]
        assert back.kinds()[0] == "hello"
        assert back.kinds()[-1] == "snapshot"
        now = successor.hub.snapshot(HALL)
        assert back.position == (now.epoch, now.seq)
        assert back.frames[0]["resumed"] is False


async def test_who_missed_nothing_goes_on_without_a_snapshot(valkey_url: str, before: House) -> None:
    left = await seen(before, "lobby", DISPLAY_TOKEN)
    async with open_house(valkey_url) as successor:
        assert (await again(successor, left, "lobby", DISPLAY_TOKEN)).kinds() == ["hello"]


async def test_a_view_that_nobody_followed_here_is_told_from_the_events_that_came_since(before: House) -> None:
    left = await seen(before, "public", "")
    async with open_house(before.rig.url) as other:
        ticket = await other.rig.issue()
        await other.rig.call()
        async with other.screen("lobby", DISPLAY_TOKEN) as wall:
            await wall.until(lambda: wall.state.get("calls"))
        back = await again(other, left, "public", "")
        assert [f["event"].get("number") for f in back.frames if f["type"] == "event"] == [ticket.number]


async def test_the_call_of_an_own_ticket_is_heard_though_the_server_was_away(before: House) -> None:
    mine = await before.rig.issue()
    at = (await before.rig.engine.read(HALL))[0]
    await before.rig.issue()
    await before.rig.call()
    async with open_house(before.rig.url) as successor:
        told = successor.hub.past(HALL).told_since(View.OWN, mine.id, Position(at.epoch, at.seq))
        assert [b'"type":"called"' in frame.json for frame in told] == [True]


async def test_a_gap_that_is_too_long_is_not_told_in_part(before: House) -> None:
    left = await seen(before, "lobby", DISPLAY_TOKEN)
    for _ in range(KEPT):
        await before.rig.issue()
    await before.rig.call()
    async with open_house(before.rig.url) as successor:
        assert (await again(successor, left, "lobby", DISPLAY_TOKEN)).kinds() == ["hello", "snapshot"]


async def test_nothing_of_another_day_or_epoch_is_told(before: House) -> None:
    await before.rig.issue()
    left = await seen(before, "lobby", DISPLAY_TOKEN)
    await before.rig.call()
    await before.rig.engine.do(HALL, Miss(ONE))
    await before.rig.next_day()
    async with open_house(before.rig.url) as successor:
        assert (await again(successor, left, "lobby", DISPLAY_TOKEN)).events() == []
        epoch = successor.hub.snapshot(HALL).epoch
        past = successor.hub.past(HALL)
        assert past.told_since(View.LOBBY, None, Position(epoch - 1, 1)) == []


async def test_positions_that_nobody_can_have_are_not_remembered(before: House) -> None:
    now, _ = await before.rig.engine.read(HALL)
    await eventually(lambda: before.hub.snapshot(HALL).seq == now.seq)
    past = before.hub.past(HALL)
    known = Position(now.epoch, now.seq)
    assert past.told_since(View.PUBLIC, None, known) is past.told_since(View.PUBLIC, None, known)
    for wrong in (Position(now.epoch + 1, now.seq), Position(now.epoch, now.seq + 10)):
        told = past.told_since(View.PUBLIC, None, wrong)
        assert told == []
        assert past.told_since(View.PUBLIC, None, wrong) is not told
