"""One's own application in real Chromium: live with scripts, whole without."""

import pytest
from playwright.async_api import Page, expect

from queue_core.casework.door import VIEW_IDLE_S
from queue_core.web.words import ORDER
from tests.public_feed.cases.conftest import learn, push
from tests.public_feed.street import Street
from tests.support.axe import TRIED_IN, violations
from tests.support.cases import NUMBER, PIN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MINUTE_MS = 60_000


async def entered(page: Page, pin: str = PIN) -> None:
    await page.get_by_label("Aktenzeichen").fill(NUMBER)
    await page.get_by_label("PIN").fill(pin)
    await page.get_by_role("button", name="Anzeigen").click()


async def opened(street: Street, **options: object) -> Page:
    page = await street.page("/status", **options)
    await entered(page)
    await expect(page.get_by_role("heading", name="Stufe checking")).to_be_visible()
    return page


async def live(page: Page) -> None:
    """Its script began: a clock that runs on before would run for nobody."""
    await expect(page.get_by_role("heading", name="Stufe checking")).to_be_visible()
    await expect(page.get_by_role("button", name="Drucken")).to_be_visible()


async def test_the_line_of_steps_says_what_is_done_now_and_to_come(street: Street) -> None:
    page = await opened(street)
    assert await page.locator("[data-progress]").evaluate_all("all => all.map(e => e.dataset.progress)") == [
        "done",
        "now",
        "ahead",
        "ahead",
    ]
    await expect(page.locator("[aria-current=step]")).to_contain_text("Jetzt")
    await expect(page.get_by_text("Mietvertrag")).to_be_visible()
    assert NUMBER not in page.url
    assert PIN not in page.url


async def test_form_and_result_are_free_of_faults_in_every_language(street: Street) -> None:
    await learn(street.office, "checking", *range(1, 11))
    page = await street.page("")
    for language in ORDER:
        await page.goto(f"{street.address}/status?lang={language}")
        await is_sound(page, language)
        await page.locator("#case").fill(NUMBER)
        await page.locator("#pin").fill(PIN)
        await page.locator("#pin").press("Enter")
        await expect(page.locator(".case__line")).to_be_visible()
        await is_sound(page, language)


async def is_sound(page: Page, language: str) -> None:
    where = f"{language}: {page.url}"
    assert await page.evaluate("document.documentElement.lang") == language
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    if language in TRIED_IN:
        assert await violations(page) == [], where


async def test_keys_alone_lead_there_and_away(street: Street) -> None:
    page = await street.page("/status")
    await page.locator("#main").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.type(NUMBER)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PIN)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Stufe checking")).to_be_visible()
    await page.get_by_role("button", name="Schließen").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Aktenzeichen")).to_have_value("")


async def test_a_wrong_pin_is_told_and_only_the_number_stays(street: Street) -> None:
    page = await street.page("/status")
    await entered(page, "99999")
    await expect(page.get_by_role("alert")).to_contain_text("haben wir nichts gefunden")
    await expect(page.get_by_label("Aktenzeichen")).to_have_value(NUMBER)
    await expect(page.get_by_label("PIN")).to_have_value("")
    assert await violations(page) == []


async def test_without_scripts_it_is_whole_reloads_and_closes(street: Street) -> None:
    page = await opened(street, java_script_enabled=False)
    await push(street.office, "deciding")
    await page.get_by_role("link", name="Neu laden").click()
    await expect(page.get_by_role("heading", name="Stufe deciding")).to_be_visible()
    await expect(page.get_by_role("button", name="Drucken")).to_be_hidden()
    address = page.url
    await page.get_by_role("button", name="Schließen").click()
    await page.goto(address)
    await expect(page.get_by_role("heading", name="Diese Seite ist geschlossen")).to_be_visible()


async def test_news_come_by_themselves_and_are_said(street: Street) -> None:
    page = await street.page("/status")
    await page.clock.install()
    await entered(page)
    await live(page)
    await push(street.office, "deciding")
    await page.clock.run_for(31_000)
    await expect(page.get_by_role("heading", name="Stufe deciding")).to_be_visible()
    await expect(page.locator("[data-spoken]")).to_have_text("Es gibt Neues zu Ihrem Antrag.")


async def test_a_lost_connection_is_told_and_found_again(street: Street) -> None:
    page = await street.page("/status")
    await page.clock.install()
    await entered(page)
    await live(page)
    await page.context.set_offline(True)
    await page.clock.run_for(31_000)
    await expect(page.get_by_text("Keine Verbindung")).to_be_visible()
    await page.context.set_offline(False)
    await page.clock.run_for(31_000)
    await expect(page.get_by_text("Keine Verbindung")).to_be_hidden()


async def test_the_page_warns_can_be_kept_open_and_wipes_itself(street: Street) -> None:
    page = await street.page("/status")
    await page.clock.install()
    await entered(page)
    await live(page)
    ending = page.get_by_text("Diese Seite schließt sich bald")
    await expect(ending).to_be_hidden()
    await page.clock.run_for(VIEW_IDLE_S * 1000 - MINUTE_MS)
    await expect(ending).to_be_visible()
    assert await violations(page) == []
    async with page.expect_navigation():
        await page.get_by_role("link", name="Offen lassen").click()
    await live(page)
    await expect(ending).to_be_hidden()
    await page.clock.run_for(VIEW_IDLE_S * 1000 + MINUTE_MS)
    await expect(page.get_by_text("Diese Seite wurde geschlossen")).to_be_visible()
    assert "Stufe checking" not in await page.content()
    assert await violations(page) == []


async def test_nothing_is_asked_of_anybody_else_and_nothing_is_kept(street: Street) -> None:
    context = await street.context()
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}/status")
    await entered(page)
    await expect(page.get_by_role("heading", name="Stufe checking")).to_be_visible()
    assert [url for url in asked if not url.startswith(street.address)] == []
    assert [url for url in asked if NUMBER in url or PIN in url] == []
    assert await context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
