"""The kiosk in real Chromium: two touches to a number, once, also when the network goes away in between."""

import pytest
from playwright.async_api import Route, expect

from tests.ticket_kiosk.terminal import Terminal

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BACK_WITHIN_MS = 15_000


async def test_two_touches_lead_to_a_number(terminal: Terminal) -> None:
    await terminal.choose()
    await expect(terminal.page.get_by_role("heading", name="New")).to_be_visible()
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    await expect(terminal.page.locator("[data-qr]")).to_be_visible()


async def test_the_ticket_says_how_many_are_before_and_how_long_it_takes(terminal: Terminal) -> None:
    await terminal.office.draw("new")
    await terminal.estimate(600, 1500, ahead=1)
    new = terminal.page.locator("[data-service=new]")
    await expect(new.get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(new.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()
    await terminal.choose()
    confirm = terminal.page.locator("[data-on=confirm]").first
    await expect(confirm.get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(confirm.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()
    await terminal.draw()
    ticket = terminal.page.locator("[data-on=ticket]")
    await expect(ticket.get_by_text("etwa 1 Person vor Ihnen")).to_be_visible()


async def test_on_paper_it_is_one_receipt_and_nothing_else(terminal: Terminal) -> None:
    page = terminal.page
    await terminal.choose()
    await terminal.draw()
    await expect(page.locator("#ticket")).to_have_text("A001")
    paper = page.locator("[data-receipt]")
    await expect(paper).to_be_hidden()
    await page.emulate_media(media="print")
    await expect(paper.get_by_text("A001")).to_be_visible()
    await expect(paper.locator("img")).to_be_visible()
    await expect(page.get_by_role("button", include_hidden=False)).to_have_count(0)
    assert (await page.pdf(prefer_css_page_size=True)).count(b"/Type /Page\n") == 1


async def test_a_double_tap_draws_one_number(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.page.get_by_role("button", name="Nummer ziehen").dblclick()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    assert await terminal.drawn_numbers() == 1


async def test_a_draw_whose_answer_got_lost_is_asked_for_again_and_draws_no_second_number(terminal: Terminal) -> None:
    lost: list[str] = []

    async def lose_first_answer(route: Route) -> None:
        if lost:
            await route.continue_()
            return
        answer = await route.fetch()
        lost.append(await answer.text())
        await route.abort()

    await terminal.page.route("**/tickets*", lose_first_answer)
    await terminal.choose()
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001", timeout=BACK_WITHIN_MS)
    assert lost
    assert await terminal.drawn_numbers() == 1


async def test_without_network_a_begun_draw_is_finished_with_one_number_when_it_is_back(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.context.set_offline(True)
    await terminal.page.get_by_role("heading", name="Bitte gehen Sie zum Empfang").wait_for()
    await terminal.context.set_offline(False)
    await expect(terminal.page.get_by_role("button", name="Nummer ziehen")).to_be_visible(timeout=BACK_WITHIN_MS)
    await terminal.draw()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001", timeout=BACK_WITHIN_MS)
    assert await terminal.drawn_numbers() == 1


async def test_a_tablet_without_an_agent_sends_people_to_the_reception_while_the_server_is_away(
    terminal: Terminal,
) -> None:
    await terminal.context.set_offline(True)
    await expect(terminal.page.get_by_role("heading", name="Bitte gehen Sie zum Empfang")).to_be_visible()
    await expect(terminal.page.locator("[data-service]:visible")).to_have_count(0)
    await terminal.context.set_offline(False)
    await expect(terminal.page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()


async def test_the_next_visitor_finds_nothing_of_the_last_one(terminal: Terminal) -> None:
    await terminal.page.get_by_role("button", name="English").click()
    await terminal.choose()
    await terminal.page.get_by_role("button", name="Draw number").click()
    await expect(terminal.page.locator("#ticket")).to_have_text("A001")
    await terminal.page.get_by_role("button", name="Done").click()
    await expect(terminal.page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()
    assert "A001" not in await terminal.page.locator("[data-kiosk]").inner_html()


async def test_time_is_told_can_be_extended_and_wipes_the_screen_at_its_end(terminal: Terminal) -> None:
    page = terminal.page
    await page.clock.install()
    await page.reload()
    await page.locator("[data-ready]").wait_for()
    await terminal.choose()
    await terminal.draw()
    await expect(page.locator("#ticket")).to_have_text("A001")
    await page.clock.run_for(30_000)
    await expect(page.locator("[data-field=countdown]")).to_contain_text("schließt in 15 Sekunden")
    await page.get_by_role("button", name="Mehr Zeit").click()
    await expect(page.locator("[data-field=countdown]")).to_contain_text("schließt in 45 Sekunden")
    await page.clock.run_for(46_000)
    await expect(page.get_by_role("heading", name="Was möchten Sie erledigen?")).to_be_visible()


async def test_an_idle_kiosk_greets_in_every_language_until_somebody_touches_it(terminal: Terminal) -> None:
    page = terminal.page
    await page.clock.install()
    await page.reload()
    await page.locator("[data-ready]").wait_for()
    await page.clock.run_for(25_000)
    await expect(page.locator("[data-greeting]")).to_have_text("What brings you here?")
    await page.locator("[data-clock]").click()
    await expect(page.locator("[data-greeting]")).to_have_text("Was möchten Sie erledigen?")


async def test_the_queue_is_live(terminal: Terminal) -> None:
    await terminal.office.draw("short")
    short = terminal.page.locator("[data-service=short]")
    await expect(short.get_by_text("1 Person wartet")).to_be_visible()


async def test_a_stopped_service_cannot_be_chosen_and_says_so(terminal: Terminal) -> None:
    await terminal.office.command("services/new/close")
    stopped = terminal.page.locator("[data-service=new]")
    await expect(stopped).to_have_attribute("aria-disabled", "true")
    await expect(stopped.get_by_text("zurzeit keine Nummern")).to_be_visible()
    await stopped.click(force=True)
    await expect(terminal.page.locator("[data-kiosk]")).to_have_attribute("data-screen", "start")


async def test_a_service_that_stops_in_this_very_moment_is_explained(terminal: Terminal) -> None:
    await terminal.choose()
    await terminal.office.command("services/new/close")
    await terminal.draw()
    await expect(terminal.page.get_by_role("heading", name="Zurzeit keine Nummer")).to_be_visible()
    await expect(terminal.page.get_by_text("fragen Sie am Empfang")).to_be_visible()


async def test_it_works_by_keyboard_alone(terminal: Terminal) -> None:
    page = terminal.page
    await page.locator("[data-service=new]").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-kiosk]")).to_have_attribute("data-screen", "confirm")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Nummer ziehen")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#ticket")).to_have_text("A001")
