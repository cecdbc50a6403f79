"""The public page in real Chromium: live with scripts, whole without, small and with nothing from elsewhere."""

import pytest
from playwright.async_api import Request, expect

from queue_core.domain.quality import Quality
from queue_core.estimate.forecast import Later
from queue_core.web.words import ORDER
from tests.public_feed.now.weeks import rhythm
from tests.public_feed.street import Street
from tests.support.axe import violations
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST_VIEW_MOST_BYTES = 100_000


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


@pytest.mark.parametrize("language", ORDER)
async def test_the_first_view_is_small(street: Street, language: str) -> None:
    await street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short"))
    page = await street.page("")
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    await page.goto(f"{street.address}/?lang={language}", wait_until="load")
    await page.evaluate("document.fonts.ready")
    await eventually(lambda: len(finished) >= 6)
    sizes = [await request.sizes() for request in list(finished)]
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < FIRST_VIEW_MOST_BYTES


async def test_nothing_comes_from_elsewhere(street: Street) -> None:
    page = await street.page("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}/")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [url for url in asked if not url.startswith((street.address, "data:"))] == []
    assert await page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_accessible(street: Street, scheme: str) -> None:
    own = await street.page(await street.draw(), color_scheme=scheme)
    home = await street.page("/", color_scheme=scheme)
    over = await street.page("/t/nonsense", color_scheme=scheme)
    assert [await violations(page) for page in (own, home, over)] == [[], [], []]
    await street.office.remember(Quality(tickets=200, within=162), rhythm("new", "short", opens=0, closes=96))
    usual = await street.page("/", color_scheme=scheme)
    await usual.locator(".public-usual summary").first.click()
    week = await street.page("/z/hall/week", color_scheme=scheme)
    await week.locator(".usual-table summary").first.click()
    await street.estimate(1500, 2400, Later.OVERTAKEN)
    await expect(own.locator(".own-news").get_by_text("länger geworden")).to_be_visible()
    assert [await violations(page) for page in (usual, week, own)] == [[], [], []]
    await street.counter("open", "call-next")
    await expect(own.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    assert await violations(own) == []


async def test_a_wide_page_does_not_scroll_sideways(street: Street) -> None:
    await street.office.remember(rhythm=rhythm("new", "short", opens=0, closes=96))
    narrow = await street.page("/z/hall/week", viewport={"width": 320, "height": 640})
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    narrow = await street.page("/", viewport={"width": 320, "height": 640})
    await narrow.locator(".public-usual summary").first.click()
    assert await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
