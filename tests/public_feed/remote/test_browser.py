"""From home to the counter, in Chromium: with scripts and without, in every language, and the ways that fail."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.model import TicketId, TicketState
from queue_core.domain.on_site_code import CODE_LASTS_MS, OnSiteCodes
from queue_core.domain.principal import Role
from queue_core.web.secret import load_secret
from queue_core.web.words import ORDER
from tests.public_feed.street import Street
from tests.support.axe import TRIED_IN, violations
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def code(street: Street) -> str:
    office = street.office
    return OnSiteCodes(load_secret(office.frame.settings)).code(office.zone.id, office.hub.now_ms(office.zone.id))


async def drawn_at_home(street: Street, **options: Any) -> Page:
    """By way of the zone's page; ends on the number's own page."""
    page = await street.page("/z/hall?lang=en", **options)
    await page.get_by_role("link", name=re.compile("Draw a number from home")).click()
    await page.get_by_role("button", name=re.compile("Draw a number.*New")).click()
    await expect(page.get_by_text("Please say that you are here by")).to_be_visible()
    return page


async def say_so(page: Page, typed: str) -> None:
    await page.get_by_role("link", name="I am here").click()
    await page.get_by_label("Code from the entrance").fill(typed)
    await page.get_by_role("button", name="I am here").click()


@with_and_without_scripts
async def test_drawn_at_home_confirmed_at_the_entrance_and_called(street: Street, scripts: bool) -> None:
    await street.counter("open")
    page = await drawn_at_home(street, java_script_enabled=scripts)
    assert (await street.office.command("counters/1/call-next", role=Role.COUNTER)).status_code == 204
    await say_so(page, code(street))
    await expect(page).to_have_url(re.compile("/t/hall"))
    await expect(page.get_by_text("Please say that you are here by")).to_be_hidden()
    await expect(page.get_by_role("status").get_by_text("We know that you are here.")).to_be_visible()
    await street.counter("call-next")
    if not scripts:
        await eventually(lambda: _states(street) == [TicketState.CALLED])
        await page.reload()
    await expect(page.get_by_text("Please come now").first).to_be_visible()


def _states(street: Street) -> list[TicketState]:
    return [ticket.state for ticket in street.office.hub.snapshot(street.office.zone.id).tickets.values()]


async def test_who_does_not_come_is_told_that_the_number_has_lapsed(street: Street) -> None:
    page = await drawn_at_home(street)
    await expect(page.get_by_text("you are next as soon as you have said that you are here").first).to_be_visible()
    office = street.office
    link = page.url.rpartition("/t/")[2].partition("?")[0]
    ticket = await office.engine.ticket(office.zone.id, office.frame.links.read(link).ticket)
    await office.engine.set_clock(office.zone.id, ticket.confirm_by_ms, 1)
    await page.reload()
    await expect(page.get_by_text("Your number has lapsed. Please draw a new one")).to_be_visible()
    await expect(page.get_by_text("Your wait from now")).to_be_hidden()
    await expect(page.get_by_role("link", name="I am here")).to_be_hidden()


async def test_another_code_is_told_so_and_can_be_typed_again(street: Street) -> None:
    page = await drawn_at_home(street)
    right = code(street)
    await say_so(page, str((int(right) + 1) % 1_000_000).zfill(6))
    await expect(page.get_by_role("alert")).to_contain_text("The code is not right")
    await page.get_by_label("Code from the entrance").fill(right)
    await page.get_by_role("button", name="I am here").click()
    await expect(page).to_have_url(re.compile("/t/hall"))


async def test_a_typed_number_is_confirmed_by_the_posters_address(street: Street) -> None:
    await drawn_at_home(street)
    office = street.office
    poster = OnSiteCodes(load_secret(office.frame.settings)).poster(office.zone.id)
    page = await street.page(f"/z/hall/here?at={poster}&lang=en")
    await page.get_by_label("Your number").fill("a001")
    await page.get_by_role("button", name="I am here").click()
    await expect(page.get_by_role("heading", name="We know that you are here")).to_be_visible()
    assert await violations(page) == []


async def test_the_limit_is_a_page_that_says_when_it_goes_on(street: Street) -> None:
    for _ in range(5):
        page = await drawn_at_home(street)
        link = page.url.rpartition("/t/")[2].partition("?")[0]
        ticket: TicketId = street.office.frame.links.read(link).ticket
        assert (await street.office.command(f"tickets/{ticket}/confirm", role=Role.DEVICE)).is_success
    page = await street.page("/z/hall/draw?lang=en")
    await page.get_by_role("button", name=re.compile("Draw a number.*New")).click()
    await expect(page.get_by_role("alert")).to_contain_text("You can try again in")
    assert await violations(page) == []


async def test_every_page_is_for_everybody_in_every_language(street: Street) -> None:
    page = await drawn_at_home(street)
    link = page.url.rpartition("/t/")[2].partition("?")[0]
    paths = ("/z/hall/draw?", f"/z/hall/here?ticket={link}&", "/z/hall/here?", f"/t/{link}?")
    for where, language in [(f"{path}lang={language}", language) for language in ORDER for path in paths]:
        await page.goto(f"{street.address}{where}")
        assert await page.evaluate("document.documentElement.lang") == language
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, where
        if language in TRIED_IN:
            assert await violations(page) == [], where


async def test_the_entrance_page_stands_on_a_screen(street: Street) -> None:
    token = (await street.office.bearer(Role.COUNTER))["Authorization"]
    page = await street.page("", extra_http_headers={"Authorization": token}, viewport={"width": 1280, "height": 800})
    await page.goto(f"{street.address}/z/hall/entrance?lang=en")
    digits = code(street)
    await expect(page.get_by_text(f"{digits[:3]} {digits[3:]}")).to_be_visible()
    assert await violations(page) == []


async def test_the_entrance_shows_the_next_code_and_no_error_while_the_server_is_away(street: Street) -> None:
    token = (await street.office.bearer(Role.COUNTER))["Authorization"]
    page = await street.page("", extra_http_headers={"Authorization": token})
    await page.clock.install()
    await page.goto(f"{street.address}/z/hall/entrance?lang=en")
    shown = page.get_by_text(f"{code(street)[:3]} {code(street)[3:]}")
    await page.context.set_offline(True)
    await page.clock.run_for(CODE_LASTS_MS + 60_000)
    await expect(shown).to_be_visible()
    await page.context.set_offline(False)
    async with page.expect_navigation():
        await page.clock.run_for(6_000)


async def test_two_taps_after_the_visit(street: Street) -> None:
    await street.counter("open")
    path = await street.draw()
    await street.counter("call-next", "finish")
    page = await street.page(f"/survey/{path.removeprefix('/t/')}?lang=en")
    assert await violations(page) == []
    await page.get_by_role("button", name="Good", exact=True).click()
    assert await violations(page) == []
    await page.get_by_role("button", name="Yes, about so").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


async def test_the_ticket_leads_to_the_two_questions(street: Street) -> None:
    await street.counter("open")
    page = await street.page(f"{await street.draw()}?lang=en")
    await street.counter("call-next", "finish")
    await page.get_by_role("link", name="How was it? Two short questions").click()
    await expect(page.get_by_role("heading", name="How was your visit?")).to_be_visible()
