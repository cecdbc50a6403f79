"""The offer to tell this phone, in real Chromium: a tap begins it, a tap ends it, and the page knows it again."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from queue_core.domain.site import Site
from queue_core.push.ciphers import encoded
from queue_core.store.case_phones import CasePhones
from queue_core.web.face import load_faces
from tests.public_feed.cases.conftest import push
from tests.public_feed.street import Street
from tests.support.axe import violations
from tests.support.browser import left_empty
from tests.support.cases import NUMBER, PIN
from tests.support.push_service import AUTH, PushService
from tests.support.web_office import open_web_office
from tests.support.web_server import free_listener, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: Headless Chromium reaches no push service: what it would have got from one, kept as browsers keep it.
_SUBSCRIBES = """(([endpoint, p256dh, auth]) => {
  const made = { endpoint, toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
  PushManager.prototype.subscribe = async () => { window.name = "subscribed"; return made; };
  PushManager.prototype.getSubscription = async () => (window.name ? made : null);
})"""


@pytest_asyncio.fixture(loop_scope="session")
async def told_street(browser: Browser, valkey_url: str, tmp_path: Path, site: Site) -> AsyncIterator[Street]:
    listener = free_listener()
    port = listener.getsockname()[1]
    faces = load_faces(["cases", "app"])
    async with AsyncExitStack() as stack:
        opened = open_web_office(
            valkey_url, tmp_path, faces=faces, site=site, port=port, push_contact="mailto:it@example.de"
        )
        office = await stack.enter_async_context(opened)
        await push(office, "checking", 3)
        await stack.enter_async_context(serving(office.app, listener))
        yield Street(office, f"http://127.0.0.1:{port}", await stack.enter_async_context(left_empty(browser)))


async def opened(street: Street, script: str) -> Page:
    context = await street.context()
    await context.grant_permissions(["notifications"], origin=street.address)
    await context.add_init_script(script)
    page = await context.new_page()
    await page.goto(f"{street.address}/status?lang=de")
    await page.get_by_label("Aktenzeichen").fill(NUMBER)
    await page.get_by_label("PIN").fill(PIN)
    await page.get_by_role("button", name="Anzeigen").click()
    return page


async def test_a_tap_begins_it_the_page_knows_it_again_and_a_tap_ends_it(told_street: Street) -> None:
    service = PushService()
    given = ["https://push.example.org/phone", service.keys["p256dh"], encoded(AUTH)]
    page = await opened(told_street, f"{_SUBSCRIBES}({given})")
    await page.get_by_role("button", name="Dieses Telefon benachrichtigen").click()
    await expect(page.get_by_text("Wir benachrichtigen dieses Telefon, wenn es Neues gibt.")).to_be_visible()
    phones, key = CasePhones(told_street.office.store.client), told_street.office.frame.cases.work.key(NUMBER)
    [phone] = await phones.of(key)
    assert (phone.endpoint, phone.language) == (given[0], "de")
    assert await violations(page) == []
    await page.get_by_role("link", name="Neu laden").click()
    await page.get_by_role("button", name="Keine Nachrichten mehr").click()
    await expect(page.get_by_text("Sie bekommen keine Nachrichten mehr auf dieses Telefon.")).to_be_visible()
    assert await phones.of(key) == ()
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_where_the_browser_forbids_it_the_page_says_so(told_street: Street) -> None:
    page = await opened(told_street, "Notification.requestPermission = async () => 'denied';")
    await page.get_by_role("button", name="Dieses Telefon benachrichtigen").click()
    await expect(page.get_by_text("Ihr Browser erlaubt dieser Seite keine Nachrichten.")).to_be_visible()


async def test_without_scripts_nothing_is_offered_that_cannot_be_done(told_street: Street) -> None:
    page = await told_street.page("/status?lang=de", java_script_enabled=False)
    await page.get_by_label("Aktenzeichen").fill(NUMBER)
    await page.get_by_label("PIN").fill(PIN)
    await page.get_by_role("button", name="Anzeigen").click()
    await expect(page.locator(".case__line")).to_be_visible()
    await expect(page.get_by_role("button", name="Dieses Telefon benachrichtigen")).to_be_hidden()
