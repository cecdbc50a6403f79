"""The widget in real Chromium, within a page of another origin that allows no more than it must."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from public_feed.widget.face import face
from queue_core.web.words import ORDER
from tests.public_feed.street import PHONE
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: What a page of somebody else must allow, and not a word more; `require-trusted-types-for` as the strictest do.
POLICY = (
    "default-src 'none'; script-src {ours}; connect-src {ours}; frame-src {ours}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>City</title>
<script type="module" src="{ours}/widget/v1.js"></script></head><body><main><h1>City</h1>
<wartezone-waits zone="{zone}" {attributes}><p>loading</p></wartezone-waits>
<iframe src="{ours}/widget/{zone}?lang={language}" title="Frame" width="360" height="420"></iframe>
</main></body></html>"""


class City:
    """A foreign site on another port, and the house that it shows."""

    def __init__(self, office: WebOffice, ours: str, theirs: str, browser: Browser) -> None:
        self.office, self.ours, self.theirs, self.browser = office, ours, theirs, browser

    async def page(self, path: str, **options: Any) -> Page:
        context = await self.browser.new_context(**{"locale": "de-DE", "viewport": PHONE, **options})
        page = await context.new_page()
        await page.clock.install()
        await page.goto(path)
        return page

    async def foreign(self, language: str = "de", zone: str = "hall", attributes: str = "", **options: Any) -> Page:
        query = f"language={language}&zone={zone}&attributes={attributes}"
        return await self.page(f"{self.theirs}/?{query}", **options)


@asynccontextmanager
async def foreign_site(ours: str) -> AsyncIterator[str]:
    async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        asked = {"language": "de", "zone": "hall", "attributes": "", **dict(parse_qsl(scope["query_string"].decode()))}
        policy = POLICY.format(ours=ours).encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", policy)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE.format(ours=ours, **asked).encode()})

    listener = free_listener()
    async with serving(app, listener):  # type: ignore[arg-type]
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest_asyncio.fixture(loop_scope="session")
async def city(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[City]:
    listener = free_listener()
    ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with (
        open_web_office(valkey_url, tmp_path, faces=[face], port=listener.getsockname()[1]) as office,
        serving(office.app, listener),
        foreign_site(ours) as theirs,
        left_empty(browser),
    ):
        yield City(office, ours, theirs, browser)


async def test_a_foreign_page_with_a_strict_policy_shows_both_and_breaks_nothing(city: City) -> None:
    context = await city.browser.new_context(locale="de-DE")
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{city.theirs}/?language=de")
    await expect(page.locator("wartezone-waits").get_by_text("Niemand wartet").first).to_be_visible()
    await expect(page.frame_locator("iframe").get_by_text("Niemand wartet").first).to_be_visible()
    assert said == []
    assert {url.split("/")[2] for url in asked} == {city.ours.split("/")[2], city.theirs.split("/")[2]}
    assert await context.cookies() == []


async def test_it_is_live(city: City) -> None:
    page = await city.foreign()
    await expect(page.locator("wartezone-waits").get_by_text("Niemand wartet").first).to_be_visible()
    await city.office.draw()

    async def shown() -> bool:
        await page.clock.run_for(30_000)
        await expect(page.locator("wartezone-waits").get_by_text("1 Person wartet")).to_have_count(1, timeout=1_000)
        return True

    await eventually(shown, within_s=20)


async def test_it_says_when_it_is_old_and_hides_waits_that_are_too_old(city: City) -> None:
    page = await city.foreign()
    widget = page.locator("wartezone-waits")
    await expect(widget.get_by_text("Niemand wartet").first).to_be_visible()
    await page.route("**/widget/v1/**", lambda route: route.abort())
    await page.clock.run_for(60_000)
    await expect(widget.get_by_role("status")).to_be_visible()
    await page.clock.run_for(60_000)
    await expect(widget.get_by_text("Niemand wartet").first).to_be_hidden()


@pytest.mark.parametrize("language", ORDER)
async def test_it_speaks_every_language_and_knows_its_direction(city: City, language: str) -> None:
    page = await city.foreign(language)
    section = page.locator("wartezone-waits section")
    await expect(section).to_have_attribute("lang", language)
    await expect(section).to_have_css("direction", "rtl" if language in ("ar", "fa") else "ltr")
    assert await violations(page, "wartezone-waits") == []


async def test_a_way_of_speaking_that_it_does_not_know_falls_back(city: City) -> None:
    page = await city.foreign(attributes='lang="en-GB"')
    await expect(page.locator("wartezone-waits section")).to_have_attribute("lang", "en")
    other = await city.foreign(attributes='lang="xx"')
    await expect(other.locator("wartezone-waits section")).to_have_attribute("lang", "de")


async def test_a_zone_that_is_not_there_leaves_what_the_page_wrote(city: City) -> None:
    page = await city.foreign(zone="nowhere")
    await expect(page.get_by_text("loading")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_its_colours_are_chosen_and_can_be_set(city: City, theme: str) -> None:
    page = await city.page(f"{city.ours}/widget/hall?lang=de&theme={theme}")
    section = page.locator("wartezone-waits section")
    colour = "rgb(22, 29, 49)" if theme == "dark" else "rgb(255, 255, 255)"
    await expect(section).to_have_css("background-color", colour)
    assert await violations(page) == []
    await page.evaluate("document.documentElement.style.setProperty('--wartezone-background', 'rgb(1, 2, 3)')")
    await expect(section).to_have_css("background-color", "rgb(1, 2, 3)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "ar"])
async def test_the_workshop_is_accessible(city: City, language: str, scheme: str) -> None:
    page = await city.page(f"{city.ours}/widget?lang={language}", color_scheme=scheme)
    await expect(page.locator("wartezone-waits section")).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_choice_in_the_workshop_shows_at_once(city: City) -> None:
    page = await city.page(f"{city.ours}/widget?lang=de")
    await page.get_by_role("combobox", name="Sprache").select_option("tr")
    await expect(page.locator("[data-code]").first).to_contain_text('lang="tr"')
    await expect(page.locator("wartezone-waits section")).to_have_attribute("lang", "tr")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Wartezeiten auf Ihrer Seite")
