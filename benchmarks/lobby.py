"""From the call to the wall: a clerk's request begins, a lobby page that is open in Chromium changes."""

import asyncio
from collections.abc import Iterator

from playwright.async_api import Page

from benchmarks.rows import Row, share
from benchmarks.scene import DISPLAY, REQUESTS, OneClient
from tests.support.browser import chromium
from tests.support.office_process import OfficeProcess

CALLS = 10
SEEN_WITHIN_MS = 10_000
CHANGED_MOST_MS = 100.0

#: Notes when each number first stands on the wall, by the machine's clock, which is also that of the client. The hook
#: runs when the page's script has changed the DOM, before the browser paints.
OBSERVE = r"""() => {
  window.shownAt = {};
  const note = () => {
    const at = performance.timeOrigin + performance.now();
    for (const number of document.body.textContent.match(/A\d{5}/g) ?? []) window.shownAt[number] ??= at;
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  note();
}"""


def call_to_lobby(office: OfficeProcess) -> Iterator[Row]:
    took_ms = asyncio.run(_calls(office))
    how = f"HTTP call begins, until the DOM of an open lobby page shows the number; {len(took_ms)} calls"
    yield Row("call to lobby page p50", share(took_ms, 0.5), "ms", CHANGED_MOST_MS, how)
    yield Row("call to lobby page, slowest", max(took_ms), "ms", None, how)


async def _calls(office: OfficeProcess) -> list[float]:
    desk = OneClient(office, REQUESTS, office.token("supervisor", REQUESTS))
    for _ in range(CALLS + 1):
        desk.issue()
    async with chromium() as browser:
        page = await browser.new_page()
        await _open_lobby(page, office)
        await _call(page, desk)
        return [await _call(page, desk) for _ in range(CALLS)]


async def _open_lobby(page: Page, office: OfficeProcess) -> None:
    await page.goto(f"{office.address}/lobby/{DISPLAY}")
    await page.wait_for_selector("[data-health=live]", state="attached")
    await page.evaluate(OBSERVE)


async def _call(page: Page, desk: OneClient) -> float:
    """One call, and the pause that a wall takes to announce it."""
    reply = await asyncio.to_thread(desk.at_counter, "call-next", current="finish")
    number = reply.body["ticket"]["number"]
    shown = await page.wait_for_function("number => window.shownAt[number]", arg=number, timeout=SEEN_WITHIN_MS)
    shown_ms = float(await shown.json_value())
    await page.wait_for_timeout(float(await page.locator("[data-announce-ms]").get_attribute("data-announce-ms") or 0))
    return shown_ms - reply.begun_ms
