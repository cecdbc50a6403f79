"""A phone with the own ticket: it rings, puts off, shows the way, and is sent messages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from queue_core.domain.model import ZoneId
from queue_core.domain.office import Arrow
from queue_core.push.ciphers import encoded
from queue_core.store.push import PushStore
from queue_core.web.words import ORDER
from tests.public_feed.street import Street, open_street
from tests.support.axe import TRIED_IN, violations
from tests.support.eventually import eventually
from tests.support.push_service import AUTH, PushService
from tests.support.zones import ONE, text, zone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMALL = {"width": 320, "height": 640}
#: Headless Chromium reaches no push service: what it would have got from one.
_SUBSCRIBES = """([endpoint, p256dh, auth]) => {
  let current = null;
  const made = { endpoint, toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
  PushManager.prototype.subscribe = async () => (current = made);
  PushManager.prototype.getSubscription = async () => current;
}"""
#: What the page asked the phone to do.
_NOTES = """(() => {
  window.shaken = 0;
  window.sounded = 0;
  navigator.vibrate = () => { window.shaken += 1; return true; };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.sounded += 1; return start.apply(this, when); };
})()"""


@pytest_asyncio.fixture(loop_scope="session")
async def told_street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    """With messages to phones, and a counter that is not easy to find."""
    place = replace(
        zone().counters[ONE],
        floor=text("1. OG"),
        room=text("Raum 114"),
        way=text("Durch die Glastür"),
        arrow=Arrow.LEFT,
    )
    hard_to_find = zone(counters={**zone().counters, ONE: place})
    settings = {"push_contact": "mailto:it@example.de", "push_loopback": True}
    async with open_street(browser, valkey_url, tmp_path, hard_to_find, **settings) as opened:
        yield opened


async def listening(street: Street, path: str) -> Page:
    """A page whose phone notes what it was asked to do."""
    context = await street.context()
    await context.add_init_script(_NOTES)
    page = await context.new_page()
    await page.goto(f"{street.address}{path}")
    return page


async def asked(page: Page, what: str) -> int:
    return int(await page.evaluate(f"window.{what}"))


async def test_the_call_shakes_and_rings_the_phone_that_was_asked_to(told_street: Street) -> None:
    page = await listening(told_street, await told_street.draw())
    await told_street.counter("open")
    await page.get_by_role("button", name="Dieses Telefon klingeln lassen").click()
    await expect(page.get_by_text("Dieses Telefon klingelt, wenn Sie aufgerufen werden.")).to_be_visible()
    before = await asked(page, "sounded")
    assert before == 2
    await told_street.counter("call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    assert await eventually(lambda: _is_more(page, "sounded", before))
    assert await asked(page, "shaken") == 1


async def _is_more(page: Page, what: str, than: int) -> bool:
    return await asked(page, what) > than


async def test_without_the_tap_it_stays_silent_and_shakes(told_street: Street) -> None:
    page = await listening(told_street, await told_street.draw())
    await told_street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    assert (await asked(page, "sounded"), await asked(page, "shaken")) == (0, 1)


async def test_who_comes_back_to_a_page_that_was_called_meanwhile_is_alarmed_again(told_street: Street) -> None:
    page = await listening(told_street, await told_street.draw())
    await told_street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert await asked(page, "shaken") == 2


async def test_the_call_shows_floor_room_way_and_direction(told_street: Street) -> None:
    page = await told_street.page(await told_street.draw())
    await told_street.counter("open", "call-next")
    call = page.locator(".own-call")
    for words in ("Counter 1", "1. OG", "Raum 114", "Durch die Glastür", "nach links, mit Blick zur Anzeige"):
        await expect(call.get_by_text(words)).to_be_visible()
    await expect(call.get_by_text("nach rechts")).to_be_hidden()


async def test_more_time_is_two_taps_and_shows_at_once(told_street: Street) -> None:
    page = await told_street.page(await told_street.draw())
    await told_street.estimate(60, 240)
    await page.get_by_text("Ich brauche noch etwas Zeit").click()
    await page.get_by_role("button", name="Später aufrufen").click()
    await told_street.estimate(600, 700)
    await expect(page.locator(".own-news").get_by_text("nicht vor")).to_be_visible()
    await page.get_by_text("Ich brauche noch etwas Zeit").click()
    await expect(page.get_by_text("Das geht noch einmal.")).to_be_visible()


async def test_without_scripts_more_time_is_had_as_well(told_street: Street) -> None:
    page = await told_street.page(await told_street.draw(), java_script_enabled=False)
    await expect(page.get_by_text("Dieses Telefon klingeln lassen")).to_be_hidden()
    await page.get_by_text("Ich brauche noch etwas Zeit").click()
    await page.get_by_role("button", name="Später aufrufen").click()
    await expect(page.locator(".own-news").get_by_text("nicht vor")).to_be_visible()


async def test_messages_are_asked_for_and_ended_by_a_tap(told_street: Street) -> None:
    service, store = PushService(), PushStore(told_street.office.store.client)
    subscription = ["https://push.example.org/phone", service.keys["p256dh"], encoded(AUTH)]
    context = await told_street.context()
    await context.grant_permissions(["notifications"], origin=told_street.address)
    page = await context.new_page()
    await page.goto(f"{told_street.address}{await told_street.draw()}")
    await page.evaluate(_SUBSCRIBES, subscription)
    await page.get_by_role("button", name="Nachricht schicken").click()
    await expect(page.get_by_text("Sie bekommen eine Nachricht auf dieses Telefon.")).to_be_visible()
    [[phone]] = (await store.phones(ZoneId("hall"))).values()
    assert (phone.endpoint, phone.language) == (subscription[0], "de")
    assert phone.words["called"] == ["{number}: Bitte kommen Sie jetzt", "Sie werden aufgerufen: {counter}"]
    assert await violations(page) == []
    await page.get_by_role("button", name="Keine Nachrichten mehr").click()
    await expect(page.get_by_text("Sie bekommen keine Nachrichten mehr auf dieses Telefon.")).to_be_visible()
    assert await store.phones(ZoneId("hall")) == {}


async def test_where_the_browser_forbids_messages_it_says_so(told_street: Street) -> None:
    page = await told_street.page(await told_street.draw())
    await page.evaluate("Notification.requestPermission = async () => 'denied'")
    await page.get_by_role("button", name="Nachricht schicken").click()
    await expect(page.get_by_text("Ihr Browser erlaubt dieser Seite keine Nachrichten.")).to_be_visible()


async def test_in_every_language_it_fits_a_small_phone_and_everybody_can_use_it(told_street: Street) -> None:
    page = await told_street.page("", viewport=SMALL)
    await told_street.counter("open")
    for language in ORDER:
        await page.goto(f"{told_street.address}{await told_street.draw()}?lang={language}")
        await expect(page.locator("[data-ring-button]")).to_be_visible()
        for summary in await page.locator("details:visible > summary").all():
            await summary.click()
        await is_sound(page, language)
        await told_street.counter("call-next")
        await expect(page.locator("html")).to_have_attribute("data-state", "called")
        await is_sound(page, language)
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await is_sound(page, language)
        await page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        await told_street.counter("start", "finish")


async def is_sound(page: Page, language: str) -> None:
    assert await page.evaluate("document.documentElement.lang") == language
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
    if language in TRIED_IN:
        assert await violations(page) == [], language


async def test_in_forced_colours_the_call_still_stands_out(told_street: Street) -> None:
    page = await told_street.page(await told_street.draw(), forced_colors="active")
    await told_street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    border = "getComputedStyle(document.querySelector('.own-call section')).borderInlineStartWidth"
    assert await page.evaluate(border) == "8px"
