"""The audience of one view, with clients that only note what they get."""

import asyncio
import json
import random
from typing import Any

import pytest

from queue_core.domain.views.patch import merge
from queue_core.live import frames
from queue_core.live.channel import KEPT, SLICE, STEPS_WAITING_MOST, Channel
from queue_core.live.frames import Frame, Position
from tests.support.eventually import eventually

EPOCH = 7
HELLO, RESUMED = frames.plain("hello", resumed=False), frames.plain("hello", resumed=True)


class Notebook:
    """Writes down every frame; `full` makes it refuse."""

    credential = ""
    rendered = None

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.writes = 0
        self.full = False
        self.ended: int | None = None

    def write(self, frame: Frame) -> bool:
        if not self.full:
            self.writes += 1
            self.frames += [json.loads(line) for line in frame.json.splitlines()]
        return not self.full

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:  # noqa: ARG002
        self.ended = code

    def kinds(self) -> list[str]:
        return [f["type"] for f in self.frames]

    def state(self) -> dict[str, Any]:
        """What it shows, having checked that nothing is missing."""
        state: dict[str, Any] = {}
        last: int | None = None
        for frame in self.frames:
            if frame["type"] == "snapshot":
                state, last = frame["state"], frame["seq"]
            elif frame["type"] == "event":
                assert frame["prev"] == last
                state, last = merge(state, frame["patch"]), frame["seq"]
            elif frame["type"] == "estimates":
                state = merge(state, frame["patch"])
        return state


def at(seq: int) -> Position:
    return Position(EPOCH, seq)


def count(n: int) -> dict[str, Any]:
    return {"n": n}


class Stage:
    """A channel that counts: its state is {"n": n}."""

    def __init__(self) -> None:
        self.seq = self.n = 0
        self.channel = Channel(count(0), at(0), 0)

    def event(self) -> None:
        self.seq, self.n = self.seq + 1, self.n + 1
        self.channel.happened(at(self.seq), {"type": "called"}, count(self.n))

    def change(self) -> None:
        """Something that the view shows without an event of its own."""
        self.seq, self.n = self.seq + 1, self.n + 1
        self.channel.changed(at(self.seq), count(self.n))

    def join(self, since: Position | None = None) -> Notebook:
        client = Notebook()
        self.channel.join(client, since, lambda is_resumed: RESUMED if is_resumed else HELLO)
        return client


@pytest.fixture
async def stage() -> Stage:
    return Stage()


async def test_whoever_joins_between_two_events_follows_like_all_others(stage: Stage) -> None:
    early = stage.join()
    stage.event()
    stage.change()
    late = stage.join()
    assert late.frames[-1]["seq"] == 2
    stage.event()
    stage.event()
    assert early.state() == late.state() == count(4)
    assert late.kinds() == ["hello", "snapshot", "event", "event"]


async def test_changes_without_a_difference_are_not_sent(stage: Stage) -> None:
    client = stage.join()
    stage.channel.changed(at(5), count(0))
    assert client.kinds() == ["hello", "snapshot"]
    assert stage.join().frames[-1]["seq"] == 5


@pytest.mark.parametrize("since", range(7))
async def test_from_every_position_the_missed_leads_to_the_present(stage: Stage, since: int) -> None:
    for happens in (stage.event, stage.change, stage.event, stage.change, stage.change, stage.event):
        happens()
    again = stage.join(at(since))
    assert again.kinds()[0] == "hello"
    assert again.frames[0]["resumed"] is True
    again.frames[0] = {"type": "snapshot", "seq": since, "state": count(since)}
    assert again.state() == count(6)
    stage.event()
    assert again.state() == count(7)


@pytest.mark.parametrize("position", [Position(EPOCH, 9), Position(EPOCH + 1, 1), Position(EPOCH - 1, 1)])
async def test_other_positions_get_a_snapshot(stage: Stage, position: Position) -> None:
    stage.event()
    assert stage.join(position).kinds() == ["hello", "snapshot"]


@pytest.mark.parametrize("lost", ["event", "change"])
async def test_who_missed_more_than_is_kept_gets_a_snapshot(stage: Stage, lost: str) -> None:
    getattr(stage, lost)()
    for _ in range(KEPT):
        stage.change()
    assert stage.join(at(0)).kinds() == ["hello", "snapshot"]
    assert stage.join(at(stage.seq)).frames[0]["resumed"] is True


async def test_a_reshaped_channel_starts_everybody_over(stage: Stage) -> None:
    client = stage.join()
    stage.event()
    stage.channel.reshaped(Position(EPOCH + 1, 1), count(0))
    assert client.kinds() == ["hello", "snapshot", "event", "snapshot"]
    stage.channel.happened(Position(EPOCH + 1, 2), {"type": "called"}, count(1))
    assert client.state() == count(1)
    assert stage.join(at(1)).kinds() == ["hello", "snapshot"]


