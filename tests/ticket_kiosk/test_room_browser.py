"""What the kiosk makes of its screen in real Chromium: a tall one is used, a small one has all that matters."""

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.model import SeriesId, ServiceId
from queue_core.domain.office import CounterPlace, Service, Zone
from queue_core.web.words import languages
from tests.support.zones import ONE, text, zone
from tests.ticket_kiosk.terminal import CLIPPED, PORTRAIT, Terminal, VisitOf, looks_right, on_screen
from tests.ticket_kiosk.test_looks_browser import highest_button
from tests.ticket_kiosk.test_visits_browser import with_agent

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TALL_INCHES = 21.5
SIZES = {
    "tiny": ((800, 480), 7.0),
    "small": ((1024, 768), 10.1),
    "plain": ((1280, 1024), 17.0),
    "wide": ((1920, 1080), 15.6),
}
INFO = "Bürgergeld zum ersten Mal beantragen"
FITS = "(() => { const at = document.querySelector('.kiosk'); return at.scrollHeight <= at.clientHeight; })()"


async def grown(page: Page) -> float:
    return float(await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--kiosk-grow')"))


async def height(page: Page, selector: str) -> float:
    box = await page.locator(selector).first.bounding_box()
    assert box
    return box["height"]


async def press(page: Page, deed: str) -> None:
    await page.evaluate(f"document.querySelector('[data-do={deed}]').click()")


async def test_on_a_tall_screen_what_has_room_grows_and_on_others_nothing_does(visit_of: VisitOf) -> None:
    async with visit_of(PORTRAIT, TALL_INCHES) as visit:
        assert await grown(visit.page) > 0
        await press(visit.page, "code")
        keys = await height(visit.page, "[data-letter]")
        assert await grown(visit.page) > 0
        await looks_right(visit.page)
    async with visit_of((1920, 1080), TALL_INCHES) as visit:
        assert await grown(visit.page) == 0
        await press(visit.page, "code")
        assert await height(visit.page, "[data-letter]") < keys


async def test_what_grew_is_small_again_where_a_screen_needs_the_room(visit_of: VisitOf) -> None:
    async with visit_of(PORTRAIT, TALL_INCHES, hall=offering(10)) as visit:
        page = visit.page
        crowded = await grown(page)
        assert await page.evaluate(FITS)
        await press(page, "code")
        assert await grown(page) > crowded
        await page.get_by_role("button", name="Zurück").click()
        await on_screen(page, "start")
        assert await grown(page) == crowded


async def test_what_grew_leaves_room_for_the_countdown(visit_of: VisitOf) -> None:
    async with visit_of(PORTRAIT, TALL_INCHES, offered=languages("ticket_kiosk")) as visit:
        page = visit.page
        await visit.choose()
        await page.evaluate("document.querySelector('[data-countdown]').hidden = false")
        assert await page.evaluate(FITS)


async def test_languages_stand_in_rows_of_the_same_length(visit_of: VisitOf) -> None:
    async with visit_of(PORTRAIT, TALL_INCHES, offered=languages("ticket_kiosk")) as visit:
        tops = await visit.page.evaluate("[...document.querySelectorAll('[data-speak]')].map((each) => each.offsetTop)")
        rows = [tops.count(top) for top in sorted(set(tops))]
        assert max(rows) - min(rows) <= 1


async def test_larger_and_lower_six_services_stand_on_one_page_within_reach(visit_of: VisitOf) -> None:
    """Languages make room for them: they are behind one button, which is found again."""
    async with visit_of(PORTRAIT, TALL_INCHES, hall=offering(6), offered=languages("ticket_kiosk")) as visit:
        page = visit.page
        await page.get_by_role("button", name="Größer und tiefer").click()
        await expect(page.locator("[data-choices] [data-choice]:visible")).to_have_count(6)
        await expect(page.locator("[data-more]:visible")).to_have_count(0)
        assert await highest_button(page) >= PORTRAIT[1] / 2
        await looks_right(page)
        await page.get_by_role("button", name="Sprache", exact=True).click()
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("heading", name="What brings you here?")).to_be_visible()


def offering(count: int) -> Zone:
    """As many services, in words of usual length."""
    services = {}
    for n in range(1, count + 1):
        service = ServiceId(f"s{n}")
        services[service] = Service(service, text(f"Neuantrag {n}"), SeriesId("a"), minutes=5, info=text(INFO))
    counters = {ONE: CounterPlace(ONE, text("Counter 1"), tuple(services))}
    return zone(services=services, counters=counters)


@pytest.mark.parametrize("state", ["printed", "refused", "unknown"])
@pytest.mark.parametrize("name", SIZES)
async def test_number_code_and_what_the_printer_says_are_seen_at_once(visit_of: VisitOf, name: str, state: str) -> None:
    size, inches = SIZES[name]
    async with visit_of(size, inches) as visit:
        page = visit.page
        await with_agent(visit, {"job": "j", "state": state})
        await visit.choose()
        await press(page, "draw")
        await expect(page.locator("[data-paper]")).not_to_have_attribute("data-state", "printing")
        await expect(page.locator("[data-qr]")).to_be_visible()
        assert await page.evaluate(FITS)
        assert await page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("name", SIZES)
async def test_ok_with_nothing_typed_says_what_to_do_and_stays(visit_of: VisitOf, name: str) -> None:
    size, inches = SIZES[name]
    async with visit_of(size, inches) as visit:
        page = visit.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.count("/codes") else None)
        await press(page, "code")
        await press(page, "check-in")
        mistake = page.locator("[data-on=code] [data-field=mistake]")
        await expect(mistake).to_contain_text("Bitte tippen Sie zuerst den Code Ihres Termins ein")
        await on_screen(page, "code")
        assert await page.evaluate(FITS)
        await looks_right(page)
        await page.locator("[data-letter]:visible").first.click()
        await expect(mistake).to_be_hidden()
        assert asked == []


@pytest.mark.parametrize("number", ["A001", "a 47", "AB-1234"])
async def test_a_tickets_number_where_a_code_is_asked_leads_to_the_code_on_the_ticket(
    visit: Terminal, number: str
) -> None:
    """Anybody can read it off the display: it opens nothing."""
    page = visit.page
    await visit.office.draw()
    await press(page, "code")
    await page.locator("[data-typed]").fill(number)
    await press(page, "check-in")
    await expect(page.get_by_text("Das ist die Nummer einer Wartemarke.")).to_be_visible()
    await expect(page.locator("[data-came-number]")).to_be_hidden()
    await looks_right(page)
    await page.get_by_role("button", name="Anderen Code versuchen").click()
    await expect(page.locator("[data-typed]")).to_have_value("")
