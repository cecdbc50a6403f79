"""The house as people feel it: from a visitor's tap to the paper, from a clerk's key to the first sound that a display
asks for."""

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Page

from benchmarks.bench import QUICK, Bench
from benchmarks.rows import Row, alone, share
from benchmarks.stream.hall import DISPLAY, SERVICE, WALL, Clerk, Hall
from tests.support.browser import chromium
from tests.support.kiosk_process import agent_process
from ticket_kiosk.printers.fake import FakePrinter, fake_printer

CALLS, CALLS_QUICK = 30, 8
DRAWS, DRAWS_QUICK = 30, 8
PAPER_MOST_MS = 1_000.0
PAPER_WITHIN_MS = 20_000
ASKED_WITHIN_MS = 10_000
ASKED_MOST_MS = 300.0
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"

#: When the page asked for the sound of this number, and when its first byte came, by the machine's clock.
ASKED = r"""(number) => {
  const sounds = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/say/"));
  const sound = sounds.find(({ name, responseStart }) => name.includes(number) && responseStart);
  return sound && [sound.startTime, sound.responseStart].map((ms) => performance.timeOrigin + ms);
}"""

#: When the button was touched, by the machine's clock.
TAPPED = """addEventListener("click", ({ target, timeStamp }) => {
  if (target.closest("[data-do=draw]")) window.tappedMs = performance.timeOrigin + timeStamp;
}, true);"""


def rows(bench: Bench) -> Iterator[Row]:
    if not shutil.which("chromium"):
        bench.notes.append("tap to paper, call to sound: no Chromium here (Debian: apt-get install chromium)")
        return
    draws = DRAWS_QUICK if bench.scale == QUICK else DRAWS
    took = asyncio.run(_draws(bench.hall, bench.folder, draws))
    how = f"draw is tapped in Chromium, until the printer has the first dots, through agent and server; {draws} draws"
    yield from _told("tap to paper", took, how, PAPER_MOST_MS)
    calls = CALLS_QUICK if bench.scale == QUICK else CALLS
    took_ms = asyncio.run(_calls(bench.hall, calls))
    how = f"HTTP call begins, until an open display asks for the spoken call; {calls} calls"
    yield from _told("call to sound asked for", [asked for asked, _ in took_ms], how, ASKED_MOST_MS)
    how = f"the same, until the first byte of a sentence that was never said before; {calls} calls"
    yield from _told("call to first byte of sound", [byte for _, byte in took_ms], how)


def _told(what: str, took_ms: list[float], how: str, most: float | None = None) -> Iterator[Row]:
    yield alone(f"{what}, p50", "ms", [share(took_ms, 0.5)], how, most=most)
    yield alone(f"{what}, p99", "ms", [share(took_ms, 0.99)], how)


async def _draws(hall: Hall, folder: Path, draws: int) -> list[float]:
    begun_ms: list[float] = []
    async with fake_printer() as printer, chromium() as browser:
        printer.began = lambda: begun_ms.append(1000 * time.time())
        address = f"tcp://127.0.0.1:{printer.port}"
        begins = agent_process(hall.office, folder, zone=WALL, kiosk=f"kiosk-{WALL}", printer=address, lends=False)
        agent = await asyncio.to_thread(begins.__enter__)
        try:
            page = await browser.new_page()
            await page.add_init_script(TAPPED)
            await page.goto(agent.page)
            tapped_ms = [await _draw(page, printer) for _ in range(draws + 1)]
        finally:
            begins.__exit__(None, None, None)
    return [begun - tapped for begun, tapped in zip(begun_ms, tapped_ms, strict=True)][1:]  # fonts come with the first


async def _draw(page: Page, printer: FakePrinter) -> float:
    """One visit from start to start; when the number was asked for."""
    tickets = len(printer.tickets)
    await page.locator(f"button[data-service={SERVICE}]").click()
    await page.locator("[data-do=draw]").click()
    await page.locator("[data-paper-state=printed]").wait_for(timeout=PAPER_WITHIN_MS)
    if len(printer.tickets) != tickets + 1:
        raise RuntimeError(f"{len(printer.tickets) - tickets} papers for one tap")
    await page.locator("[data-on=ticket] [data-do=start]").click()
    return float(await page.evaluate("tappedMs"))


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
