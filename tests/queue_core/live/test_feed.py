"""One zone and all its followers: calls at once and each, counts at most so often, and every chain unbroken."""

import asyncio
import copy
import json
import random
from itertools import pairwise
from typing import Any

import pytest

from queue_core.domain.clock import REAL_TIME
from queue_core.domain.commands import CallNext, Command, OpenCounter, Recall
from queue_core.domain.model import Current
from queue_core.domain.views.patch import merge
from queue_core.domain.views.view import View
from queue_core.estimate.forecast import Forecast, Range
from queue_core.live import feed, frames
from queue_core.live.channel import SLICE, Channel
from queue_core.live.feed import EVENTS_MOST, Feed
from queue_core.live.frames import Frame, Position
from tests.queue_core.domain.views.scenes import Morning
from tests.support.eventually import eventually
from tests.support.zones import NEW, ONE

HELLO, RESUMED = frames.plain("hello", resumed=False), frames.plain("hello", resumed=True)
SHARED = (View.WAITS, View.PUBLIC, View.LOBBY, View.DESK)
NEVER_S, SOON_S = 3_600.0, 0.2
CALLS, ESTIMATES, CROWD = 40, 50, SLICE + 50


class Viewer:
    """Believes what it gets, and that nothing is missing in between."""

    credential = ""
    rendered: Position | None = None

    def __init__(self, view: View) -> None:
        self.view = view
        self.state: dict[str, Any] = {}
        self.at: Position | None = None
        self.events: list[dict[str, Any]] = []
        self.sent_ms: list[int] = []
        self.is_full = self.is_gone = False

    def again(self) -> "Viewer":
        """Its next connection, with all that it has."""
        back = Viewer(self.view)
        back.state, back.at = self.state, self.at
        return back

    def write(self, frame: Frame) -> bool:
        if self.is_gone:
            return True
        if not self.is_full:
            for line in frame.json.splitlines():
                self._take(json.loads(line))
        return not self.is_full

    def end(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        raise AssertionError(f"nobody is to be sent away: {code} {reason} {retry_ms}")

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "snapshot":
                self.state, self.at = frame["state"], Position(frame["epoch"], frame["seq"])
            case "event":
                here = Position(frame["epoch"], frame["seq"])
                assert self.at == Position(frame["epoch"], frame["prev"])
                assert here > self.at
                self.state, self.at = merge(self.state, frame["patch"]), here
                self.events.append(frame["event"])
            case "estimates":
                self.state = merge(self.state, frame["patch"])
                self.sent_ms.append(frame["sent_ms"])


class Zone:
    """A zone of the model, followed by a feed."""

    def __init__(self, coalesce_s: float) -> None:
        self.morning = Morning()
        self.feed = Feed(lambda: self.morning.model.zone, lambda: REAL_TIME, coalesce_s)
        self.feed.open(copy.deepcopy(self.morning.model.state))
        self.viewers: dict[Viewer, Channel] = {}
        self._told = len(self.morning.model.log)

    def join(self, view: View, viewer: Viewer | None = None) -> Viewer:
        """As the hub does; one that was here before names where it is."""
        viewer = viewer or Viewer(view)
        channel = self.feed.channel(view)
        self.viewers[viewer] = channel
        past = self.feed.past
        channel.join(viewer, viewer.at, lambda r: RESUMED if r else past.after(HELLO, view, None, viewer.at))
        return viewer

    def leave(self, viewer: Viewer) -> None:
        viewer.is_gone = True
        self.viewers.pop(viewer).leave(viewer, 0)

    def tell(self) -> None:
        log = self.morning.model.log
        self.feed.happened(log[self._told :])
        self._told = len(log)

    def do(self, command: Command) -> None:
        self.morning.do(command)
        self.tell()

    def call(self) -> None:
        """One more ticket is drawn and called, the one before it is finished."""
        self.morning.model.now_ms += 1_000
        self.morning.issue()
        self.do(CallNext(ONE, Current.FINISH if self.morning.model.state.counters[ONE].ticket else None))

    def estimate(self, n: int) -> None:
        self.feed.estimated(Forecast(n, n, services={NEW: Range(n, n + 60, n + 120, "test")}))

    def shown(self, view: View) -> Any:
        state = json.loads(self.feed.body(view).json)
        return {name: value for name, value in state.items() if name not in ("epoch", "seq", "current")}


def calls(viewer: Viewer) -> list[str]:
    return [event["number"] for event in viewer.events if event["type"] in ("called", "recalled")]


async def test_calls_go_out_at_once_and_each_while_counts_wait() -> None:
    zone = Zone(NEVER_S)
    wall, page, waits = (zone.join(view) for view in (View.LOBBY, View.PUBLIC, View.WAITS))
    await zone.feed.flush()
    zone.do(OpenCounter(ONE))
    for n in range(CALLS):
        zone.call()
        zone.estimate(n)
        assert len(calls(wall)) == len(calls(page)) == n + 1
    for n in range(ESTIMATES - CALLS):
        zone.estimate(CALLS + n)
    assert calls(wall) == [f"A{n:03d}" for n in range(1, CALLS + 1)]
    assert [event["type"] for event in waits.events] == ["counter_opened"]
    zone.feed.stop()


async def test_counts_and_ranges_go_out_at_most_so_often_whatever_happens() -> None:
    zone = Zone(SOON_S)
    zone.do(OpenCounter(ONE))
    viewers = [zone.join(view) for view in SHARED]
    for n in range(ESTIMATES):
        zone.estimate(n)
        zone.call()
        zone.feed.refresh()
        await asyncio.sleep(0)
    await eventually(lambda: all(viewer.state == zone.shown(viewer.view) for viewer in viewers))
    zone.estimate(ESTIMATES)
    await eventually(lambda: all(viewer.state == zone.shown(viewer.view) for viewer in viewers))
    for viewer in viewers:
        assert all(after - before > 1000 * SOON_S / 2 for before, after in pairwise(viewer.sent_ms))
    zone.feed.stop()


async def test_a_call_does_not_wait_for_a_flush_that_is_under_way() -> None:
    zone = Zone(NEVER_S)
    zone.do(OpenCounter(ONE))
    for _ in range(2 * SLICE):
        zone.feed.channel(View.OWN, zone.morning.issue())
    wall = zone.join(View.LOBBY)
    flushing = asyncio.create_task(zone.feed.flush())
    await asyncio.sleep(0)
    zone.tell()
    zone.call()
    assert not flushing.done()
    assert len(calls(wall)) == 1
    await flushing
    assert wall.state == zone.shown(View.LOBBY)
    zone.feed.stop()


async def test_many_events_read_at_once_still_tell_every_call() -> None:
    zone = Zone(NEVER_S)
    zone.morning.do(OpenCounter(ONE))
    zone.tell()
    wall = zone.join(View.LOBBY)
    for _ in range(EVENTS_MOST):
        zone.morning.issue()
        zone.morning.do(CallNext(ONE, Current.FINISH if zone.morning.model.state.counters[ONE].ticket else None))
    zone.morning.do(Recall(ONE))
    zone.tell()
    assert len(calls(wall)) == EVENTS_MOST + 1
    zone.feed.stop()


async def test_very_many_events_without_a_call_become_one_snapshot() -> None:
    zone = Zone(NEVER_S)
    desk = zone.join(View.DESK)
    for _ in range(EVENTS_MOST + 1):
        zone.morning.issue()
    zone.tell()
    assert (desk.events, len(desk.state["tickets"])) == ([], EVENTS_MOST + 1)
    zone.feed.stop()


async def test_what_was_said_of_a_zone_at_rest_holds_until_something_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "OUTLOOK_KEPT_S", 0.0)
    zone = Zone(NEVER_S)
    zone.feed.estimated(Forecast(1, zone.morning.model.state.seq))
    assert zone.feed.outlook is not None
    zone.do(OpenCounter(ONE))
    assert zone.feed.outlook is None


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_comes_goes_and_stalls_while_much_happens_has_an_unbroken_chain_and_the_last_state(
    seed: int,
) -> None:
    chance, zone = random.Random(seed), Zone(0)
    away: list[Viewer] = []
    for _ in range(CROWD):
        zone.join(View.LOBBY)
    for n, _ in enumerate(zone.morning.random_events(seed, 300)):
        zone.tell()
        if n % 7 == 0:
            zone.estimate(n)
        _someone_moves(zone, chance, away)
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    for viewer in [v for v in zone.viewers if v.is_full]:
        _drain(zone, viewer)
    for viewer in away:
        zone.join(viewer.view, viewer.again())
    zone.tell()
    expected = {view: zone.shown(view) for view in SHARED}
    await eventually(lambda: all(viewer.state == expected[viewer.view] for viewer in zone.viewers))
    assert len(zone.viewers) > CROWD / 2
    zone.feed.stop()


def _someone_moves(zone: Zone, chance: random.Random, away: list[Viewer]) -> None:
    viewer = chance.choice(list(zone.viewers))
    match chance.randrange(6):
        case 0:
            zone.join(chance.choice(SHARED))
        case 1:
            zone.leave(viewer)
            away.append(viewer)
        case 2 if away:
            back = away.pop(chance.randrange(len(away)))
            zone.join(back.view, back.again())
        case 3:
            viewer.is_full = True
        case 4:
            for full in [v for v in zone.viewers if v.is_full][:2]:
                _drain(zone, full)


def _drain(zone: Zone, viewer: Viewer) -> None:
    viewer.is_full = False
    zone.viewers[viewer].caught_up(viewer)
