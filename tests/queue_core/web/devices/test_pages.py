"""Device, pairing and alarms as pages use them: in real Chromium, against a real office."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_core.domain.attendance import Attendance, DeviceKind, DeviceName
from queue_core.domain.orders import OrderState
from queue_core.domain.principal import CredentialKind, Principal, Role
from queue_core.web.access import public, resource
from queue_core.web.enrolment import Place, enrolment
from queue_core.web.face import Face, Frame
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOBBY = DeviceName(DeviceKind.DISPLAY, "lobby")
ADMIN = Principal("staff:a", Role.ADMIN, None, CredentialKind.SESSION)
_DEVICE = """async () => {
  const script = [...document.scripts].find((s) => s.src.endsWith("pairing.js")).src;
  const { Device } = await import(script.replace("pairing.js", "device.js"));
  const element = document.createElement("p");
  element.dataset.device = "/devices/display/lobby/report";
  window.heard = [];
  window.device = Device.of(element);
  window.device.addEventListener("command", ({ detail }) => window.heard.push(detail));
}"""


def _routes(frame: Frame) -> list[Route]:
    def place(_request: Request) -> Place:
        return Place(LOBBY, frame.engine.zone("hall"), "/wall")

    @public
    async def wall(_request: Request) -> Response:
        return Response("the wall", media_type="text/plain")

    return [resource("/wall/enrol", enrolment(frame, place)), Route("/wall", wall)]


@dataclass
class House:
    office: WebOffice
    url: str
    browser: Browser
    context: BrowserContext

    async def enrolment(self, **context: Any) -> Page:
        page = await (await self.browser.new_context(**context)).new_page()
        await page.goto(f"{self.url}/wall/enrol?lang=en")
        return page

    async def device(self) -> Page:
        page = await self.enrolment()
        await page.evaluate(_DEVICE)
        return page

    async def seen(self) -> Attendance:
        return await self.office.frame.attendance.attendance(LOBBY)


@pytest_asyncio.fixture(loop_scope="session")
async def house(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[House]:
    listener = free_listener()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    walls = Face("walls", "queue_core.web", _routes)
    async with (
        open_web_office(valkey_url, tmp_path, faces=[walls]) as office,
        serving(office.app, listener),
        left_empty(browser),
    ):
        yield House(office, url, browser, await browser.new_context())


async def test_a_waiting_screen_goes_on_by_itself_as_soon_as_its_code_is_approved(house: House) -> None:
    page = await house.enrolment()
    code = page.locator("[data-part=code]")
    await expect(code).not_to_have_text("…")
    assert await house.office.frame.watch.letting_in.approve(LOBBY, await code.inner_text(), ADMIN) == "approved"
    await expect(page.get_by_text("the wall")).to_be_visible()
    assert page.url == f"{house.url}/wall?lang=en"
    assert [c["name"] for c in await page.context.cookies() if c["httpOnly"]] == ["wartezone_device"]


async def test_codes_that_became_void_are_replaced_on_the_screen(house: House) -> None:
    page = await house.enrolment()
    code = page.locator("[data-part=code]")
    await expect(code).not_to_have_text("…")
    before = await code.inner_text()
    for _ in range(5):
        await house.office.frame.watch.letting_in.approve(LOBBY, "AAAAAAAA", ADMIN)
    await expect(code).not_to_have_text(before)


@pytest.mark.parametrize("width", [320, 1920], ids=["small", "wall"])
async def test_the_code_fits_and_axe_finds_nothing(house: House, width: int) -> None:
    page = await house.enrolment(viewport={"width": width, "height": 800})
    await expect(page.locator("[data-part=code]")).not_to_have_text("…")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await violations(page) == []


async def test_a_changed_fact_is_told_at_once(house: House) -> None:
    page = await house.device()
    await eventually(house.seen)
    await page.evaluate("device.tell({ audio: 'suspended', volume: 20 })")
    await page.evaluate("device.tell({ audio: 'running' })")

    async def is_told() -> bool:
        facts = (await house.seen()).facts
        return (facts.get("audio"), facts.get("volume")) == ("running", 20) and "clock_ms" in facts

    assert await eventually(is_told)


async def test_a_command_is_heard_once_and_confirmed(house: House) -> None:
    page = await house.device()
    await house.office.frame.attendance.command("display", "lobby", "volume", 30, "staff:x")

    async def is_done() -> bool:
        await page.evaluate("device.tell({ volume: Math.floor(Math.random() * 100) })")
        given = await house.office.frame.attendance.present()
        return [o.state for p in given if p.name == LOBBY for o in p.orders] == [OrderState.DONE]

    assert await eventually(is_done, within_s=20)
    assert await page.evaluate("heard") == [{"name": "volume", "value": 30}]


async def test_a_page_that_reloads_because_it_was_told_to_does_so_once_and_says_so(house: House) -> None:
    page = await house.device()
    await page.evaluate("device.addEventListener('command', () => location.reload())")
    await house.office.frame.attendance.command("display", "lobby", "reload", None, "staff:x")
    async with page.expect_event("load", timeout=20_000):
        await page.evaluate("device.tell({ volume: 1 })")
    await page.evaluate(_DEVICE)

    async def is_done() -> bool:
        given = await house.office.frame.attendance.present()
        return [o.state for p in given if p.name == LOBBY for o in p.orders] == [OrderState.DONE]

    assert await eventually(is_done, within_s=20)
    assert await page.evaluate("heard") == []
