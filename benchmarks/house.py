"""The house as people feel it: from a clerk's key to the first sound that a display asks for."""

import asyncio
import json
import shutil
from collections.abc import Iterator

from playwright.async_api import Page

from benchmarks.bench import QUICK, Bench
from benchmarks.rows import Row, alone, share
from benchmarks.stream.hall import DISPLAY, WALL, Clerk, Hall
from tests.support.browser import chromium

CALLS, CALLS_QUICK = 30, 8
ASKED_WITHIN_MS = 10_000
ASKED_MOST_MS = 300.0
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"

#: When the page asked for the sound of this number, and when its first byte came, by the machine's clock.
ASKED = r"""(number) => {
  const sounds = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/say/"));
  const sound = sounds.find(({ name, responseStart }) => name.includes(number) && responseStart);
  return sound && [sound.startTime, sound.responseStart].map((ms) => performance.timeOrigin + ms);
}"""


def rows(bench: Bench) -> Iterator[Row]:
    if not shutil.which("chromium"):
        bench.notes.append("call to sound: no Chromium here (Debian: apt-get install chromium)")
        return
    calls = CALLS_QUICK if bench.scale == QUICK else CALLS
    took_ms = asyncio.run(_calls(bench.hall, calls))
    how = f"HTTP call begins, until an open display asks for the spoken call; {calls} calls"
    yield from _told("call to sound asked for", [asked for asked, _ in took_ms], how, ASKED_MOST_MS)
    how = f"the same, until the first byte of a sentence that was never said before; {calls} calls"
    yield from _told("call to first byte of sound", [byte for _, byte in took_ms], how)


def _told(what: str, took_ms: list[float], how: str, most: float | None = None) -> Iterator[Row]:
    yield alone(f"{what}, p50", "ms", [share(took_ms, 0.5)], how, most=most)
    yield alone(f"{what}, p99", "ms", [share(took_ms, 0.99)], how)


async def _calls(hall: Hall, calls: int) -> list[tuple[float, float]]:
    desk = hall.clerk(WALL)
    for _ in range(calls + 1):
        desk.issue()
    async with chromium(WITH_SOUND) as browser:
        page = await browser.new_page()
        await page.goto(f"{hall.office.address}/lobby/{DISPLAY}")
        await page.wait_for_selector("[data-health=live]", state="attached")
        told = json.loads(await page.locator("[data-wall]").get_attribute("data-wall") or "{}")
        await _call(page, desk, told["announce_ms"])  # espeak-ng starts at the first word
        return [await _call(page, desk, told["announce_ms"]) for _ in range(calls)]


async def _call(page: Page, desk: Clerk, pause_ms: float) -> tuple[float, float]:
    """One call, and the pause that a display takes to show it."""
    reply = await asyncio.to_thread(desk.call)
    number = reply.body["ticket"]["number"]
    asked = await page.wait_for_function(ASKED, arg=number, timeout=ASKED_WITHIN_MS)
    asked_ms, byte_ms = await asked.json_value()
    await page.wait_for_timeout(pause_ms)
    return asked_ms - reply.begun_ms, byte_ms - reply.begun_ms
