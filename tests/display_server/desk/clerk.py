"""What a clerk sees and presses at a desk."""

from typing import Any

import httpx
from playwright.async_api import Locator, Page, expect

from tests.display_server.hall import LOGIN, PASSWORD, Building, Screens
from tests.support.eventually import eventually


def at_counter(desk: Page) -> Locator:
    return desk.locator("[data-part=held] [data-field=number]")


def button(desk: Page, name: str) -> Locator:
    return desk.get_by_role("group", name="Besuch am Schalter").get_by_role("button", name=name)


def row_of(desk: Page, number: str, section: str = "waiting") -> Locator:
    return desk.locator(f"[data-part={section}] tr", has_text=number)


async def open_desk(screens: Screens, counter: str = "1", **more: Any) -> Page:
    desk = await screens.desk(counter, **more)
    await desk.get_by_role("button", name="Schalter öffnen").click()
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("offen")
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")
    return desk


async def call_next(desk: Page, number: str) -> None:
    await desk.locator("[data-part=next]").click()
    await expect(at_counter(desk)).to_have_text(number)
    await answered(desk)


async def answered(desk: Page) -> None:
    """The stream may tell of a command before its own answer has come."""
    await expect(desk.locator("[data-part=next]")).to_have_attribute("aria-busy", "false")


async def press_when_it_counts(desk: Page, number: str, key: str = "n") -> None:
    """Presses the key until the guard against double clicks has let it through: at once, or after its time."""

    async def called() -> bool:
        if await at_counter(desk).inner_text() != number:
            await desk.keyboard.press(key)
        return await at_counter(desk).inner_text() == number

    await eventually(called)


def another_login(building: Building) -> str:
    """The cookie of a second clerk's session."""
    address = building.office.address
    with httpx.Client(base_url=address, headers={"Origin": address}) as client:
        answer = client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return client.cookies["wartezone"]
