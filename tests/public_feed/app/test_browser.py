"""The app in real Chromium: with a network, and without."""

import json

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.public_feed.street import Street
from tests.support.axe import violations
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_IS_KEPT = """async ([what]) => {
  for (const name of await caches.keys()) if (await (await caches.open(name)).match(what)) return true;
  return false;
}"""


#: As if the page had been kept so long ago.
_AGE = """async ([path, ms]) => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  const page = await cache.match(path);
  const headers = new Headers(page.headers);
  headers.set("x-kept-at", String(Number(headers.get("x-kept-at")) - ms));
  await cache.put(path, new Response(await page.text(), { headers }));
}"""


async def as_app(context: BrowserContext) -> None:
    """Says what an iPhone says of pages that were opened from the home screen."""
    await context.add_init_script('Object.defineProperty(navigator, "standalone", { value: true })')


async def comes_true(page: Page, script: str, arg: object = None) -> None:
    """Asked from outside: the pages' policy forbids what Playwright would wait with."""

    async def is_true() -> bool:
        return bool(await page.evaluate(script, arg))

    assert await eventually(is_true), script


async def kept(page: Page, what: str) -> None:
    await comes_true(page, _IS_KEPT, [what])


async def installed(street: Street, path: str, **options: object) -> tuple[BrowserContext, Page]:
    """A page whose service worker works."""
    context = await street.context(**options)
    page = await context.new_page()
    await page.goto(f"{street.address}{path}")
    await comes_true(page, "navigator.serviceWorker.controller !== null")
    await kept(page, "/offline")
    return context, page


async def own(street: Street, **options: object) -> tuple[BrowserContext, Page, str]:
    path = await street.draw()
    context, page = await installed(street, path, **options)
    await kept(page, path)
    await kept(page, f"{path}/state")
    return context, page, path


async def test_an_own_ticket_opens_without_a_network_and_says_as_of_when(street: Street) -> None:
    context, page, path = await own(street)
    await expect(page.get_by_text("Sie sind als Nächstes dran").first).to_be_attached()
    await context.set_offline(True)
    await page.goto(f"{street.address}{path}")
    await expect(page.get_by_text("Keine Verbindung, Stand")).to_be_visible()
    await expect(page.locator("[data-field=number]")).to_have_text("A001")
    await page.get_by_text("Ich möchte nicht mehr warten").click()
    await expect(page.get_by_role("button", name="Nummer zurückgeben")).to_be_disabled()
    assert await violations(page) == []


async def test_a_call_that_was_seen_stays_seen_without_a_network(street: Street) -> None:
    context, page, path = await own(street)
    await street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await comes_true(
        page,
        """async (path) => {
          const [name] = await caches.keys();
          const found = await (await caches.open(name)).match(`${path}/state`);
          return (await found.json()).state.state === "called";
        }""",
        path,
    )
    await context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()
    await expect(page.get_by_text("Counter 1")).to_be_visible()


async def test_back_in_the_network_it_is_live_again(street: Street) -> None:
    context, page, _ = await own(street)
    await context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("Keine Verbindung, Stand")).to_be_visible()
    await context.set_offline(False)
    await page.reload()
    await expect(page.get_by_text("Keine Verbindung, Stand")).to_be_hidden()
    await street.counter("open", "call-next")
    await expect(page.get_by_text("Bitte kommen Sie jetzt")).to_be_visible()


async def test_a_page_in_use_says_at_once_that_its_network_is_gone(street: Street) -> None:
    context, page, _ = await own(street)
    await expect(page.get_by_text("Keine Verbindung, Stand")).to_be_hidden()
    await context.set_offline(True)
    await expect(page.get_by_text("Keine Verbindung, Stand")).to_be_visible()


async def test_what_is_over_is_forgotten(street: Street) -> None:
    _, page, path = await own(street)
    await street.counter("open", "call-next", "start", "finish")
    await expect(page.get_by_role("heading", name="Diese Nummer gilt nicht mehr")).to_be_visible()
    for what in (path, f"{path}/state"):
        await comes_true(page, f"async (args) => !(await ({_IS_KEPT})(args))", [what])


