"""The kiosk's own page, loaded from the agent: a ticket on paper, with the server and without it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browser import left_empty
from tests.support.eventually import eventually
from tests.support.web_server import free_listener, serving
from tests.ticket_kiosk.agent.rig import PACE, Rig, hall, open_rig
from tests.ticket_kiosk.agent.test_codes import CODE, book
from tests.ticket_kiosk.terminal import scan
from ticket_kiosk.agent.app import app_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WITHIN_MS = 30_000
START = "Was%20m%C3%B6chten%20Sie%20erledigen%3F"
NUMBER = "/speech/de.wav?text=N%200%200%205"
#: The page draws itself while the agent's word is still on its way.
DRAWS_MEANWHILE = """
const json = Response.prototype.json;
Response.prototype.json = function () {
  dispatchEvent(new Event("online"));
  document.documentElement.dataset.drawn = "yes";
  return json.call(this);
};"""


@pytest_asyncio.fixture(loop_scope="session")
async def rig(valkey_url: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """In the browser's event loop."""
    async with open_rig(valkey_url, tmp_path) as opened:
        await opened.ready()
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def empty_browser(browser: Browser) -> AsyncIterator[Browser]:
    async with left_empty(browser):
        yield browser


async def draw(page: Page) -> str:
    """The number on the screen."""
    await page.locator('button[data-service="new"]').click(timeout=WITHIN_MS)
    confirm = page.locator('[data-do="draw"]')
    await confirm.click(timeout=WITHIN_MS)
    number = page.locator('[data-on~="ticket"] [data-field="number"]').first
    await number.wait_for(timeout=WITHIN_MS)
    return (await number.inner_text()).strip()


async def test_a_visitor_draws_with_the_server_and_without_it(rig: Rig, empty_browser: Browser, tmp_path: Path) -> None:
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)):
        page = await empty_browser.new_page(viewport={"width": 1080, "height": 1920})
        await page.goto(f"http://127.0.0.1:{port}/")
        assert await draw(page) == "A001"
        await eventually(lambda: len(rig.printer.tickets) == 1, within_s=30)
        await page.screenshot(path=tmp_path / "paper.png")
        await rig.server_goes()
        await page.reload()
        waits = page.locator('[data-service] [data-field="wait"], [data-service] [data-field="ahead"]')
        await expect(page.locator('[data-note="emergency"]')).to_be_visible(timeout=WITHIN_MS)
        assert await waits.all_inner_texts() == [""] * await waits.count()
        assert await draw(page) == "N001"
        await eventually(lambda: len(rig.printer.tickets) == 2, within_s=30)
        await page.screenshot(path=tmp_path / "outage.png")


async def test_a_page_that_draws_itself_before_the_agent_has_spoken_goes_on(rig: Rig, empty_browser: Browser) -> None:
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)):
        page = await empty_browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.add_init_script(DRAWS_MEANWHILE)
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.locator("html[data-drawn]").wait_for(timeout=WITHIN_MS)
        await page.locator("[data-kiosk][data-health=live]").wait_for(timeout=WITHIN_MS)
        assert faults == []


async def test_who_checks_in_takes_the_ticket_and_is_told_when_no_code_can_be_looked_at(
    rig: Rig, empty_browser: Browser
) -> None:
    await book(rig)
    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with serving(app_of(rig.house, port), free_listener(port)):
        page = await empty_browser.new_page(viewport={"width": 1080, "height": 1920})
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


async def test_headphones_speak_in_an_outage(valkey_url: str, tmp_path: Path, empty_browser: Browser) -> None:
    """What was fetched ahead is heard; what only the moment knows is left out, and ends nothing."""
    german = replace(hall(), languages=("de",))
    async with open_rig(valkey_url, tmp_path, own=german, block=5, pace=replace(PACE, speech_s=0.01)) as rig:
        await rig.ready()
        await eventually(lambda: rig.house.copies.has_spoken(NUMBER), within_s=60)
        await rig.server_goes()
        await eventually(lambda: not rig.house.link.up, within_s=20)
        with free_listener() as listener:
            port = listener.getsockname()[1]
        async with serving(app_of(rig.house, port), free_listener(port)):
            page = await empty_browser.new_page(viewport={"width": 1080, "height": 1920})
            heard: dict[str, int] = {}
            page.on("response", lambda answer: heard.update({answer.url.partition("text=")[2]: answer.status}))
            await page.goto(f"http://127.0.0.1:{port}/")
            listen = page.locator(".kiosk-tools [data-do=listen]")
            await listen.click(timeout=WITHIN_MS)
            await eventually(lambda: START in heard, within_s=30)
            assert await draw(page) == "N001"
            await eventually(lambda: "N%200%200%201" in heard, within_s=60)
            spoken = {text: status for text, status in heard.items() if text}
            assert (spoken[START], spoken["N%200%200%201"]) == (200, 200)
            await expect(listen).to_have_attribute("aria-pressed", "true")
