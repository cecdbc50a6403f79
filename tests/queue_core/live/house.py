"""The whole way of a stream in one process: store, engine, hub, HTTP server on a free port, clients."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

import queue_core.web
from queue_core.domain.errors import Refused
from queue_core.domain.model import Ticket, TicketId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.views.patch import merge
from queue_core.estimate.forecast import Forecast
from queue_core.live.access import Access, Denial, Denied, Handshake
from queue_core.live.hub import Hub, Surroundings
from queue_core.live.limits import Limits
from queue_core.live.websocket import StreamEndpoint
from queue_core.serve.guards import GuardedHttpProtocol
from queue_core.store.connection import connect_blocking
from queue_core.store.reader import LogReader, shares
from tests.queue_core.live.rig import HALL, Rig, open_rig
from tests.support.web_server import GRACE_S, PromptServer, served_by

QUICK = Limits(coalesce_s=0.02, heartbeat_s=0.1, recheck_s=0.05, auth_within_s=0.3, lag_most_s=0.5)
WITHIN_S = 5.0
FOREIGN_HOST = "rebound.example"
STREAM_JS = Path(queue_core.web.__file__).parent / "static" / "js" / "stream.js"
STAFF_TOKEN, DISPLAY_TOKEN = "staff", "display"
MAY = {STAFF_TOKEN: {"lobby", "desk"}, DISPLAY_TOKEN: {"lobby"}}


@dataclass
class House:
    rig: Rig
    hub: Hub
    port: int
    stream_port: int
    revoked: set[str] = field(default_factory=set)

    def url(self, view: str = "public", zone: str = HALL, **query: object) -> str:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"ws://127.0.0.1:{self.port}/api/v1/zones/{zone}/stream?view={view}{more}"

    @contextlib.asynccontextmanager
    async def screen(self, view: str = "public", token: str = "", **query: Any) -> AsyncIterator["Screen"]:
        async with dial(self.url(view, **query), token) as connection:
            yield Screen(connection)


def dial(url: str, token: str = "", **options: Any) -> connect:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    options = {"subprotocols": [Subprotocol("wartezone.v1")], "additional_headers": headers, **options}
    return connect(url, compression=None, proxy=None, ping_interval=None, **options)


class Screen:
    """A client that believes only what it receives, and checks that nothing is missing."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.state: dict[str, Any] = {}
        self.position: tuple[int, int] | None = None
        self.frames: list[dict[str, Any]] = []

    def take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        match frame["type"]:
            case "snapshot":
                self.state, self.position = frame["state"], (frame["epoch"], frame["seq"])
            case "event":
                assert self.position == (frame["epoch"], frame["prev"])
                assert frame["seq"] > frame["prev"]
                self.state, self.position = merge(self.state, frame["patch"]), (frame["epoch"], frame["seq"])
            case "estimates":
                self.state = merge(self.state, frame["patch"])

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(WITHIN_S):
            frame: dict[str, Any] = json.loads(await self.connection.recv())
        self.take(frame)
        return frame

    async def until(self, probe: Callable[[], object]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not probe():
                await self.receive()

    async def frame(self, kind: str) -> dict[str, Any]:
        while (frame := await self.receive())["type"] != kind:
            pass
        return frame

    def events(self) -> list[str]:
        return [f["event"]["type"] for f in self.frames if f["type"] == "event"]

    def kinds(self) -> list[str]:
        return [f["type"] for f in self.frames if f["type"] != "heartbeat"]


@contextlib.asynccontextmanager
async def open_house(
    url: str, limits: Limits = QUICK, zones: Iterable[Zone] = (), origins: Iterable[str] = ()
) -> AsyncIterator[House]:
    async with open_rig(url, *zones) as rig:
        revoked: set[str] = set()
        hub = _hub(rig, limits, revoked)
        running = asyncio.create_task(hub.run())
        try:
            async with asyncio.timeout(WITHIN_S):
                await hub.ready()
            endpoint = StreamEndpoint(
                hub, authorise, origins, lambda _, peer: peer, lambda host: FOREIGN_HOST not in host
            )
            async with _serving(hub, endpoint) as port, _streaming(endpoint) as stream_port:
                yield House(rig, hub, port, stream_port, revoked)
        finally:
            await hub.close()
            running.cancel()
            await asyncio.wait([running])


def _hub(rig: Rig, limits: Limits, revoked: set[str]) -> Hub:
    async def gone(held: frozenset[str]) -> frozenset[str]:
        return held & revoked

    async def ticket(zone: ZoneId, ticket: TicketId) -> Ticket | None:
        try:
            return await rig.engine.ticket(zone, ticket)
        except Refused:
            return None

    around = Surroundings(
        rig.engine.zone,
        rig.engine.clock,
        rig.engine.begin_epoch,
        Forecast.from_json,
        ticket,
        gone,
        lambda _, peer: peer,
    )
    zones = list(rig.engine.office)
    readers = [LogReader(connect_blocking(rig.url), share) for share in shares(zones)]
    return Hub(zones, readers, around, limits, build="1")


async def authorise(handshake: Handshake) -> Access | Denied:
    if handshake.token is None:
        return Denied(Denial.MISSING)
    if handshake.token not in MAY:
        return Denied(Denial.INVALID)
    return Access(handshake.token) if handshake.view in MAY[handshake.token] else Denied(Denial.FORBIDDEN)


@contextlib.asynccontextmanager
async def _serving(hub: Hub, endpoint: StreamEndpoint) -> AsyncIterator[int]:
    async def app(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """/<view>/<ticket>/events, /stream.js, and an empty page."""
        _, first, *rest = scope["path"].split("/")
        if rest[-1:] == ["events"]:
            last = dict(scope["headers"]).get(b"last-event-id", b"").decode() or None
            ticket = TicketId(rest[0]) if len(rest) > 1 else None
            await hub.sse(HALL, first, ticket, last)(dict(scope), receive, send)
            return
        script = first == "stream.js"
        kind = b"text/javascript" if script else b"text/html"
        body = STREAM_JS.read_bytes() if script else b"<!doctype html><title>page</title>"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)
        listener.listen()
        config = uvicorn.Config(app, ws=endpoint, lifespan="off", log_config=None, http=GuardedHttpProtocol)  # type: ignore[arg-type]
        config.timeout_graceful_shutdown = GRACE_S
        async with served_by(PromptServer(config), listener):
            yield listener.getsockname()[1]


@contextlib.asynccontextmanager
async def _streaming(endpoint: StreamEndpoint) -> AsyncIterator[int]:
    """A port for streams alone."""
    server = await asyncio.get_running_loop().create_server(endpoint, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
