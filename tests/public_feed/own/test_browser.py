"""The own ticket in real Chromium: live with scripts, whole without."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from queue_core.domain.model import TicketId
from queue_core.domain.principal import Role
from queue_core.estimate.forecast import Later
from tests.public_feed.street import Street
from tests.support.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: A stream is retried within 10 s.
BACK_WITHIN_MS = 15_000


def news(page: Page) -> Locator:
    """What is seen of a ticket's waiting; screen readers are told beside it."""
    return page.locator(".own-news")


async def test_the_own_page_says_come_now_the_moment_the_number_is_called(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await street.counter("call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await expect(page.get_by_text("Counter 1")).to_be_visible()
    await expect(page).to_have_title("Bitte kommen Sie jetzt: Counter 1")
    await street.counter("start")
    await expect(page.get_by_text("Sie sind an der Reihe")).to_be_visible()
    await street.counter("finish")
    await expect(page.get_by_role("heading", name="Diese Nummer gilt nicht mehr")).to_be_visible()
    await expect(page.get_by_text("Ihre Nummer", exact=True)).to_be_hidden()


async def test_a_call_that_was_taken_back_is_taken_back_on_the_own_page(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await street.counter("undo")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_hidden()


async def test_what_comes_then_is_shown_until_the_visit_goes_on_to_it(street: Street) -> None:
    page = await street.page(await street.draw(further=["short"]))
    then = page.get_by_text("danach: Short")
    await expect(then).to_be_visible()
    assert await violations(page) == []
    await street.counter("open", "call-next", "start")
    await expect(page.get_by_text("Sie sind an der Reihe")).to_be_visible()
    await expect(then).to_be_visible()
    await street.counter("finish")
    await expect(then).to_be_hidden()
    await expect(page.locator("[data-field=service]")).to_have_text("Short")


async def test_a_service_that_is_added_at_the_counter_is_shown_at_once(street: Street) -> None:
    ticket = await street.office.draw()
    page = await street.page(street.office.frame.links.path(street.office.zone.id, TicketId(ticket["id"])))
    await expect(page.get_by_text("danach: Short")).to_be_hidden()
    await street.counter("open", "call-next", "start")
    added = await street.office.command(f"tickets/{ticket['id']}/add-service", {"service": "short"}, Role.COUNTER)
    assert added.is_success, added.text
    await expect(page.get_by_text("danach: Short")).to_be_visible()


async def test_the_people_before_me_become_fewer(street: Street) -> None:
    await street.draw()
    page = await street.page(await street.draw())
    await expect(news(page).get_by_text("Etwa 1 Person vor Ihnen")).to_be_visible()
    await street.counter("open", "call-next")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()


async def test_a_wait_that_grows_says_why_and_tells_screen_readers_at_once(street: Street) -> None:
    await street.draw()
    page = await street.page(await street.draw())
    spoken = page.locator("[data-spoken]")
    await street.estimate(600, 1500)
    await expect(news(page).get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(news(page).get_by_text("länger geworden")).to_be_hidden()
    await expect(spoken).to_be_empty()
    await street.estimate(1500, 2400, Later.COUNTER_CLOSED)
    why = "Ihre Wartezeit ist länger geworden. Ein Schalter hat geschlossen."
    await expect(news(page).get_by_text(why)).to_be_visible()
    await expect(spoken).to_have_text(f"Etwa 1 Person vor Ihnen. Etwa 25 bis 40 Minuten. {why}")
    await street.estimate(300, 600)
    await expect(news(page).get_by_text("etwa 5 bis 10 Minuten")).to_be_visible()
    await expect(news(page).get_by_text("länger geworden")).to_be_hidden()
    await expect(spoken).to_contain_text("Etwa 25 bis 40 Minuten")


async def test_small_changes_are_said_only_after_a_minute_of_calm(street: Street) -> None:
    await street.draw()
    page = await street.page("")
    await page.clock.install()
    await page.goto(f"{street.address}{await street.draw()}")
    spoken = page.locator("[data-spoken]")
    await street.estimate(600, 1500)
    await expect(news(page).get_by_text("etwa 10 bis 25 Minuten")).to_be_visible()
    await expect(spoken).to_be_empty()
    await page.clock.run_for(61_000)
    await expect(spoken).to_have_text("Etwa 1 Person vor Ihnen. Etwa 10 bis 25 Minuten")


async def test_who_may_come_later_only_is_told_that_first(street: Street) -> None:
    path = await street.draw()
    await street.counter("open", "call-next")
    ticket = next(iter(street.office.hub.snapshot(street.office.zone.id).tickets))
    await street.office.command(f"tickets/{ticket}/return", {"mode": "after", "after_s": 1800})
    page = await street.page(path)
    await expect(news(page).get_by_text("nicht vor")).to_be_visible()
    await expect(news(page).get_by_text("Ihr Aufruf")).to_be_visible()
    await expect(news(page).get_by_text("Wartezeit ab jetzt")).to_be_hidden()
    await expect(news(page).get_by_text("Ihr Aufruf")).to_be_visible()
    await expect(news(page).get_by_text("Wartezeit ab jetzt")).to_be_hidden()
    await street.estimate(1800, 3000)
    times = re.compile(r"^nicht vor \d\d:\d\d Uhr; Aufruf wahrscheinlich \d\d:\d\d bis \d\d:\d\d Uhr$")
    await expect(news(page).get_by_text(times)).to_be_visible()
    await expect(news(page).get_by_text("niemand vor Ihnen")).to_be_visible()


async def test_a_missed_call_says_what_to_do(street: Street) -> None:
    page = await street.page(await street.draw())
    await street.counter("open", "call-next", "miss")
    await expect(news(page).get_by_text("Sie wurden aufgerufen")).to_be_visible()


async def test_giving_the_number_back_wants_a_second_touch(street: Street) -> None:
    page = await street.page(await street.draw())
    await expect(page.get_by_role("button", name="Nummer zurückgeben")).to_be_hidden()
    await page.get_by_text("Ich möchte nicht mehr warten").click()
    await page.get_by_role("button", name="Nummer zurückgeben").click()
    await expect(page.get_by_text("zurückgegeben")).to_be_visible()


async def test_without_scripts_the_own_page_is_whole_and_can_be_left(street: Street) -> None:
    page = await street.page(await street.draw(), java_script_enabled=False)
    await expect(page.get_by_role("heading", name="A001")).to_be_visible()
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_hidden()
    await page.get_by_text("Ich möchte nicht mehr warten").click()
    await page.get_by_role("button", name="Nummer zurückgeben").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_a_page_says_when_the_connection_is_gone_and_comes_back_alone(street: Street) -> None:
    page = await street.page("")
    await page.clock.install()
    await page.goto(f"{street.address}{await street.draw()}")
    await expect(news(page).get_by_text("Sie sind als Nächstes dran")).to_be_visible()
    await page.context.set_offline(True)
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("Keine Verbindung")).to_be_visible()
    await page.context.set_offline(False)
    await page.clock.resume()
    await expect(page.get_by_text("Keine Verbindung")).to_be_hidden(timeout=BACK_WITHIN_MS)


async def test_whoever_was_missed_is_put_back_by_one_button(street: Street) -> None:
    mine = await street.draw()
    page = await street.page(mine)
    button = page.get_by_role("button", name="Ich bin da")
    await expect(button).to_be_hidden()
    for verb in ("open", "call-next", "miss"):
        await street.office.command(f"counters/1/{verb}", role=Role.COUNTER)
    await expect(button).to_be_visible()
    assert await violations(page) == []
    await button.click()
    await expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
    await expect(button).to_be_hidden()
