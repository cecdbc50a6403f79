"""The preview in real Chromium: pictures that have loaded, no barrier."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.web_office import open_web_office
from tests.support.web_server import free_listener, serving
from ticket_kiosk.face import face

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_LOADED = "image => image.complete && image.naturalWidth === 576"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_shows_each_language_and_has_no_barrier(
    browser: Browser, valkey_url: str, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    listener = free_listener()
    async with (
        open_web_office(valkey_url, tmp_path, faces=[face]) as office,
        serving(office.app, listener),
        left_empty(browser),
    ):
        context = await browser.new_context(color_scheme=scheme, locale="de-DE")
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{listener.getsockname()[1]}/kiosk/entrance/paper")
        pictures = page.locator(".papers__picture")
        await expect(pictures).to_have_count(len(office.zone.languages))
        for number in range(await pictures.count()):
            await pictures.nth(number).evaluate("image => image.decode()")
            assert await pictures.nth(number).evaluate(_LOADED)
        await page.get_by_label("Art der Wartemarke").select_option("copy")
        await page.get_by_role("button", name="Anzeigen").click()
        await expect(page).to_have_url(re.compile("kind=copy"))
        assert await violations(page) == []
