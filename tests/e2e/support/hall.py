"""The zone that is served without a configuration, at work: who draws, who calls, who watches, and what is checked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import httpx

from tests.e2e.support import ledger
from tests.e2e.support.client import ANSWER_WITHIN_S
from tests.e2e.support.ledger import Event
from tests.e2e.support.load import Load, load
from tests.e2e.support.watcher import Watcher, snapshot
from tests.support.eventually import eventually
from tests.support.office_process import OfficeProcess

ZONE = "demo"
COUNTERS = ("1", "2", "3", "4")
SERVICES = ("question", "documents", "application", "placement")
KIOSKS = 3
#: Views and how many watch each.
WATCHED = {"public": 2, "lobby": 2, "desk": 2}
#: Counts that only an estimate carries follow within a second of the last event.
SETTLED_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Hall:
    office: OfficeProcess
    load: Load
    watchers: tuple[Watcher, ...]

    @property
    def stream(self) -> str:
        return stream_url(self.office)

    async def settle(self) -> None:
        """Everybody has an answer, every screen shows what a newcomer would see."""
        self.load.stop()
        for watcher in self.watchers:
            await eventually(partial(self._is_current, watcher), SETTLED_WITHIN_S)

    async def _is_current(self, watcher: Watcher) -> bool:
        newcomer_sees = await snapshot(self.stream, watcher.view, watcher.token)
        assert watcher.state == newcomer_sees, watcher.view
        return True


def stream_url(office: OfficeProcess) -> str:
    return f"ws://127.0.0.1:{office.port}/api/v1/zones/{ZONE}/stream"


def post(office: OfficeProcess, token: str, path: str, body: Mapping[str, Any], key: str) -> httpx.Response:
    """One command, once, for tests without load."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return httpx.post(
        f"{office.address}/api/v1/zones/{ZONE}{path}", json=body, headers=headers, timeout=ANSWER_WITHIN_S
    )


@asynccontextmanager
async def at_work(office: OfficeProcess, seed: int) -> AsyncIterator[Hall]:
    """The office under load, with screens that watch. What it says is checked when the block ends without a fault."""
    devices = [office.token("device", ZONE) for _ in range(KIOSKS)]
    desks = dict.fromkeys(COUNTERS, office.token("counter", ZONE))
    tokens = {"public": None, "lobby": devices[0], "desk": desks[COUNTERS[0]]}
    watchers = tuple(Watcher(stream_url(office), view, tokens[view]) for view, n in WATCHED.items() for _ in range(n))
    following = [asyncio.create_task(watcher.follow()) for watcher in watchers]
    try:
        async with load(office.address, ZONE, SERVICES, devices, desks, Random(seed)) as people:
            hall = Hall(office, people, watchers)
            yield hall
            people.stop()
        await hall.settle()
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    check(hall)


def exported(office: OfficeProcess) -> list[Event]:
    return ledger.read(office.wartezone("export-log", "--zone", ZONE))


def check(hall: Hall) -> None:
    """Everything acknowledged is in the log, once; nothing else is; the log makes sense; so do the screens."""
    log, said = exported(hall.office), hall.load.acknowledged
    assert hall.load.faults == []
    assert [fault for watcher in hall.watchers for fault in watcher.faults] == []
    assert ledger.gaps(log) == []
    assert ledger.faults(log) == []
    logged = ledger.deeds(log, frozenset(kind for kind, _ in said.deeds))
    assert logged - said.deeds == {}, "in the log, but nobody was told"
    assert said.deeds - logged == {}, "acknowledged, but not in the log"
    assert {e["ticket"]: e["number"] for e in log if e["type"] == "issued"} == said.numbers
    calls = [event["seq"] for event in log if event["type"] == "called"]
    for watcher in hall.watchers:
        assert [seq for seq in calls if not watcher.knows(seq)] == [], f"{watcher.view} never heard of these calls"
