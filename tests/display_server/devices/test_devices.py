"""The device page in real Chromium on a real office: seen, told, paired, taken out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from display_server.devices.face import face
from queue_core.domain.devices import Devices, DisplayPlace, KioskPlace, PrinterPlace
from queue_core.domain.model import CounterId, SeriesId, ZoneId
from queue_core.domain.pairing import code_of
from queue_core.domain.principal import CredentialKind, Principal, Role
from tests.support.axe import violations
from tests.support.web_office import PASSWORD, WebOffice, open_web_office
from tests.support.web_server import free_listener, serving
from tests.support.zones import zone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HALL = ZoneId("hall")
DEVICES = Devices(
    {
        "door": KioskPlace(
            "door",
            (HALL,),
            printer=PrinterPlace("tcp://127.0.0.1:9100"),
            emergency_series=SeriesId("new"),
            emergency_block=50,
        ),
        "tablet": KioskPlace("tablet", (HALL,)),
    },
    {"wall": DisplayPlace("wall", (HALL,), distance_m=8)},
)
SOMEBODY = Principal("staff:x", Role.COUNTER, None, CredentialKind.SESSION)


@dataclass
class House:
    office: WebOffice
    url: str
    browser: Browser

    async def report(self, device: str, **facts: Any) -> dict[str, Any]:
        kind, _, id_ = device.partition(":")
        async with httpx.AsyncClient(base_url=self.url) as http:
            answer = await http.post(f"/devices/{kind}/{id_}/report", json={"facts": facts, "build": "an-old-build"})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def page(self, role: Role = Role.ADMIN, path: str = "/devices?lang=en", **context: Any) -> Page:
        opened: BrowserContext = await self.browser.new_context(**context)
        await self.office.account(role.value, role)
        await opened.request.post(
            f"{self.url}/login", form={"login": role.value, "password": PASSWORD}, headers={"Origin": self.url}
        )
        page = await opened.new_page()
        await page.goto(self.url + path)
        return page


def card(page: Page, device: str) -> Locator:
    return page.locator(f'[data-device="{device}"]')


@pytest_asyncio.fixture(loop_scope="session")
async def house(valkey_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    listener = free_listener()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    here = zone(kiosks=("door", "tablet"), displays=("wall",))
    async with (
        open_web_office(valkey_url, tmp_path, here, faces=[face], devices=DEVICES) as office,
        serving(office.app, listener),
    ):
        watching = asyncio.create_task(office.frame.watch.alarms.run())
        yield House(office, url, browser)
        for context in browser.contexts:
            await context.close()
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def test_every_device_says_how_it_is(house: House) -> None:
    page = await house.page()
    await expect(card(page, "display:wall").locator("[data-part=state]")).to_have_text("never seen")
    await house.report("display:wall", audio="running", volume=40, rendered={"hall": [1, 1]})
    await expect(card(page, "display:wall").locator("[data-part=state]")).to_have_text("in order")
    await expect(card(page, "display:wall").locator("[data-fact=volume]")).to_have_text("40")
    await expect(card(page, "display:wall").locator("[data-fact=build]")).to_contain_text("older than the server")


async def test_a_printer_without_paper_is_told_at_its_device_and_above_all(house: House) -> None:
    page = await house.page()
    await house.report("agent:door", printer={"online": True, "paper": "out"})
    told = "Kiosk door has no paper left."
    await expect(card(page, "agent:door").locator("[data-part=device-alarms]")).to_have_text(told)
    await expect(page.locator("[data-part=alarms]")).to_contain_text(told)
    printer = card(page, "agent:door").locator("[data-fact=printer]")
    await expect(printer).to_have_text("out of paper")
    await house.report("agent:door", printer={"online": True, "paper": "ok"})
    await expect(page.locator("[data-alarms]")).to_be_hidden()
    await expect(printer).to_have_text("ready")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"online": False, "paper": "out", "cover_open": True}, "does not answer"),
        ({"online": True, "paper": "out", "cover_open": True}, "cover is open"),
        ({"online": True, "paper": "out", "fault": "cutter"}, "out of paper"),
        ({"online": True, "paper": "low", "fault": "cutter"}, "cutter"),
        ({"online": True, "paper": "low"}, "ready, little paper left"),
        ({"online": True}, "ready, does not tell how much paper is left"),
    ],
    ids=["silent", "open", "empty", "broken", "low", "speechless"],
)
async def test_a_printer_has_one_state_that_of_what_to_mend_first(
    house: House, said: dict[str, Any], told: str
) -> None:
    page = await house.page()
    await house.report("agent:door", printer=said)
    await expect(card(page, "agent:door").locator("[data-fact=printer]")).to_have_text(told)


async def test_an_agent_that_nobody_expects_is_shown_once_it_was_there(house: House) -> None:
    page = await house.page()
    tablet = card(page, "agent:tablet")
    await expect(card(page, "kiosk:tablet").locator("[data-part=state]")).to_have_text("never seen")
    await expect(tablet).to_be_hidden()
    await house.report("agent:tablet", server="up")
    await expect(tablet.get_by_role("heading")).to_have_text("Computer of kiosk tablet")
    await expect(tablet.locator("[data-fact=printer]")).to_have_text("none")
    await tablet.get_by_text("Actions").click()
    await expect(tablet.get_by_role("button", name="Print a test")).to_be_disabled()


async def test_what_a_kiosk_shows_is_said_in_words(house: House) -> None:
    page = await house.page(path="/devices?lang=de")
    screen = card(page, "kiosk:door").locator("[data-fact=screen]")
    await house.report("kiosk:door", screen="start")
    await expect(screen).to_have_text("bereit für die nächste Person")
    await house.report("kiosk:door", screen="one-of-tomorrow")
    await expect(screen).to_have_text("one-of-tomorrow")


async def test_what_an_outage_left_behind_is_told_at_the_kiosk(house: House) -> None:
    page = await house.page()
    await house.report("agent:door", emergency_left=9, journal={"refused": 2})
    door = card(page, "agent:door")
    told = door.locator("[data-part=device-alarms]")
    await expect(told).to_contain_text("The server did not take all the numbers that kiosk door gave out")
    await expect(told).to_contain_text("Kiosk door has few numbers left for when the server is away.")
    await expect(door.locator("[data-fact=refused]")).to_have_text("2")
    await expect(door.locator("[data-fact=emergency]")).to_have_text("9")
    await house.report("agent:door", emergency_left=50, journal={"refused": 0})
    await expect(told).to_be_hidden()


async def test_a_wall_that_is_too_small_or_lacks_a_picture_is_told(house: House) -> None:
    page = await house.page()
    await house.report("display:wall", reach_m=5.5, broken_media=["/media/castle.webp"])
    wall = card(page, "display:wall")
    told = wall.locator("[data-part=device-alarms]")
    await expect(told).to_contain_text("The call on display wall is too small to be read from everywhere.")
    await expect(told).to_contain_text("Display wall cannot show some of its pictures or films.")
    await expect(wall.locator("[data-fact=reach]")).to_have_text("5.5 m")
    await expect(wall.locator("[data-fact=broken]")).to_have_text("/media/castle.webp")
    assert await violations(page) == []


async def test_an_emergency_is_settled_by_a_person(house: House) -> None:
    page = await house.page()
    await house.office.frame.alarms.emergency(HALL, CounterId("1"), "", SOMEBODY)
    await expect(page.locator("[data-part=alarms]")).to_contain_text("Emergency at Counter 1! Please go there.")
    await page.get_by_role("button", name="Settled").click()
    await expect(page.locator("[data-alarms]")).to_be_hidden()


async def test_what_staff_want_reaches_the_device_and_they_see_that_it_did(house: House) -> None:
    page = await house.page(Role.SUPERVISOR)
    wall = card(page, "display:wall")
    await wall.get_by_text("Actions").click()
    await wall.get_by_label("Volume").fill("30")
    await wall.get_by_role("button", name="Set", exact=True).click()
    await expect(wall.get_by_role("status")).to_contain_text("Sent.")
    (command,) = (await house.report("display:wall"))["commands"]
    assert (command["name"], command["value"]) == ("volume", 30)
    await expect(wall.get_by_role("status")).to_have_text("The device has it.")
    await wall.get_by_role("button", name="Screen dark").click()
    await expect(wall.get_by_role("status")).to_contain_text("Sent.")
    assert [c["value"] for c in (await house.report("display:wall"))["commands"]] == [True]


async def test_pairing_and_taking_out_by_keyboard_alone(house: House) -> None:
    begun = await house.office.frame.watch.letting_in.begin(next(iter(await _display(house))))
    assert begun is not None
    page = await house.page()
    await expect(page.locator("dialog")).to_be_hidden()
    wall = card(page, "display:wall")
    await wall.locator("summary").focus()
    await page.keyboard.press("Enter")
    await wall.get_by_label("Pair: the code").focus()
    await page.keyboard.type("WRONGONE")
    await page.keyboard.press("Enter")
    await expect(wall.get_by_role("status")).to_have_text("The device does not show this code.")
    await wall.get_by_label("Pair: the code").fill(code_of(begun[0]).lower())
    await page.keyboard.press("Enter")
    await expect(wall.get_by_role("status")).to_have_text("Paired. The device goes on by itself.")
    await wall.get_by_role("button", name="Take the device out").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(wall.get_by_role("status")).to_have_text("Taken out.")
    await expect(wall.locator("[data-part=state]")).to_have_text("never seen")


async def _display(house: House) -> list[Any]:
    return [present.name for present in await house.office.frame.attendance.present() if present.name.id == "wall"]


@pytest.mark.parametrize(
    ("role", "commands", "pairs"),
    [(Role.VIEWER, 0, 0), (Role.COUNTER, 0, 0), (Role.SUPERVISOR, 5, 0), (Role.ADMIN, 5, 3)],
)
async def test_who_may_only_look_is_offered_nothing_else(house: House, role: Role, commands: int, pairs: int) -> None:
    page = await house.page(role)
    assert await page.locator(".device__buttons, button[data-command=printer_test]").count() == commands
    assert await page.locator("form[data-pair]").count() == pairs


@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_is_cut_off(house: House, width: int, scheme: Any) -> None:
    size = ViewportSize(width=width, height=800)
    page = await house.page(viewport=size, color_scheme=scheme)
    await house.report("agent:door", printer={"online": True, "paper": "out"})
    await house.report("display:wall", audio="running", volume=40, rendered={"hall": [1, 1]})
    for summary in await page.locator("summary:visible").all():
        await summary.click()
    await expect(card(page, "agent:door").locator("[data-part=device-alarms]")).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
