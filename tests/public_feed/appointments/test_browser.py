"""Appointments in real Chromium: by touch, by keys, without scripts, in every language, and two who want one place."""

import asyncio
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.model import BookingId
from queue_core.web.words import ORDER, direction
from tests.public_feed.appointments.conftest import MORNING_MS, wound
from tests.public_feed.street import Street
from tests.support.axe import TRIED_IN, violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW = {"width": 320, "height": 640}
MINUTE_MS = 60_000


async def held(street: Street, **options: object) -> Page:
    page = await street.page("/appointments", **options)
    await page.get_by_role("link", name="New").click()
    await page.get_by_role("button", name="Diese Zeit nehmen").click()
    await expect(page.get_by_role("heading", name="Bitte bestätigen Sie")).to_be_visible()
    return page


async def booked(street: Street, **options: object) -> Page:
    page = await held(street, **options)
    await page.get_by_role("button", name="Termin bestätigen").click()
    await expect(page.get_by_text("Ihr Termin ist gebucht.")).to_be_visible()
    return page


def slot_ms(street: Street, page: Page) -> int:
    own = street.office.frame.booking_links.read(urlsplit(page.url).path.split("/")[2])
    return street.office.hub.snapshot(street.office.zone.id).bookings[BookingId(own.booking)].slot_ms


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_find_hold_confirm_move_and_cancel(street: Street, scripts: bool) -> None:
    page = await booked(street, java_script_enabled=scripts)
    await expect(page.get_by_role("img", name="QR-Code mit der Adresse dieser Seite")).to_be_visible()
    await page.get_by_role("link", name="Andere Zeit wählen").click()
    await page.get_by_role("link", name="Späterer Tag").click()
    await page.get_by_role("button", name="09:15").click()
    await expect(page.get_by_text("Ihr Termin hat eine neue Zeit.")).to_be_visible()
    await expect(page.get_by_text("17. Januar 2030")).to_be_visible()
    await expect(page.locator("time")).to_contain_text("09:15")
    await page.get_by_text("Termin absagen").click()
    await page.get_by_role("button", name="Ja, absagen").click()
    await expect(page.get_by_role("heading", name="Sie haben keinen Termin mehr")).to_be_visible()


async def test_keys_alone_lead_to_an_appointment(street: Street) -> None:
    page = await street.page("/appointments/hall/new")
    await page.locator("#main").focus()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Diese Zeit nehmen")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.locator("#main").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Ihr Termin ist gebucht.")).to_be_visible()


async def test_times_are_lists_and_days_a_table_for_who_listens(street: Street) -> None:
    page = await street.page("/appointments/hall/new")
    await expect(
        page.get_by_role("region", name="Mittwoch, 16. Januar 2030").get_by_role("listitem")
    ).not_to_have_count(0)
    await page.get_by_text("Alle Tage").first.click()
    row = page.get_by_role("table", name="Alle Tage").get_by_role("row", name="Donnerstag, 17. Januar 2030")
    await row.get_by_role("link").click()
    await expect(page.get_by_role("heading", name="Donnerstag, 17. Januar 2030")).to_be_visible()


async def test_the_time_that_is_left_is_seen_said_and_ends(street: Street) -> None:
    page = await street.page("/appointments/hall/new")
    await page.clock.install()
    await page.get_by_role("button", name="Diese Zeit nehmen").click()
    left = page.get_by_role("timer")
    await expect(left).to_contain_text("9:5")
    await page.clock.run_for(4 * MINUTE_MS)
    await expect(left).to_contain_text("5:5")
    await page.clock.run_for(4 * MINUTE_MS)
    await expect(page.get_by_role("status")).to_have_text("Noch zwei Minuten zum Bestätigen.")
    await page.clock.run_for(3 * MINUTE_MS)
    await expect(left).to_be_hidden()
    await expect(page.get_by_text("Die Zeit dafür ist um.")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Termin bestätigen").click()
    await expect(page.get_by_text("Ihr Termin ist gebucht.")).to_be_visible()


async def test_of_two_browsers_one_gets_the_last_place_and_the_other_a_free_one(street: Street) -> None:
    pages = [await street.page("/appointments/hall/new") for _ in range(2)]
    await asyncio.gather(*(page.get_by_role("button", name="Diese Zeit nehmen").click() for page in pages))
    taken = [await page.get_by_text("Diese Zeit ist nicht mehr frei").is_visible() for page in pages]
    assert sorted(taken) == [False, True]
    loser = pages[taken.index(True)]
    assert await violations(loser) == []
    await loser.locator(".appointments-times button").first.click()
    await expect(loser.get_by_role("heading", name="Bitte bestätigen Sie")).to_be_visible()


async def test_by_phone_at_the_entrance_one_gets_a_number(street: Street) -> None:
    page = await booked(street)
    await wound(street.office, slot_ms(street, page) - 20 * MINUTE_MS)
    await page.reload()
    assert await violations(page) == []
    await page.get_by_role("button", name="Ich bin jetzt da").click()
    await expect(page.locator("main")).to_contain_text("A001")
    onward = page.get_by_role("link", name="Zeigen, wann ich dran bin")
    if await onward.is_visible():
        await onward.click()
    await expect(page.locator("[data-ticket][data-state=waiting]")).to_be_visible()
    await expect(page.get_by_text("nicht vor")).to_be_visible()


async def test_every_page_is_free_of_faults_and_fits_a_small_phone_in_every_language(street: Street) -> None:
    page = await street.page("", viewport=NARROW)
    for language in ORDER:
        await page.goto(f"{street.address}/appointments?lang={language}")
        await is_sound(page, language)
        await page.locator(".appointments-choices a").click()
        await page.locator(".appointments-days summary").click()
        await is_sound(page, language)
        await page.locator(".appointments-first button").click()
        await is_sound(page, language)
        await page.locator("form[action*='/confirm'] button").click()
        await page.locator(".appointments-cancel summary").click()
        await is_sound(page, language)
        await page.locator(".appointments-cancel button").click()
        await is_sound(page, language)


async def is_sound(page: Page, language: str) -> None:
    where = f"{language}: {page.url}"
    assert await page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        direction(language),
    ]
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    if language in TRIED_IN:
        assert await violations(page) == [], where


async def test_a_reader_of_a_kiosk_understands_the_code_on_the_screen(street: Street) -> None:
    page = await booked(street)
    shown = await page.locator(".appointments-code__text").inner_text()
    code = street.office.frame.booking_links.read(urlsplit(page.url).path.rpartition("/")[2]).booking
    assert shown.replace("-", "") == code


async def test_nothing_is_asked_of_anybody_else_and_nothing_is_kept(street: Street) -> None:
    context = await street.context()
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{street.address}/appointments/hall/new")
    await page.get_by_role("button", name="Diese Zeit nehmen").click()
    await page.get_by_role("button", name="Termin bestätigen").click()
    await expect(page.get_by_text("Ihr Termin ist gebucht.")).to_be_visible()
    assert [url for url in asked if not url.startswith((street.address, "data:"))] == []
    assert await context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_without_a_free_time_the_page_says_what_to_do(street: Street) -> None:
    await wound(street.office, MORNING_MS)
    body = {"from_at": "2030-01-16T00:00:00+01:00", "to_at": "2030-01-31T04:00:00+01:00"}
    assert (await street.office.command("slots/block", body)).status_code == 201
    page = await street.page("/appointments/hall/new")
    await expect(page.get_by_text("Donnerstag, 31. Januar 2030")).to_be_visible()
    assert await violations(page) == []
