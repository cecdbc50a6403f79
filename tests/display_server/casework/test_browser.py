"""The case page in real Chromium: free of faults, usable by keys."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from queue_core.casework.casework import Pushed
from queue_core.domain.cases import News
from queue_core.domain.principal import Role
from queue_core.domain.site import plain_site
from queue_core.web.face import load_faces
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.cases import MONDAY_MS, NUMBER, RULES
from tests.support.web_office import PASSWORD, open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import zone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Page]:
    """A supervisor's, on the case page."""
    listener = free_listener()
    port = listener.getsockname()[1]
    site = replace(plain_site({zone().id: zone()}), cases=RULES)
    async with AsyncExitStack() as stack:
        opened = open_web_office(valkey_url, tmp_path, faces=load_faces(["casework"]), site=site, port=port)
        office = await stack.enter_async_context(opened)
        await office.frame.cases.work.push([Pushed(NUMBER, News("checking", MONDAY_MS))], "test")
        await office.account("chief", Role.SUPERVISOR)
        await stack.enter_async_context(serving(office.app, listener))
        ours = await stack.enter_async_context(left_empty(browser))
        tab = await (await ours.new_context(locale="de-DE")).new_page()
        await tab.goto(f"http://127.0.0.1:{port}/login?next=/cases")
        await tab.locator("[name=login]").fill("chief")
        await tab.locator("[name=password]").fill(PASSWORD)
        await tab.locator("[name=password]").press("Enter")
        await expect(tab.get_by_role("heading", name="Anträge", exact=True)).to_be_visible()
        yield tab


async def test_a_case_is_found_corrected_and_erased_by_keys_alone(page: Page) -> None:
    assert await violations(page) == []
    await page.get_by_label("Aktenzeichen").focus()
    await page.keyboard.type(NUMBER)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Stufe checking")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Schritt", exact=True).select_option("deciding")
    await page.get_by_label("Lohnabrechnung").press("Space")
    await page.get_by_role("button", name="Speichern").press("Enter")
    await expect(page.get_by_role("heading", name="Stufe deciding")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="Lohnabrechnung")).to_be_visible()
    await page.get_by_text("Diesen Antrag hier löschen").press("Enter")
    assert await violations(page) == []
    await page.get_by_role("button", name="Löschen", exact=True).press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Der Antrag ist hier gelöscht.")


async def test_an_unknown_number_is_told_aloud(page: Page) -> None:
    await page.get_by_label("Aktenzeichen").fill("UNKNOWN")
    await page.get_by_role("button", name="Suchen").click()
    await expect(page.get_by_role("alert")).to_contain_text("nichts bekannt")
    assert await violations(page) == []
