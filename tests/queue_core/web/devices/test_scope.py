"""What a device may that was let in by a code: what it was let in as and nothing else, and nothing once it is out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from queue_core.domain.devices import Devices, DisplayPlace, KioskPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Grant, Role
from queue_core.live.websocket import StreamEndpoint
from queue_core.web.device import COOKIE
from queue_core.web.face import load_faces
from queue_core.web.stream_access import StreamAccess
from tests.support.web_office import ORIGIN, SOON, WebOffice, open_web_office
from tests.support.zones import zone

CLOSES_WITHIN_S = 20.0
IMPATIENT = replace(SOON, auth_within_s=0.5)
HALL, YARD = ZoneId("hall"), ZoneId("yard")
KIOSK, DISPLAY = "kiosk:entrance", "display:lobby"
KEY = {"Idempotency-Key": "k1"}
BOOKED = {"booking": "K7M2PRTX", "service": "new", "visitor_class": "appointment", "slot_at": "2199-01-01T09:00:00Z"}


@dataclass
class House:
    """`screens`: browsers elsewhere in the house, each with the cookie of its own device."""

    office: WebOffice
    screens: dict[str, httpx.AsyncClient]
    tokens: dict[str, str]

    def bearer(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@pytest_asyncio.fixture
async def house(valkey_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A kiosk for two zones, of which the kiosk's token is for one."""
    devices = Devices({"entrance": KioskPlace("entrance", (HALL, YARD))}, {"lobby": DisplayPlace("lobby", (HALL,))})
    async with open_web_office(
        valkey_url, tmp_path, zone(), zone("yard"), faces=load_faces(), devices=devices, limits=IMPATIENT
    ) as office:
        transport = httpx.ASGITransport(office.app, client=("192.0.2.7", 40_000))
        tokens, screens = {}, {}
        for name, zones in ((KIOSK, {HALL}), (DISPLAY, {HALL, YARD})):
            grant = Grant(Role.DEVICE, frozenset(zones), name)
            tokens[name] = await office.credentials.create_token(grant, by="test")
            screens[name] = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN})
            screens[name].cookies.set(COOKIE, tokens[name], domain="127.0.0.1")
        yield House(office, screens, tokens)
        for screen in screens.values():
            await screen.aclose()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/kiosk/entrance/tickets", {"service": "new", "zone": "hall"}),
        ("/kiosk/entrance/codes", {"code": "K7M2PRTX"}),
    ],
    ids=["tickets", "codes"],
)
async def test_a_display_is_no_kiosk(house: House, path: str, body: dict[str, str]) -> None:
    answer = await house.screens[DISPLAY].post(path, json=body, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    answer = await house.office.http.post(path, json=body, headers={**KEY, **house.bearer(DISPLAY), "Via": "1.1 lan"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/zones/hall/tickets"),
        ("POST", "/api/v1/zones/hall/bookings/none/check-in"),
        ("POST", "/api/v1/zones/hall/numbers"),
        ("GET", "/api/v1/zones/hall/tickets/none"),
        ("GET", "/kiosk/entrance/emergency"),
        ("POST", "/kiosk/entrance/blocks"),
        ("POST", "/kiosk/entrance/uploads"),
    ],
    ids=str,
)
async def test_a_displays_token_only_shows(house: House, method: str, path: str) -> None:
    answer = await house.office.http.request(method, path, headers={**KEY, **house.bearer(DISPLAY)})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    snapshot, _ = await house.office.engine.read(HALL)
    assert snapshot.issued_today() == 0


async def test_a_kiosk_is_no_wall(house: House) -> None:
    assert (await house.screens[DISPLAY].get("/lobby/lobby")).status_code == 200
    assert (await house.screens[KIOSK].get("/lobby/lobby")).status_code == 303
    answer = await house.screens[KIOSK].get("/lobby/lobby/say/de.wav?call=hall:A001:1")
    assert answer.status_code == 401


async def test_a_token_made_for_a_wall_cannot_be_pasted_into_a_kiosk(house: House) -> None:
    for name, path, status in (
        (DISPLAY, "/kiosk/entrance", 401),
        (DISPLAY, "/lobby/lobby", 303),
        (KIOSK, "/lobby/lobby", 401),
    ):
        form = {"token": house.tokens[name]}
        answer = await house.office.http.post(f"{path}/enrol", data=form, headers={"Origin": ORIGIN})
        assert answer.status_code == status, (name, path)


async def test_a_kiosk_checks_in_only_where_its_token_may(house: House) -> None:
    admin = {"Authorization": f"Bearer {await house.office.token(Role.ADMIN, None)}"}
    answer = await house.office.http.post("/api/v1/zones/yard/bookings", json=BOOKED, headers={**KEY, **admin})
    assert answer.status_code == 201, answer.text
    answer = await house.screens[KIOSK].post("/kiosk/entrance/codes", json={"code": BOOKED["booking"]}, headers=KEY)
    assert (answer.status_code, answer.json()) == (200, {"kind": "unknown"})


async def test_the_stream_of_a_display_that_is_taken_out_really_ends(house: House) -> None:
    office = house.office
    access = StreamAccess(office.frame.identity)
    endpoint = StreamEndpoint(office.hub, access.authorise, [ORIGIN], lambda _, __: "192.0.2.7", lambda _: True)
    server = await asyncio.get_running_loop().create_server(endpoint, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"ws://127.0.0.1:{port}/api/v1/zones/hall/stream?view=lobby"

    def dial(name: str) -> connect:
        headers = {"Cookie": f"{COOKIE}={house.tokens[name]}", "Origin": ORIGIN}
        return connect(
            url, compression=None, proxy=None, subprotocols=[Subprotocol("wartezone.v1")], additional_headers=headers
        )

    try:
        async with dial(KIOSK) as kiosk:
            assert await _closed(kiosk) == (4401, "missing")
        async with dial(DISPLAY) as display:
            assert '"snapshot"' in str(await display.recv()) + str(await display.recv())
            answer = await office.http.post("/devices/display/lobby/revoke", headers=await office.bearer(Role.ADMIN))
            assert answer.json() == {"tokens_ended": 1}
            assert await _closed(display) == (4401, "revoked")
    finally:
        server.close()


async def _closed(stream: ClientConnection) -> tuple[int, str]:
    async with asyncio.timeout(CLOSES_WITHIN_S):
        with pytest.raises(ConnectionClosed) as ended:
            await _read_on(stream)
    assert ended.value.rcvd is not None
    return ended.value.rcvd.code, ended.value.rcvd.reason


async def _read_on(stream: ClientConnection) -> None:
    while True:
        await stream.recv()
