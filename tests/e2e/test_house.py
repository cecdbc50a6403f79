"""The whole house as one visitor after the other has it: paper, call, voice, counter; and an outage in the middle.

Server, store, kiosk's agent, printer and browser are processes of their own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.e2e.support.hall import ZONE
from tests.e2e.test_pages import COUNTER, german_page, invitation, log_in
from tests.support.browser import WITH_SOUND, chromium
from tests.support.eventually import eventually
from tests.support.kiosk_process import AgentProcess, PrinterProcess, agent_process, printer_process
from tests.support.office_process import OfficeProcess

pytestmark = [pytest.mark.alone, pytest.mark.browser]

#: A process that comes back is found within seconds; a wall that was without one for long loads itself anew.
WITHIN_S = 60.0
SENTENCE = "a sentence is played"
#: Tells of every sentence that a page really plays; the gong is made of oscillators, not of a buffer.
EARS = f"""
const {{ start }} = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (...when) {{
  console.log("{SENTENCE}");
  return start.apply(this, when);
}};"""


@dataclass
class House:
    office: OfficeProcess
    agent: AgentProcess
    printer: PrinterProcess
    kiosk: Page
    wall: Page
    desk: Page
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@asynccontextmanager
async def house(browser: Browser, office: OfficeProcess, folder: Path) -> AsyncIterator[House]:
    with printer_process(folder / "papers") as printer, agent_process(office, folder, printer=printer.address) as agent:
        kiosk, wall, desk = [await german_page(browser, office) for _ in range(3)]
        here = House(office, agent, printer, kiosk, wall, desk)
        for page in (kiosk, wall, desk):
            page.on("pageerror", lambda error: here.faults.append(str(error)))
        wall.on("request", lambda request: here.said.extend(_spoken_number(request)))
        wall.on("console", lambda message: here.heard.append(message.text) if message.text == SENTENCE else None)
        await wall.add_init_script(EARS)
        await kiosk.goto(agent.page)
        await wall.goto("/lobby/lobby")
        await wall.wait_for_selector("[data-health=live]", state="attached")
        await desk.goto(invitation(office))
        await log_in(desk)
        yield here
        assert here.faults == []


async def test_from_tap_to_finish_also_across_an_outage(office: OfficeProcess, tmp_path: Path) -> None:
    office.settings = {**office.settings, "log_level": "info"}
    office.start()
    async with chromium(WITH_SOUND) as browser, house(browser, office, tmp_path) as here:
        first = await draws(here)
        assert await is_called(here, first)
        assert await is_finished(here)

        office.kill_both()
        away = [await draws(here), await draws(here)]
        assert all(number.startswith("N") for number in away), away
        await expect(here.wall.locator("[data-part=stale]")).to_be_visible()

        office.start()
        assert await eventually(lambda: waiting(office) == len(away), WITHIN_S)
        last = await draws(here)
        for number in (*away, last):
            assert await is_called(here, number)
            assert await is_finished(here)
        assert here.said == [first, *away, last], "each number is asked for once"
        assert len({*here.said}) == here.printer.printed()
        assert await eventually(lambda: alarms(here) == [], WITHIN_S)
        assert here.links, "with a server there is an own page"
        assert leaks(here) == []


async def draws(here: House) -> str:
    """Taps, and waits for the paper; the number on the screen."""
    before, screen = here.printer.printed(), here.kiosk.locator("[data-kiosk]")
    await screen.locator("[data-service=question]").click()
    async with here.kiosk.expect_response(lambda answer: answer.status == httpx.codes.CREATED) as drawn:
        await screen.locator("[data-do=draw]").click()
    if link := (await (await drawn.value).json())["url"]:
        here.links.append(httpx.URL(link).path.removeprefix("/t/"))
    await expect(screen.locator("[data-paper-state=printed]")).to_be_visible()
    assert await eventually(lambda: here.printer.printed() == before + 1)
    number = await screen.locator("#ticket").inner_text()
    await screen.locator("[data-on=ticket] [data-do=start]").click()
    return number.strip()


async def is_called(here: House, number: str) -> bool:
    """The desk calls, the wall shows it with the counter, and says it once."""
    said, heard = len(here.said), len(here.heard)
    await here.desk.locator("[data-part=next]").click()
    await expect(here.desk.locator("[data-part=held]", has_text=number)).to_be_visible()
    now = here.wall.locator("[data-part=now]")
    await expect(now.get_by_text(number)).to_be_visible()
    await expect(now.get_by_text(COUNTER)).to_be_visible()
    assert await eventually(lambda: len(here.heard) > heard, WITHIN_S), here.said
    return here.said[said:] == [number] and len(here.heard) == heard + 1


async def is_finished(here: House) -> bool:
    for name in ("Beginnen", "Beenden"):
        await here.desk.locator(".desk__actions").get_by_role("button", name=name).click()
    await expect(here.desk.locator("[data-part=held]")).to_be_hidden()
    return True


def waiting(office: OfficeProcess) -> int:
    zone = httpx.get(f"{office.address}/api/v1/zones/{ZONE}").json()
    return sum(service["waiting"] for service in zone["services"])


def alarms(here: House) -> list[str]:
    """What is open; this machine may see the figures."""
    lines = httpx.get(f"{here.office.address}/metrics").text.splitlines()
    return [line for line in lines if line.startswith("wartezone_alarms{") and not line.endswith((" 0", " 0.0"))]


def leaks(here: House) -> list[str]:
    """Links of tickets, and their ids, in what administrators and machines read: logs, figures, the open state."""
    public = [httpx.get(f"{here.office.address}{path}").text for path in ("/metrics", f"/api/v1/zones/{ZONE}")]
    read = "\n".join([here.office.log(), here.agent.log_path.read_text(), *public])
    return [part for link in here.links for part in (link, link.split(".")[1]) if part in read]


def _spoken_number(request: Request) -> list[str]:
    """The number of the call that is asked for: `?call=<zone>:<number>:<counter>`."""
    if "/say/" not in request.url:
        return []
    return [httpx.URL(request.url).params["call"].split(":")[1]]
