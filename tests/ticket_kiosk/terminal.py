"""A kiosk in real Chromium, and what its tests do there and look at."""

import asyncio
import datetime
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Position, expect

from queue_core.domain.calendar import iso
from queue_core.domain.devices import Devices, KioskPlace
from queue_core.domain.office import Topic, Zone
from queue_core.estimate.forecast import Forecast, Range
from queue_core.store.estimates import Estimates
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import NEW, SHORT, text, zone
from ticket_kiosk.face import face

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
TARGET_MM = 20
CORNER: Position = {"x": 15, "y": 15}
PIN = "4829"
INCHES = 15.6
SCAN_S = 0.005
CODE = "K7M2PRTX"
MINUTE_MS = 60_000

CLIPPED = """() => [...document.querySelectorAll(".kiosk h1, .kiosk p, .kiosk button, .kiosk dd, .kiosk-choice__name")]
  .filter((e) => e.checkVisibility() && !e.closest(".wz-visually-hidden") && !e.matches(".wz-visually-hidden"))
  .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display !== "inline"
    || e.getBoundingClientRect().left < -1 || e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""


@dataclass(slots=True)
class Terminal:
    page: Page
    context: BrowserContext
    office: WebOffice

    async def choose(self, service: str = "new") -> None:
        await self.page.locator(f"[data-service={service}]").click()

    async def draw(self) -> None:
        """Away from where the service was touched: a second touch there would count for the screen before."""
        await self.page.get_by_role("button", name="Nummer ziehen").click(position=CORNER)

    async def estimate(self, p10_s: int, p90_s: int, ahead: int) -> None:
        """As if an estimator said so of every service."""
        zone = self.office.zone
        said = Range(p10_s, (p10_s + p90_s) // 2, p90_s, "simulation")
        forecast = Forecast(
            self.office.hub.now_ms(zone.id),
            self.office.hub.snapshot(zone.id).seq,
            services=dict.fromkeys(zone.services, said),
            ahead=dict.fromkeys(zone.services, ahead),
        )
        await Estimates(self.office.store.client, zone.id, lease_s=5).publish(forecast.to_json())

    async def drawn_numbers(self) -> int:
        snapshot, _ = await self.office.engine.read(self.office.zone.id)
        return snapshot.issued_today()


@asynccontextmanager
async def open_terminal(
    browser: Browser, url: str, data: Path, size: tuple[int, int] = PORTRAIT, **options: object
) -> AsyncIterator[Terminal]:
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(open_web_office(url, data, faces=[face], port=port))
        await stack.enter_async_context(serving(office.app, listener))
        await stack.enter_async_context(left_empty(browser))
        viewport = {"width": size[0], "height": size[1]}
        context = await browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/kiosk/entrance")
        await page.locator("[data-ready]").wait_for()
        yield Terminal(page, context, office)


async def smallest_target_mm(page: Page) -> float:
    """Height or width of the smallest visible button; infinite where there is none."""
    per_mm = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))")
    boxes = [await button.bounding_box() for button in await page.locator("button:visible").all()]
    return min((min(box["width"], box["height"]) for box in boxes if box), default=math.inf) / float(per_mm)


#: `open_visit`, told already where.
VisitOf = Callable[..., AbstractAsyncContextManager[Terminal]]


@asynccontextmanager
async def open_visit(
    browser: Browser,
    url: str,
    data: Path,
    size: tuple[int, int] = PORTRAIT,
    inches: float = INCHES,
    screen: tuple[int, int] | None = None,
    more: Sequence[Zone] = (),
    offered: tuple[str, ...] = (),
    hall: Zone | None = None,
    **options: Any,
) -> AsyncIterator[Terminal]:
    """`screen`: where it is another one than the window; `more`: zones that the kiosk draws for as well;
    `offered`: its languages; `hall`: its own zone, where that is another one."""
    hall = hall or zone(topics=(Topic("papers", text("Papers"), (SHORT,)),), day_starts=half_a_day_from_now())
    zones = (hall, *more)
    place = KioskPlace("entrance", tuple(each.id for each in zones), offered, pin=PIN, screen_inches=inches)
    listener = free_listener()
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        devices = Devices({"entrance": place})
        opened = open_web_office(url, data, *zones, faces=[face], port=port, devices=devices)
        office = await stack.enter_async_context(opened)
        await stack.enter_async_context(serving(office.app, listener))
        await stack.enter_async_context(left_empty(browser))
        viewport, whole = ({"width": wide, "height": high} for wide, high in (size, screen or size))
        context = await browser.new_context(viewport=viewport, screen=whole, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/kiosk/entrance")
        await page.locator("[data-ready]").wait_for()
        yield Terminal(page, context, office)


async def scan(page: Page, code: str) -> None:
    """As fast as a scanner types, however slow the machine is: the keys bring their own times, and wait for nothing."""
    tools = await page.context.new_cdp_session(page)
    began_s = time.time()
    keys = [{"key": each, "text": each} for each in code] + [{"key": "Enter", "code": "Enter", "text": "\r"}]
    events = [
        tools.send("Input.dispatchKeyEvent", {"type": kind, "timestamp": began_s + at * SCAN_S, **key})
        for at, key in enumerate(keys)
        for kind in ("keyDown", "keyUp")
    ]
    await asyncio.gather(*events)
    await tools.detach()


async def book(visit: Terminal, in_minutes: int) -> None:
    office = visit.office
    slot = iso(office.zone, office.hub.now_ms(office.zone.id) + in_minutes * MINUTE_MS)
    body = {"booking": CODE, "service": NEW, "visitor_class": "appointment", "slot_at": slot}
    assert (await office.command("bookings", body)).status_code == 201


def half_a_day_from_now() -> datetime.time:
    """No appointment near now lies in another business day then, whatever hour it is."""
    now = datetime.datetime.now(zone().time_zone)
    return datetime.time((now.hour + 12) % 24)


async def on_screen(page: Page, name: str) -> None:
    await expect(page.locator("[data-kiosk]")).to_have_attribute("data-screen", name)


async def looks_right(page: Page) -> None:
    assert await violations(page) == []
    assert await smallest_target_mm(page) >= TARGET_MM
    assert await page.evaluate(CLIPPED) == []
