"""A real office on a real port, a fake printer, and the agent between them in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from queue_core.domain.devices import Devices, KioskPlace, PrinterPlace
from queue_core.domain.model import SeriesId
from queue_core.domain.office import Series, Zone
from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import zone
from ticket_kiosk.agent.app import app_of
from ticket_kiosk.agent.house import House, Means, Pace
from ticket_kiosk.face import face
from ticket_kiosk.printers.fake import FakePrinter, fake_printer

PORT = 8180
OWN = f"http://127.0.0.1:{PORT}"
TICKETS = "/kiosk/entrance/tickets"
EMERGENCY = SeriesId("n")
PIN = "482913"
#: Nobody waits long for a server that is away, nor to find it again. Reports come farther apart than `away_after_s`,
#: as in a house: one that is answered shows that the server is there. Nothing is said.
PACE = Pace(away_after_s=0.2, probe_s=0.05, place_s=0.5, printer_s=0.1, report_s=0.5, speech_s=60)
BLOCK = 40


def hall(**changes: Any) -> Zone:
    """Its business day changes half a day from now, whatever hour it is: an emergency number is valid for one day."""
    now = datetime.now(zone().time_zone)
    plain = zone(**{"day_starts": time((now.hour + 12) % 24), **changes})
    return replace(plain, series={**plain.series, EMERGENCY: Series(EMERGENCY, "N")})


@dataclass
class Wire:
    """Between agent and server. `loses`: paths whose answers are lost, what was asked for having happened."""

    app: ASGIApp
    loses: Callable[[str], bool] = lambda _: False
    lost: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.loses(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def nowhere(_: Any) -> None:
            return

        await self.app(scope, receive, nowhere)
        self.lost.append(scope["path"])
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Rig:
    """`http` is the kiosk's browser."""

    office: WebOffice
    wire: Wire
    printer: FakePrinter
    folder: Path
    token: str
    port: int
    pace: Pace = PACE
    house: House = field(init=False)
    http: httpx.AsyncClient = field(init=False)
    _server: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    _agent: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def server_comes(self) -> None:
        await self._server.enter_async_context(serving(self.wire, free_listener(self.port)))

    async def server_goes(self) -> None:
        await self._server.aclose()

    async def agent_comes(self) -> None:
        means = Means(f"http://127.0.0.1:{self.port}", "entrance", self.token, self.folder / "agent", pace=self.pace)
        self.house = House(means)
        self._agent.push_async_callback(self.house.close)
        transport = httpx.ASGITransport(app_of(self.house, PORT))
        self.http = await self._agent.enter_async_context(httpx.AsyncClient(transport=transport, base_url=OWN))
        await self.house.begin()
        working = asyncio.create_task(self.house.run())
        self._agent.push_async_callback(_ended, working)

    async def agent_dies(self) -> None:
        """What it has in its head is gone; what is on the disk is left."""
        await self._agent.aclose()

    async def close(self) -> None:
        await self._agent.aclose()
        await self._server.aclose()

    async def draw(self, key: str, service: str = "new", language: str = "en", **more: Any) -> httpx.Response:
        return await self.http.post(
            f"{TICKETS}?lang={language}", json={"service": service, **more}, headers={"Idempotency-Key": key}
        )

    async def drawn(self, key: str, service: str = "new") -> dict[str, Any]:
        answer = await self.draw(key, service)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def state(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.http.get("/agent/state")).json()
        return told

    async def paper(self, job: str, known: str = "printing") -> dict[str, str]:
        told: dict[str, str] = (await self.http.get(f"/agent/papers/{job}?known={known}")).json()
        return told

    async def ready(self) -> None:
        """The printer looked at, numbers lent, the page kept."""

        async def is_so() -> bool:
            told = await self.state()
            return bool(told["emergency_left"] and self.house.copies.page() and told["printer"]["state"] == "ready")

        await eventually(is_so, within_s=20)

    async def numbers(self) -> list[str]:
        """Of all tickets of the day, in the order in which they would be called."""
        snapshot, _ = await self.office.engine.read(self.office.zone.id)
        return [ticket.number for ticket in sorted(snapshot.waiting(), key=lambda t: (t.rank_ms, t.ordinal))]


@contextlib.asynccontextmanager
async def open_rig(
    url: str, folder: Path, *, own: Zone | None = None, block: int = BLOCK, printer: bool = True, pace: Pace = PACE
) -> AsyncIterator[Rig]:
    """Server and agent are there; `ready` waits until the agent has all that it needs for an outage."""
    async with fake_printer() as fake:
        place = PrinterPlace(f"tcp://127.0.0.1:{fake.port}") if printer else None
        used = own or hall()
        kiosk = KioskPlace(
            "entrance", (used.id,), printer=place, emergency_series=EMERGENCY, emergency_block=block, pin=PIN
        )
        devices = Devices({"entrance": kiosk})
        async with open_web_office(url, folder / "office", used, faces=[face], devices=devices) as office:
            token = await office.token(Role.DEVICE)
            with free_listener() as listener:
                port = listener.getsockname()[1]
            rig = Rig(office, Wire(office.app), fake, folder, token, port, pace)
            try:
                await rig.server_comes()
                await rig.agent_comes()
                yield rig
            finally:
                await rig.close()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
