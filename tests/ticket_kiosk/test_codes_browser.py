"""Codes at the kiosk in real Chromium: scanned, typed, early, late, missed."""

import pytest
from playwright.async_api import expect

from queue_core.domain.model import TicketId
from tests.support.axe import violations
from tests.ticket_kiosk.terminal import CODE, Terminal, book, looks_right, on_screen, scan

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


#: Longer than what parts a scanner's keys from a person's.
BUSY_AT_EVERY_KEY = """() => addEventListener("keydown", () => {
  const until = performance.now() + 120;
  while (performance.now() < until);
})"""


async def test_the_scanner_is_understood_on_every_screen_before_a_draw(visit: Terminal) -> None:
    page = visit.page
    await book(visit, 10)
    await scan(page, CODE)
    await expect(page.locator("#ticket")).to_have_text("A001")
    await expect(page.locator("[data-field=remark]")).to_contain_text("Ihr Termin")
    await page.get_by_role("button", name="Fertig").click()
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    await scan(page, CODE)
    await expect(page.get_by_role("heading", name="Sie sind schon angemeldet")).to_be_visible()
    await expect(page.locator("[data-came-number]")).to_have_text("A001")


async def test_a_code_is_one_code_also_where_the_page_is_busy_between_its_keys(visit: Terminal) -> None:
    await book(visit, 10)
    await visit.page.evaluate(BUSY_AT_EVERY_KEY)
    await scan(visit.page, CODE)
    await expect(visit.page.locator("#ticket")).to_have_text("A001")


async def test_who_is_early_is_told_when_to_come_and_draws_nothing(visit: Terminal) -> None:
    await book(visit, 180)
    await scan(visit.page, CODE)
    await expect(visit.page.get_by_role("heading", name="Sie sind früh dran")).to_be_visible()
    await expect(visit.page.get_by_text("Anmelden können Sie sich hier ab")).to_be_visible()
    assert await visit.drawn_numbers() == 0
    await looks_right(visit.page)


async def test_who_is_late_gets_a_number_and_is_told_what_it_means(visit: Terminal) -> None:
    await book(visit, -60)
    await scan(visit.page, CODE)
    await expect(visit.page.locator("#ticket")).to_have_text("A001")
    await expect(visit.page.locator("[data-field=remark]")).to_contain_text("Sie kommen zu spät")
    await looks_right(visit.page)


async def test_time_to_type_a_code_is_told_extended_by_a_touch_and_wiped_at_its_end(visit: Terminal) -> None:
    page = visit.page
    await page.clock.install()
    await page.reload()
    await page.locator("[data-ready]").wait_for()
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    await page.locator("[data-letter=K]").click()
    await page.clock.run_for(21_000)
    await expect(page.locator("[data-field=countdown]")).to_contain_text("schließt in")
    await looks_right(page)
    await page.get_by_role("button", name="Mehr Zeit").click()
    await expect(page.locator("[data-countdown]")).to_be_hidden()
    await expect(page.locator("[data-typed]")).to_have_value("K")
    await page.clock.run_for(46_000)
    await on_screen(page, "start")
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    await expect(page.locator("[data-typed]")).to_have_value("")


async def test_a_code_is_typed_on_the_screen_and_a_wrong_one_may_be_tried_anew(visit: Terminal) -> None:
    page = visit.page
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.get_by_role("button", name="Ich habe einen Termin oder eine Nummer").click()
    for letter in "ABC23":
        await page.locator(f"[data-letter='{letter}']").click()
    await page.get_by_role("button", name="Letztes Zeichen löschen").click()
    await expect(page.locator("[data-typed]")).to_have_value("ABC2")
    await page.get_by_role("button", name="Anmelden").click()
    await expect(page.get_by_role("heading", name="Diesen Code kennen wir nicht")).to_be_visible()
    assert said == [], "a mistyped code is no fault of the page"
    assert await violations(page) == []
    await page.get_by_role("button", name="Anderen Code versuchen").click()
    await expect(page.locator("[data-typed]")).to_have_value("")


async def test_a_missed_visitor_shows_the_ticket_and_is_back(visit: Terminal) -> None:
    office = visit.office
    ticket = await office.draw()
    for step in ("open", "call-next", "miss"):
        await office.command(f"counters/1/{step}")
    await scan(visit.page, office.frame.absolute(office.frame.links.path(office.zone.id, TicketId(ticket["id"]))))
    await expect(visit.page.get_by_role("heading", name="Sie sind wieder in der Warteschlange")).to_be_visible()
    await expect(visit.page.get_by_text("Sie sind als Nächstes dran")).to_be_visible()
