"""One ticket's way over all screens, in real browsers on real processes; the server dies in between."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.support.hall import ZONE
from tests.support.browser import chromium
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.browser

WELCOME = re.compile(r"(/welcome\?code=\S+)")
COUNTER = "Schalter 1"
PASSWORD = "ein langer Satz, den niemand errät"
#: A screen waits up to 10 s between two attempts to come back, and a wall announces one call at a time.
RECOVERS_WITHIN_MS = 20_000


@dataclass(frozen=True, slots=True)
class Screens:
    """Each in a browser of its own, in German; `loads` counts how often a page was loaded."""

    kiosk: Page
    lobby: Page
    desk: Page
    home: Page
    loads: dict[Page, int]


async def test_a_ticket_is_drawn_called_shown_followed_and_counted_across_a_crash(office: OfficeProcess) -> None:
    office.start()
    async with chromium() as browser, screens(browser, office) as at:
        first = await draw(at.kiosk)
        second = await draw(at.kiosk)
        phone = await follow(browser, office, second.link)
        await expect(phone.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
        assert await calls_next(at, first.number)
        before = dict(at.loads)

        office.kill_both()
        office.start()
        assert await calls_next(at, second.number)
        for told in ("Bitte kommen", COUNTER):
            await expect(phone.get_by_text(told).filter(visible=True)).to_be_visible()
        await expect(at.home.locator("[data-last]", has_text=second.number)).to_be_visible()
        third = await draw(at.kiosk)
        assert third.number not in (first.number, second.number)
        assert at.loads == before, "every page recovered alone, without being loaded anew"
        assert counted(office) == {"waiting": 1, "serving": 1}


@dataclass(frozen=True, slots=True)
class Drawn:
    number: str
    link: str


@asynccontextmanager
async def screens(browser: Browser, office: OfficeProcess) -> AsyncIterator[Screens]:
    loads: dict[Page, int] = {}

    async def screen(path: str) -> Page:
        page = await german_page(browser, office)
        page.on("load", lambda loaded: loads.__setitem__(loaded, loads.get(loaded, 0) + 1))
        await page.goto(path)
        return page

    desk = await screen(invitation(office))
    await log_in(desk)
    yield Screens(await screen("/kiosk/entrance"), await screen("/lobby/lobby"), desk, await screen("/"), loads)


def invitation(office: OfficeProcess) -> str:
    """The one-time link that the server prints at its first start."""
    found = WELCOME.search(office.log())
    assert found, office.log_tail()
    return found[1]


async def log_in(desk: Page) -> None:
    await desk.get_by_label("Name").fill("chefin")
    for field in await desk.locator("input[type=password]").all():
        await field.fill(PASSWORD)
    await desk.get_by_role("button").last.click()
    await desk.get_by_role("link", name=COUNTER).first.click()
    await desk.get_by_role("button", name="Schalter öffnen").click()


async def draw(kiosk: Page) -> Drawn:
    """As a visitor does: what for, yes, read the number; the code beside it leads to one's own page."""
    screen = kiosk.locator("[data-kiosk]")
    await screen.locator("[data-service=question]").click()
    async with kiosk.expect_response(lambda answer: answer.status == httpx.codes.CREATED) as drawn:
        await screen.locator("[data-do=draw]").click()
    answer = await (await drawn.value).json()
    await expect(screen.locator("#ticket")).to_have_text(answer["number"])
    await expect(screen.locator("[data-qr]")).to_be_visible()
    await screen.locator("[data-on=ticket] [data-do=start]").click()
    return Drawn(answer["number"], answer["url"])


async def follow(browser: Browser, office: OfficeProcess, link: str) -> Page:
    page = await german_page(browser, office)
    await page.goto(link)
    return page


async def german_page(browser: Browser, office: OfficeProcess) -> Page:
    context = await browser.new_context(base_url=office.address, locale="de-DE")
    context.set_default_timeout(RECOVERS_WITHIN_MS)
    return await context.new_page()


async def calls_next(at: Screens, number: str) -> bool:
    """The clerk calls; desk and wall show the number."""
    await at.desk.locator("[data-part=next]").click()
    await expect(at.desk.locator("[data-part=held]", has_text=number)).to_be_visible()
    now = at.lobby.locator("[data-part=now]")
    await expect(now.get_by_text(number)).to_be_visible()
    await expect(now.get_by_text(COUNTER)).to_be_visible()
    return True


def counted(office: OfficeProcess) -> dict[str, int]:
    """What the feed says of the zone, over all services."""
    feed = httpx.get(f"{office.address}/feed/v1/waits.json").json()
    services = [s for zone in feed["data"]["zones"] if zone["id"] == ZONE for s in zone["services"]]
    return {name: sum(service[name] or 0 for service in services) for name in ("waiting", "serving")}
