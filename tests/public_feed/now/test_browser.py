"""The public page in real Chromium: live with scripts, whole without, small and with nothing from elsewhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, expect

from public_feed.legal.pages import NAMES
from public_feed.now.search import FEW
from queue_core.domain.quality import Quality
from queue_core.estimate.forecast import Later
from queue_core.web.words import ORDER
from tests.public_feed import offering
from tests.public_feed.now.weeks import rhythm
from tests.public_feed.street import Street, open_street
from tests.support.axe import violations
from tests.support.eventually import eventually
from tests.support.zones import zone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST_VIEW_MOST_BYTES = 80_000
SMALL = {"width": 320, "height": 640}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATHS = ("/", "/z/hall", "/z/hall/week", *(f"/{name}" for name in NAMES))


async def open_chart(page: Page) -> None:
    """And waits until it can be read at each time."""
    await page.locator("[data-chart] > summary").first.click()
    await expect(page.locator("[data-reading] input").first).to_be_visible()
    await expect(page.locator("[data-said=time]").first).not_to_be_empty()


async def test_the_public_page_is_live(street: Street) -> None:
    page = await street.page("/")
    new = page.locator("[data-service=new]")
    await expect(new.get_by_text("Niemand wartet")).to_be_visible()
    await street.draw()
    await expect(new.get_by_text("1 Person wartet")).to_be_visible()
    await street.counter("open", "call-next")
    await expect(new.locator("[data-field=last]")).to_have_text("A001")
    await expect(new.get_by_text("1 Schalter offen")).to_be_visible()


async def test_without_scripts_the_public_page_is_whole(street: Street) -> None:
    await street.draw()
    page = await street.page("/", java_script_enabled=False)
    await expect(page.locator("[data-service=new]").get_by_text("1 Person wartet")).to_be_visible()
    await expect(page.get_by_text("Geöffnet")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def offering_street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    """With all that an office can offer."""
    given: dict[str, Any] = {"faces": offering.FACES, "site": offering.SITE}
    async with open_street(browser, valkey_url, tmp_path, offering.ZONE, **given) as opened:
        yield opened


async def test_the_first_view_is_small_with_all_that_an_office_can_offer(offering_street: Street) -> None:
    await offering_street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short"))
    for language in ORDER:
        assert await first_view_bytes(offering_street, language) < FIRST_VIEW_MOST_BYTES, language


async def first_view_bytes(street: Street, language: str) -> int:
    """For somebody who has nothing of it yet."""
    page = await street.page("")
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    await page.goto(f"{street.address}/?lang={language}", wait_until="load")
    await page.evaluate("document.fonts.ready")
    await eventually(lambda: len(finished) >= 6)
    assert await page.locator(".public-ways__way").count() == len(offering.WAYS)
    sizes = [await request.sizes() for request in list(finished)]
    await page.context.close()
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


async def test_what_else_can_be_done_from_home_is_seen_first(offering_street: Street) -> None:
    page = await offering_street.page("", viewport=SMALL)
    for language in ("de", "ar"):
        await page.goto(f"{offering_street.address}/?lang={language}")
        await expect(page.locator(".public-ways__way").last).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
        await axe_finds_nothing(page)


async def axe_finds_nothing(*pages: Page) -> None:
    """By day and by night."""
    for page in pages:
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await violations(page) == [], f"{scheme}: {page.url}"


@pytest.mark.parametrize("path", [*PATHS, "/t/nonsense"])
async def test_nothing_comes_from_elsewhere(street: Street, path: str) -> None:
    page = await street.page("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}{path}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [url for url in asked if not url.startswith((street.address, "data:"))] == []
    assert await page.context.cookies() == []


async def test_the_chart_is_loaded_when_it_is_opened_and_can_be_read_with_keys(street: Street) -> None:
    await street.office.remember(rhythm=rhythm("new", opens=0, closes=96))
    page = await street.page("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}/z/hall", wait_until="networkidle")
    assert not any("uplot" in url for url in asked)
    await open_chart(page)
    assert any("uPlot.esm.js" in url for url in asked)
    time = page.get_by_role("slider", name=re.compile("Uhrzeit"))
    await time.focus()
    await page.keyboard.press("Home")
    await expect(page.locator("[data-said=time]")).to_have_text("00:00")
    for _ in range(40):
        await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-said=time]")).to_have_text("10:00")
    await expect(time).to_have_attribute("aria-valuetext", re.compile("10:00.*üblich.*20–75"))


async def test_without_scripts_the_drawing_and_its_table_are_there(street: Street) -> None:
    await street.office.remember(rhythm=rhythm("new", opens=0, closes=96))
    page = await street.page("/z/hall", java_script_enabled=False)
    await page.locator("[data-chart] > summary").click()
    await expect(page.locator("svg.usual-chart__picture")).to_be_visible()
    await page.locator("[data-chart] .usual-table > summary").click()
    await expect(page.get_by_role("row", name=re.compile("10:00"))).to_be_visible()


async def test_the_list_of_many_zones_follows_what_is_typed(browser: Browser, valkey_url: str, tmp_path: Path) -> None:
    zones = [zone("hall" if n == 0 else f"z{n}", name={"de": f"Straße {n}"}) for n in range(FEW + 1)]
    async with open_street(browser, valkey_url, tmp_path, *zones) as street:
        page = await street.page("/")
        await page.get_by_role("searchbox").fill("STRASSE 3")
        await expect(page.locator("[data-zone]:visible")).to_have_count(1)
        await page.get_by_role("searchbox").fill("nirgends")
        await expect(page.get_by_role("status").get_by_text("kürzeres Wort")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("searchbox").fill("")
        await expect(page.locator("[data-zone]:visible")).to_have_count(FEW + 1)


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_pages_to_read_are_accessible_and_fit_a_small_screen(street: Street, language: str) -> None:
    page = await street.page("", viewport=SMALL)
    for name in NAMES:
        await page.goto(f"{street.address}/{name}?lang={language}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        await axe_finds_nothing(page)


async def test_every_page_is_accessible(street: Street) -> None:
    own, home, over = [await street.page(path) for path in (await street.draw(), "/", "/t/nonsense")]
    await axe_finds_nothing(own, home, over)
    await street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short", opens=0, closes=96))
    usual = await street.page("/")
    await open_chart(usual)
    week = await street.page("/z/hall/week")
    await week.locator(".usual-table summary").first.click()
    await street.estimate(1500, 2400, Later.OVERTAKEN)
    await expect(own.locator(".own-news").get_by_text("länger geworden")).to_be_visible()
    await axe_finds_nothing(usual, week, own)
    await street.counter("open", "call-next")
    await expect(own.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await axe_finds_nothing(own)


async def test_a_wide_page_does_not_scroll_sideways(street: Street) -> None:
    await street.office.remember(rhythm=rhythm("new", "short", opens=0, closes=96))
    narrow = await street.page("/z/hall/week", viewport={"width": 320, "height": 640})
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    narrow = await street.page("/", viewport={"width": 320, "height": 640})
    await open_chart(narrow)
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
