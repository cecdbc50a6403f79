"""The kiosk's own page, loaded from the agent: a ticket on paper, with the server and without it."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import chromium
from tests.support.eventually import eventually
from tests.support.web_server import free_listener, serving
from tests.ticket_kiosk.agent.rig import Rig
from tests.ticket_kiosk.agent.test_codes import CODE, book
from tests.ticket_kiosk.terminal import scan
from ticket_kiosk.agent.app import app_of

pytestmark = pytest.mark.browser

WITHIN_MS = 30_000
#: The page draws itself while the agent's word is still on its way.
DRAWS_MEANWHILE = """
const json = Response.prototype.json;
Response.prototype.json = function () {
  dispatchEvent(new Event("online"));
  document.documentElement.dataset.drawn = "yes";
  return json.call(this);
};"""


async def draw(page: Page) -> str:
    """The number on the screen."""
    await page.locator('button[data-service="new"]').click(timeout=WITHIN_MS)
    confirm = page.locator('[data-do="draw"]')
    await confirm.click(timeout=WITHIN_MS)
    number = page.locator('[data-on~="ticket"] [data-field="number"]').first
    await number.wait_for(timeout=WITHIN_MS)
    return (await number.inner_text()).strip()


async def test_a_visitor_draws_with_the_server_and_without_it(rig: Rig, tmp_path: Path) -> None:
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)), chromium() as browser:
        page = await browser.new_page(viewport={"width": 1080, "height": 1920})
        await page.goto(f"http://127.0.0.1:{port}/")
        assert await draw(page) == "A001"
        await eventually(lambda: len(rig.printer.tickets) == 1, within_s=30)
        await page.screenshot(path=tmp_path / "paper.png")
        await rig.server_goes()
        await page.reload()
        assert await draw(page) == "N001"
        await eventually(lambda: len(rig.printer.tickets) == 2, within_s=30)
        await page.screenshot(path=tmp_path / "outage.png")


async def test_a_page_that_draws_itself_before_the_agent_has_spoken_goes_on(rig: Rig) -> None:
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)), chromium() as browser:
        page = await browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.add_init_script(DRAWS_MEANWHILE)
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.locator("html[data-drawn]").wait_for(timeout=WITHIN_MS)
        await page.locator("[data-kiosk][data-health=live]").wait_for(timeout=WITHIN_MS)
        assert faults == []


async def test_who_checks_in_takes_the_ticket_and_is_told_when_no_code_can_be_looked_at(rig: Rig) -> None:
    await book(rig)
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)), chromium() as browser:
        page = await browser.new_page(viewport={"width": 1080, "height": 1920})
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.locator("[data-ready]").wait_for(timeout=WITHIN_MS)
        await scan(page, CODE)
        await expect(page.get_by_text("Bitte nehmen Sie Ihre Wartemarke.")).to_be_visible(timeout=WITHIN_MS)
        assert len(rig.printer.tickets) == 1
        await page.locator('[data-on="ticket"] [data-do="start"]').click()
        await rig.server_goes()
        await expect(page.locator("[data-kiosk]")).to_have_attribute("data-health", "without", timeout=WITHIN_MS)
        await scan(page, CODE)
        await expect(page.get_by_role("heading", name="Bitte gehen Sie zum Empfang")).to_be_visible(timeout=WITHIN_MS)
        assert len(rig.printer.tickets) == 1
