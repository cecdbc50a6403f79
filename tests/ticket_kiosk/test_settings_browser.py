"""The way to the kiosk's settings in real Chromium, and what they do."""

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.web.words import languages
from tests.support.axe import violations
from tests.support.eventually import eventually
from tests.ticket_kiosk.terminal import CODE, PIN, Terminal, VisitOf, looks_right, on_screen, scan

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CLOSED = "Dieses Terminal ist außer Betrieb"
#: A page reports every five seconds.
WITHIN_MS = 15_000


async def open_settings(page: Page) -> None:
    await page.keyboard.type("+-+-+-", delay=120)
    await on_screen(page, "pin")
    await page.locator("[data-pin]").fill(PIN)
    await page.get_by_role("button", name="Einstellungen öffnen").click()
    await on_screen(page, "settings")


async def test_the_settings_open_by_keys_and_pin(visit: Terminal) -> None:
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


async def test_out_of_service_holds_over_a_reload_and_a_browser_that_forgets_until_it_is_put_back(
    visit: Terminal,
) -> None:
    page = visit.page
    await open_settings(page)
    await turn(page, is_out=True)
    await page.get_by_role("button", name="Fertig").click()
    await expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    await looks_right(page)
    await scan(page, CODE)
    await expect(page.locator("[data-service]:visible")).to_have_count(0)
    await page.evaluate("localStorage.clear(); sessionStorage.clear()")
    await page.reload()
    await expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    await open_settings(page)
    await turn(page, is_out=False)
    await page.get_by_role("button", name="Fertig").click()
    await on_screen(page, "start")


async def turn(page: Page, *, is_out: bool) -> None:
    button = page.get_by_role("button", name="Außer Betrieb")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", str(is_out).lower())


async def test_what_staff_do_at_the_device_page_is_seen_here_and_nobody_loses_a_number_by_it(visit: Terminal) -> None:
    page, attendance = visit.page, visit.office.frame.attendance
    await visit.choose()
    await visit.draw()
    await expect(page.locator("#ticket")).to_have_text("A001")
    await attendance.command("kiosk", "entrance", "out_of_service", None, "staff")
    await expect(page.locator("[data-kiosk]")).to_have_attribute("data-out", "yes", timeout=WITHIN_MS)
    await expect(page.locator("#ticket")).to_have_text("A001")
    await page.get_by_role("button", name="Fertig").click()
    await expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()

    async def is_told() -> bool:
        told = await attendance.attendance(DeviceName(DeviceKind.KIOSK, "entrance"))
        return told.facts.get("screen") == "closed"

    await eventually(is_told, within_s=20)
    await attendance.command("kiosk", "entrance", "in_service", None, "staff")
    await expect(page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible(timeout=WITHIN_MS)


async def test_a_page_that_has_not_heard_of_it_yet_is_refused_and_says_so(visit: Terminal) -> None:
    page = visit.page
    await page.route("**/devices/kiosk/**", lambda route: route.abort())
    await visit.choose()
    await visit.office.frame.attendance.command("kiosk", "entrance", "out_of_service", None, "staff")
    await visit.draw()
    await expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    assert await visit.drawn_numbers() == 0


async def test_out_of_service_is_said_in_every_language_of_the_house(visit_of: VisitOf) -> None:
    """Nobody can choose one there. Each stands in its own direction, the first as a heading."""
    spoken = languages("ticket_kiosk")
    async with visit_of(offered=spoken) as visit:
        page = visit.page
        await visit.office.frame.attendance.command("kiosk", "entrance", "out_of_service", None, "staff")
        await page.reload()
        await on_screen(page, "closed")
        said = page.locator("[data-every-language=closed] li")
        first = await page.locator("#closed").inner_text()
        told = {str(await each.get_attribute("lang")): await each.inner_text() for each in await said.all()}
        assert [*told] == list(spoken[1:])
        assert len({first, *told.values()}) == len(spoken)
        assert [tag for tag in told if await said.locator(f":scope:lang({tag})[dir=rtl]").count()] == ["ar", "fa"]
        await looks_right(page)


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
