"""From the call to the wall: a clerk's request begins, a lobby page that is open in Chromium changes."""

import asyncio
import json
from collections.abc import Iterator

from playwright.async_api import Page

from benchmarks.rows import Row, alone, share
from benchmarks.stream.hall import DISPLAY, WALL, Clerk, Hall
from tests.support.browser import chromium
from tests.support.office_process import OfficeProcess

CALLS = 5
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


def call_to_lobby(hall: Hall) -> Iterator[Row]:
    took_ms = asyncio.run(_calls(hall))
    how = f"HTTP call begins, until an open lobby page shows the number; {len(took_ms)} calls"
    yield alone("call to lobby page, p50", "ms", [share(took_ms, 0.5)], how, most=CHANGED_MOST_MS)
    yield alone("call to lobby page, slowest", "ms", [max(took_ms)], how)


async def _calls(hall: Hall) -> list[float]:
    desk = hall.clerk(WALL)
    for _ in range(CALLS + 1):
        desk.issue()
    async with chromium() as browser:
        page = await browser.new_page()
        await _open_lobby(page, hall.office)
        await _call(page, desk)
        return [await _call(page, desk) for _ in range(CALLS)]


async def _open_lobby(page: Page, office: OfficeProcess) -> None:
    await page.goto(f"{office.address}/lobby/{DISPLAY}")
    await page.wait_for_selector("[data-health=live]", state="attached")
    await page.evaluate(OBSERVE)


async def _call(page: Page, desk: Clerk) -> float:
    """One call, and the pause that a wall takes to announce it."""
    reply = await asyncio.to_thread(desk.call)
    number = reply.body["ticket"]["number"]
    shown = await page.wait_for_function("number => window.shownAt[number]", arg=number, timeout=SEEN_WITHIN_MS)
    shown_ms = float(await shown.json_value())
    told = json.loads(await page.locator("[data-wall]").get_attribute("data-wall") or "{}")
    await page.wait_for_timeout(told["announce_ms"])
    return shown_ms - reply.begun_ms
