"""A screen without a face: follows one view as docs/stream.md tells a client to, and notes every breach."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.support.eventually import eventually

SUBPROTOCOL = "wartezone.v1"
AGAIN_AFTER_S = 0.05
OPEN_WITHIN_S = 3.0
SORTED_BY = {"tickets": ("rank_ms", "ordinal")}

Json = dict[str, Any]


@dataclass(slots=True)
class Watcher:
    """`state` is the view's after the last frame, `seen` the seq of every event that came; a snapshot tells at once
    what happened between two positions: `leaps`."""

    url: str
    view: str
    token: str | None
    position: tuple[int, int] | None = None
    state: Json = field(default_factory=dict)
    connection: ClientConnection | None = None
    connections: int = 0
    resumed: int = 0
    seen: set[int] = field(default_factory=set)
    leaps: list[tuple[int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def follow(self) -> None:
        """Until cancelled; comes back whenever the connection ends."""
        while True:
            with suppress(OSError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidMessage):
                await self._connected()
            await asyncio.sleep(AGAIN_AFTER_S)

    def knows(self, seq: int) -> bool:
        return seq in self.seen or any(begin < seq <= end for begin, end in self.leaps)

    def cut(self) -> None:
        """The network fails: no closing, no last frame."""
        if self.connection:
            self.connection.transport.abort()

    async def _connected(self) -> None:
        resume = "" if self.position is None else f"&epoch={self.position[0]}&seq={self.position[1]}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with connect(
            f"{self.url}?view={self.view}{resume}",
            additional_headers=headers,
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
            compression=None,
            open_timeout=OPEN_WITHIN_S,
            proxy=None,
        ) as connection:
            self.connection = connection
            self.connections += 1
            await self._greeted(connection)
            async for message in connection:
                self.take(json.loads(message))

    async def _greeted(self, connection: ClientConnection) -> None:
        hello = json.loads(await connection.recv())
        if hello["type"] != "hello":
            self.faults.append(f"began with {hello['type']}")
        if not hello["resumed"]:
            await self._brought_back(connection)
        elif self.position is None:
            self.faults.append("resumed where nothing was before")
        else:
            self.resumed += 1

    async def _brought_back(self, connection: ClientConnection) -> None:
        """What was missed, as far as the server still knows it, and then a snapshot."""
        frame = json.loads(await connection.recv())
        while frame["type"] == "event" and self.position is not None:
            self.take(frame)
            frame = json.loads(await connection.recv())
        if frame["type"] != "snapshot":
            self.faults.append(f"neither resumed nor a snapshot, but {frame['type']}")
        self.take(frame)

    def take(self, frame: Json) -> None:
        match frame["type"]:
            case "snapshot":
                self.leaps.append((self.position[1] if self.position else 0, frame["seq"]))
                self._advance(frame, "snapshot", may_stay=True)
                self.state = frame["state"]
            case "event":
                if self.position and frame["prev"] != self.position[1]:
                    self.faults.append(f"gap: {frame['prev']} before {frame['seq']}, but last was {self.position}")
                self._advance(frame, "event", may_stay=False)
                self.seen.add(frame["seq"])
                self.state = merge(self.state, frame["patch"])
            case "estimates":
                self.state = merge(self.state, frame["patch"])

    def _advance(self, frame: Json, what: str, *, may_stay: bool) -> None:
        reached = (frame["epoch"], frame["seq"])
        if self.position and (reached < self.position or (reached == self.position and not may_stay)):
            self.faults.append(f"{what} {reached} after {self.position}: backwards")
        self.position = reached


def merge(state: Json, patch: Json) -> Json:
    """As docs/stream.md says, section by section."""
    merged = dict(state)
    for name, value in patch.items():
        if name != "gone":
            merged[name] = _records(name, merged.get(name, []), value) if isinstance(value, list) else value
    for name, ids in patch.get("gone", {}).items():
        merged[name] = [record for record in merged[name] if record["id"] not in ids]
    return merged


def _records(section: str, old: list[Json], changed: list[Json]) -> list[Json]:
    records = {record["id"]: record for record in old}
    new = [record for record in changed if record["id"] not in records]
    for record in changed:
        if record["id"] in records:
            records[record["id"]] = {**records[record["id"]], **record}
    joined = [*new, *records.values()] if section == "calls" else [*records.values(), *new]
    order = SORTED_BY.get(section)
    return sorted(joined, key=lambda r: [r[name] for name in order]) if order else joined


async def snapshot(url: str, view: str, token: str | None) -> Json:
    """The view as somebody sees it who comes in now."""
    newcomer = Watcher(url, view, token)
    following = asyncio.create_task(newcomer.follow())
    try:
        return await eventually(lambda: newcomer.state)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