async def test_old_waits_are_never_shown_for_new_ones_and_a_browser_lists_no_numbers(street: Street) -> None:
    """The next person at a shared computer sees neither."""
    context, page, path = await own(street)
    await page.goto(f"{street.address}/")
    await context.set_offline(True)
    await page.goto(f"{street.address}/")
    await expect(page.get_by_role("heading", name="Keine Verbindung")).to_be_visible()
    await expect(page.get_by_text("A001")).to_have_count(0)
    await page.goto(f"{street.address}{path}")
    await expect(page.locator("[data-field=number]")).to_have_text("A001")


async def test_the_app_lists_the_numbers_of_its_phone_and_forgets_them_when_told(street: Street) -> None:
    context, page, path = await own(street)
    await as_app(context)
    await context.set_offline(True)
    await page.goto(f"{street.address}/")
    await page.get_by_role("link", name="A001").click()
    await expect(page).to_have_url(f"{street.address}{path}")
    await expect(page.locator("[data-field=number]")).to_have_text("A001")
    await page.goto(f"{street.address}/")
    await page.get_by_role("button", name="Von diesem Gerät löschen").click()
    await expect(page.get_by_role("status")).to_have_text("Von diesem Gerät gelöscht. Ihre Nummern gelten weiter.")
    await expect(page.get_by_text("A001")).to_be_hidden()
    await page.goto(f"{street.address}{path}")
    await expect(page.get_by_role("heading", name="Keine Verbindung")).to_be_visible()


async def test_half_a_day_later_any_page_forgets_them(street: Street) -> None:
    _, page, path = await own(street)
    await page.evaluate(_AGE, [path, 13 * 3600 * 1000])
    await page.goto(f"{street.address}/imprint")
    await comes_true(page, f"async (args) => !(await ({_IS_KEPT})(args))", [path])
    await comes_true(page, f"async (args) => !(await ({_IS_KEPT})(args))", [f"{path}/state"])


async def test_chromium_finds_nothing_that_hinders_installing(street: Street) -> None:
    context, page = await installed(street, "/?lang=de")
    devtools = await context.new_cdp_session(page)

    async def hindrances() -> list[str]:
        found = await devtools.send("Page.getInstallabilityErrors")
        return [error["errorId"] for error in found["installabilityErrors"]]

    assert await hindrances() in ([], ["in-incognito"])


@pytest.mark.parametrize("lang", ["de", "ar"])
async def test_the_page_without_a_network_is_accessible(street: Street, lang: str) -> None:
    context, page = await installed(street, f"/?lang={lang}", viewport={"width": 320, "height": 640})
    await context.set_offline(True)
    await page.goto(f"{street.address}/?lang={lang}")
    await expect(page.locator("html")).to_have_attribute("lang", lang)
    await expect(page.locator("[data-again]")).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == [], scheme
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_staff_pages_register_nothing_and_are_not_kept(street: Street) -> None:
    context = await street.context()
    page = await context.new_page()
    await page.goto(f"{street.address}/login")
    assert await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert await page.locator("link[rel=manifest]").count() == 0


async def test_a_message_opens_as_the_ticket_is_called_in(street: Street) -> None:
    """The worker's own handler, woken by the browser as a push service would."""
    context, page, path = await own(street)
    await context.grant_permissions(["notifications"], origin=street.address)
    devtools = await context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda e: found.extend(r["registrationId"] for r in e["registrations"]),
    )
    await devtools.send("ServiceWorker.enable")
    await comes_true(page, "navigator.serviceWorker.controller !== null")
    told = {
        "kind": "called",
        "title": "A001: Bitte kommen Sie jetzt",
        "text": "Schalter 1",
        "path": path,
        "language": "de",
    }
    message = {"origin": street.address, "registrationId": found[0], "data": json.dumps(told)}
    await devtools.send("ServiceWorker.deliverPushMessage", message)
    await comes_true(
        page,
        """async () => {
          const shown = await (await navigator.serviceWorker.ready).getNotifications();
          return shown.length === 1 && shown[0].title.startsWith("A001") && shown[0].body === "Schalter 1";
        }""",
    )
