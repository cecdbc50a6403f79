"""Frames as a client gets them: snapshot, then events, gapless."""

import contextlib
import json
import random
from collections.abc import AsyncIterator

import pytest
from websockets.exceptions import InvalidStatus

from queue_core.domain.commands import (
    CallNext,
    Cancel,
    CloseCounter,
    Finish,
    Issue,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refused
from queue_core.domain.model import Current, ReturnMode, TicketId
from queue_core.domain.views.view import View
from tests.queue_core.live.house import STAFF_TOKEN, House, Screen, open_house
from tests.queue_core.live.rig import HALL
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO


@pytest.fixture
async def house(valkey_url: str) -> AsyncIterator[House]:
    async with open_house(valkey_url) as house:
        yield house


async def test_a_screen_gets_hello_then_a_snapshot_then_events(house: House) -> None:
    await house.rig.issue()
    await house.rig.open()
    async with house.screen("lobby", STAFF_TOKEN) as screen:
        hello = await screen.receive()
        assert (hello["type"], hello["view"], hello["resumed"]) == ("hello", "lobby", False)
        snapshot = await screen.receive()
        assert snapshot["type"] == "snapshot"
        assert [s["waiting"] for s in snapshot["state"]["services"]] == [1, 0]
        await house.rig.call()
        event = await screen.frame("event")
        assert event["event"]["type"] == "called"
        assert event["event"]["number"] == "A001"
        assert event["event"]["counter"] == ONE
        assert [c["number"] for c in screen.state["calls"]] == ["A001"]
        assert screen.state["counters"][0]["number"] == "A001"


async def test_what_every_view_received_is_what_a_fresh_snapshot_shows(house: House) -> None:
    async with (
        house.screen("waits") as waits,
        house.screen("public") as public,
        house.screen("lobby", STAFF_TOKEN) as lobby,
        house.screen("desk", STAFF_TOKEN) as desk,
    ):
        screens = {View.WAITS: waits, View.PUBLIC: public, View.LOBBY: lobby, View.DESK: desk}
        await _busy_morning(house)
        await eventually(lambda: house.hub.snapshot(HALL).totals)
        for view, screen in screens.items():
            await screen.until(lambda v=view, s=screen: s.state == fresh(house, v))  # type: ignore[misc]
        assert "snapshot" not in desk.kinds()[2:]


async def _busy_morning(house: House) -> None:
    rig = house.rig
    tickets = [await rig.issue(NEW) for _ in range(3)] + [await rig.issue(SHORT)]
    await rig.open()
    await rig.call()
    await rig.engine.do(HALL, Recall(ONE))
    await rig.engine.do(HALL, Finish(ONE))
    await rig.engine.do(HALL, Undo(ONE))
    await rig.engine.do(HALL, Finish(ONE))
    await rig.engine.do(HALL, Cancel(tickets[-1].id, "staff"))
    await rig.call()


@pytest.mark.parametrize("seed", range(3))
async def test_screens_that_come_and_go_end_with_what_a_fresh_snapshot_shows(house: House, seed: int) -> None:
    chance = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        screens: list[tuple[View, Screen]] = []
        for _ in range(60):
            await _random_command(house, chance)
            if chance.random() < 0.2:
                view = chance.choice([View.WAITS, View.PUBLIC, View.LOBBY, View.DESK])
                screens.append((view, await stack.enter_async_context(house.screen(view, STAFF_TOKEN))))
        seq = (await house.rig.engine.read(HALL))[0].seq
        await eventually(lambda: house.hub.snapshot(HALL).seq == seq)
        for view, screen in screens:
            await screen.until(lambda v=view, s=screen: s.state == fresh(house, v))  # type: ignore[misc]


async def _random_command(house: House, chance: random.Random) -> None:
    counter, ticket = chance.choice([ONE, TWO]), chance.choice([*house.hub.snapshot(HALL).tickets, TicketId("none")])
    commands = [
        *[Issue(chance.choice([NEW, SHORT]), NORMAL)] * 3,
        *[CallNext(counter, chance.choice([None, Current.FINISH, Current.MISS]))] * 3,
        *[Start(counter), Finish(counter), Recall(counter), Park(counter), Undo(counter), Undo(counter)],
        *[Return(ticket, ReturnMode.OLD), Cancel(ticket, "staff"), Transfer(ticket, to_service=SHORT)],
        *[OpenCounter(counter), OpenCounter(counter), PauseCounter(counter), CloseCounter(counter)],
    ]
    with contextlib.suppress(Refused):
        await house.rig.engine.do(HALL, chance.choice(commands))


def fresh(house: House, view: View) -> dict[str, object]:
    """As somebody sees it who comes now."""
    state: dict[str, object] = json.loads(house.hub.state(HALL, view))
    return {name: value for name, value in state.items() if name not in ("epoch", "seq", "current")}


async def test_everybody_follows_the_consecutive_chain_of_a_view_that_leaves_events_out(house: House) -> None:
    await house.rig.open()
    async with house.screen("public") as early:
        await early.until(lambda: early.position)
        await house.rig.issue()
        await house.rig.issue()
        await early.until(lambda: early.state["services"][0]["waiting"] == 2)
        async with house.screen("public") as late:
            await late.until(lambda: late.position)
            assert early.position
            assert late.position
            assert late.position > early.position
            await house.rig.call()
            await early.until(lambda: "called" in early.events())
            await late.until(lambda: "called" in late.events())
            assert early.position == late.position
            assert early.state == late.state


async def test_a_client_that_comes_back_gets_what_it_missed(house: House) -> None:
    await house.rig.open()
    async with house.screen("lobby", STAFF_TOKEN) as screen:
        await screen.until(lambda: screen.position)
        position, state = screen.position, screen.state
    assert position
    await house.rig.issue()
    await house.rig.call()
    await eventually(lambda: house.hub.snapshot(HALL).calls)
    async with house.screen("lobby", STAFF_TOKEN, epoch=position[0], seq=position[1]) as again:
        again.state, again.position = state, position
        assert (await again.receive())["resumed"] is True
        await again.until(lambda: "called" in again.events())
        await again.until(lambda: again.state == fresh(house, View.LOBBY))
        assert "snapshot" not in again.kinds()
        await house.rig.engine.do(HALL, Recall(ONE))
        await again.until(lambda: "recalled" in again.events())


async def test_who_missed_nothing_gets_nothing_and_goes_on(house: House) -> None:
    await house.rig.issue()
    await house.rig.open()
    async with house.screen("public") as screen:
        await screen.until(lambda: screen.position)
        position, state = screen.position, screen.state
    assert position
    async with house.screen("public", epoch=position[0], seq=position[1]) as again:
        again.state, again.position = state, position
        await again.frame("heartbeat")
        assert again.kinds() == ["hello"]
        await house.rig.call()
        await again.until(lambda: "called" in again.events())


@pytest.mark.parametrize("wrong", ["epoch", "seq"])
async def test_a_position_of_another_epoch_or_of_the_future_gets_a_snapshot(house: House, wrong: str) -> None:
    snapshot = house.hub.snapshot(HALL)
    position = {"epoch": snapshot.epoch, "seq": snapshot.seq, wrong: getattr(snapshot, wrong) + 1}
    async with house.screen("public", epoch=position["epoch"], seq=position["seq"]) as screen:
        assert (await screen.receive())["resumed"] is False
        assert (await screen.receive())["type"] == "snapshot"


async def test_a_position_from_before_this_hub_gets_a_snapshot(house: House) -> None:
    await house.rig.issue()
    snapshot = house.hub.snapshot(HALL)
    async with house.screen("public", epoch=snapshot.epoch, seq=1) as screen:
        assert (await screen.receive())["resumed"] is False


async def test_a_rollover_reaches_everybody_as_a_new_snapshot(house: House) -> None:
    await house.rig.issue()
    async with house.screen("desk", STAFF_TOKEN) as screen:
        await screen.until(lambda: screen.state.get("tickets"))
        day = screen.state["day"]
        await house.rig.next_day()
        await screen.until(lambda: screen.state["day"] > day)
        assert screen.state["tickets"] == []
        await house.rig.issue()
        await screen.until(lambda: screen.state["tickets"])
        assert screen.events() == ["issued"]


async def test_counts_are_sent_together_while_calls_are_sent_at_once(house: House) -> None:
    await house.rig.open()
    async with house.screen("public") as screen:
        await screen.until(lambda: screen.position)
        for _ in range(10):
            await house.rig.issue()
        await house.rig.call()
        await screen.until(lambda: "called" in screen.events())
        await screen.until(lambda: screen.state["services"][0]["waiting"] == 9)
        assert screen.events() == ["called"]


async def test_heartbeats_tell_the_time_and_do_not_move_the_position(house: House) -> None:
    async with house.screen("public") as screen:
        await screen.until(lambda: screen.position)
        before = screen.position
        beat = await screen.frame("heartbeat")
        assert screen.position == before
        assert beat["as_of_seq"] == house.hub.snapshot(HALL).seq
        assert (beat["current"], beat["build"], beat["rate"]) == (True, "1", 1.0)
        assert abs(beat["zone_ms"] - beat["sent_ms"]) < 1000


async def test_an_unknown_zone_is_refused_before_the_handshake(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with house.screen("public", zone="nowhere"):
            pass
    assert refused.value.response.status_code == 404


async def test_views_for_everybody_show_neither_tickets_nor_their_times(house: House) -> None:
    ticket = await house.rig.issue()
    await house.rig.issue(SHORT)
    await house.rig.open()
    async with house.screen("public") as public, house.screen("waits") as waits:
        await house.rig.call()
        await public.until(lambda: "called" in public.events())
        await waits.until(lambda: waits.state.get("services", [{}])[0].get("waiting") == 0)
        told = repr(public.frames)
        assert ticket.id not in told + repr(waits.frames)
        assert not any(f"{name}_ms" in told for name in ("issued", "arrival", "rank", "called", "not_before"))
        assert ticket.number not in repr(waits.frames)