async def test_a_client_that_is_full_is_skipped_and_comes_back_with_a_snapshot(stage: Stage) -> None:
    slow, quick = stage.join(), stage.join()
    slow.full = True
    stage.event()
    stage.event()
    assert list(stage.channel.lagging) == [slow]
    slow.full = False
    stage.event()
    assert slow.kinds() == ["hello", "snapshot"]
    stage.channel.caught_up(slow)
    stage.event()
    assert slow.kinds() == ["hello", "snapshot", "snapshot", "event"]
    assert slow.state() == quick.state() == count(4)


async def test_a_client_that_stays_full_is_ended(stage: Stage) -> None:
    slow = stage.join()
    slow.full = True
    stage.event()
    now_s = asyncio.get_running_loop().time()
    stage.channel.cut_laggards(now_s - 60)
    assert slow.ended is None
    stage.channel.cut_laggards(now_s + 60)
    assert slow.ended == 1013


async def test_a_large_audience_is_written_to_in_turns_and_in_order(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(2 * SLICE + 1)]
    stage.event()
    assert len(crowd[SLICE - 1].frames) == 3
    assert len(crowd[SLICE].frames) == 2
    stage.event()
    meanwhile = stage.join()
    stage.event()
    await eventually(lambda: all(c.state() == count(3) for c in [*crowd, meanwhile]))
    assert meanwhile.kinds() == ["hello", "snapshot", "event"]


async def test_a_client_that_drains_while_the_crowd_is_written_to_gets_nothing_twice(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(2 * SLICE + 1)]
    crowd[-1].full = True
    stage.event()
    await eventually(lambda: stage.channel.lagging)
    stage.event()
    crowd[-1].full = False
    stage.channel.caught_up(crowd[-1])
    await eventually(lambda: crowd[SLICE].state() == count(2))
    stage.event()
    await eventually(lambda: all(c.state() == count(3) for c in crowd))
    assert crowd[-1].kinds() == ["hello", "snapshot", "snapshot", "event"]


async def test_what_waits_for_a_large_audience_goes_out_in_one_write_each(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(SLICE + 1)]
    for _ in range(4):
        stage.event()
    late = crowd[-1]
    assert late.writes == 2
    await eventually(lambda: all(c.state() == count(4) for c in crowd))
    assert late.kinds() == ["hello", "snapshot", *["event"] * 4]
    assert late.writes == 4


async def test_who_comes_back_while_the_crowd_is_written_to_misses_nothing(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(2 * SLICE + 1)]
    stage.event()
    stage.change()
    stage.event()
    again = stage.join(at(1))
    stage.event()
    again.frames[0] = {"type": "snapshot", "seq": 1, "state": count(1)}
    await eventually(lambda: all(c.state() == count(4) for c in [*crowd, again]))
    stage.event()
    await eventually(lambda: all(c.state() == count(5) for c in [*crowd, again]))


async def test_a_client_that_leaves_while_the_crowd_is_written_to_is_forgotten(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(2 * SLICE + 1)]
    stage.event()
    stage.channel.leave(crowd[-1], 0)
    assert len(stage.channel) == 2 * SLICE
    stage.event()
    await eventually(lambda: all(c.state() == count(2) for c in crowd[:-1]))
    assert len(crowd[-1].frames) <= 3


async def test_more_events_than_can_be_written_become_one_snapshot(stage: Stage) -> None:
    crowd = [stage.join() for _ in range(SLICE + 1)]
    for _ in range(STEPS_WAITING_MOST + 10):
        stage.event()
    await eventually(lambda: all(c.state() == count(stage.n) for c in crowd))
    assert len(crowd[-1].frames) < STEPS_WAITING_MOST
    assert "snapshot" in crowd[-1].kinds()[2:]


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_in_between_nobody_misses_anything_or_gets_it_twice(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    crowd = [stage.join() for _ in range(2 * SLICE)]
    for _ in range(400):
        client = chance.choice(crowd)
        match chance.choice("eeecccjrlffddddrs"):
            case "e":
                stage.event()
            case "c":
                stage.change()
            case "j":
                crowd.append(stage.join())
            case "r":
                since = chance.randint(max(0, stage.seq - 20), stage.seq)
                again = stage.join(at(since))
                if again.frames[0]["resumed"]:
                    again.frames[0] = {"type": "snapshot", "seq": since, "state": count(since)}
                crowd.append(again)
            case "l":
                crowd.remove(client)
                stage.channel.leave(client, 0)
            case "f":
                client.full = True
            case "d":
                for full in [c for c in crowd if c.full][:1]:
                    full.full = False
                    stage.channel.caught_up(full)
            case "s":
                await asyncio.sleep(0)
    for client in crowd:
        client.full = False
        stage.channel.caught_up(client)
    stage.event()
    await eventually(lambda: all(c.state() == count(stage.n) for c in crowd))


async def test_an_empty_channel_says_since_when(stage: Stage) -> None:
    client = stage.join()
    assert stage.channel.idle_since_s is None
    stage.channel.leave(client, 12.0)
    assert stage.channel.idle_since_s == 12.0
    stage.event()
    assert client.kinds() == ["hello", "snapshot"]
