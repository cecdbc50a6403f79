"""The way to the kiosk's settings in real Chromium, and what they do."""

import pytest
from playwright.async_api import expect

from tests.support.axe import violations
from tests.ticket_kiosk.terminal import CODE, PIN, Terminal, looks_right, on_screen, scan

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_settings_open_by_keys_and_pin_and_take_it_out_of_service(visit: Terminal) -> None:
    page = visit.page
    await page.keyboard.type("+-+-+-", delay=120)
    await on_screen(page, "pin")
    await page.locator("[data-pin]").fill("1")
    await page.get_by_role("button", name="Einstellungen öffnen").click()
    await expect(page.get_by_text("Diese PIN ist falsch.")).to_be_visible()
    await page.locator("[data-pin]").fill(PIN)
    await page.get_by_role("button", name="Einstellungen öffnen").click()
    await on_screen(page, "settings")
    assert await violations(page) == []
    await page.get_by_role("button", name="Probeticket drucken").click()
    await expect(page.get_by_text("Für dieses Anmeldeterminal ist kein Drucker eingerichtet.")).to_be_visible()
    await page.get_by_role("button", name="Außer Betrieb").click()
    await expect(page.get_by_role("button", name="Außer Betrieb")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Fertig").click()
    await expect(page.get_by_role("heading", name="Dieses Terminal ist außer Betrieb")).to_be_visible()
    await looks_right(page)
    await scan(page, CODE)
    await expect(page.locator("[data-service]:visible")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("heading", name="Dieses Terminal ist außer Betrieb")).to_be_visible()


async def test_the_clock_held_for_three_seconds_is_the_door_to_the_settings(visit: Terminal) -> None:
    page = visit.page
    await page.clock.install()
    await page.locator("[data-clock]").hover()
    await page.mouse.down()
    await page.clock.run_for(1_000)
    await page.mouse.up()
    await page.clock.run_for(4_000)
    await on_screen(page, "start")
    await page.mouse.down()
    await page.clock.run_for(3_100)
    await on_screen(page, "pin")
    await looks_right(page)
