"""The desk keeps still: what comes and goes moves nothing that a hand is about to press."""

import pytest
from playwright.async_api import Page, expect

from tests.display_server.desk.clerk import call_next, open_desk
from tests.display_server.hall import Hall, Screens
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _bar(desk: Page) -> float:
    box = await desk.locator(".desk__bar").bounding_box()
    assert box
    return box["height"]


@pytest.mark.parametrize("width", [1024, 1280, 1600], ids=str)
async def test_the_bar_is_as_high_with_a_visitor_as_without(hall: Hall, screens: Screens, width: int) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens, size=(width, 800))
    await expect(desk.locator("[data-action=close]")).to_be_visible()
    free = await _bar(desk)
    await call_next(desk, number)
    await expect(desk.locator("[data-action=close]")).to_be_hidden()
    assert await _bar(desk) == free


async def test_a_call_for_help_leaves_the_number_in_a_small_window(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens, size=(380, 420))
    await desk.keyboard.press("v")
    await call_next(desk, number)
    await hall.command("alarms", {"kind": "emergency", "counter": "2"})
    await expect(desk.locator("[data-part=alarms] li")).to_be_in_viewport(ratio=1)
    for part in ("[data-field=number]", "[data-part=next]"):
        await expect(desk.locator(part).first).to_be_in_viewport(ratio=1)


#: Where what a hand may be about to press stands.
_PLACES = """() => [...document.querySelectorAll(".desk__current button, .desk__queue button, .desk__bar button")]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect()).map(({ x, y }) => [x, y])"""


async def test_what_passes_lies_above_the_page_and_moves_nothing(hall: Hall, screens: Screens) -> None:
    (number, _) = await hall.numbers(2)
    desk = await open_desk(screens, size=(1366, 768))
    await call_next(desk, number)
    before = await desk.evaluate(_PLACES)
    await desk.route("**/print", lambda route: route.fulfill(status=202, json={"order": "o", "kiosk": "k"}))
    await desk.keyboard.press("d")
    await expect(desk.locator("[data-part=noted]")).to_have_text("Die Marke wird neu gedruckt.")
    assert await desk.evaluate(_PLACES) == before
    await desk.unroute("**/print")

    async def refused() -> bool:
        """The guard against double clicks has let a second press through."""
        await desk.keyboard.press("d")
        return await desk.locator("[data-part=problem]").is_visible()

    assert await eventually(refused)
    assert await desk.evaluate(_PLACES) == before
    await desk.get_by_role("button", name="Schließen", exact=True).click()
    await expect(desk.locator("[data-part=problem]")).to_be_hidden()


async def test_an_alarm_moves_neither_the_keys_nor_the_bar(hall: Hall, screens: Screens) -> None:
    (number, _) = await hall.numbers(2)
    desk = await open_desk(screens, size=(1366, 768))
    await call_next(desk, number)
    before = await desk.locator("[data-part=next]").bounding_box()
    await hall.command("alarms", {"kind": "emergency", "counter": "2"})
    await expect(desk.locator("[data-part=alarms] li")).to_be_in_viewport(ratio=1)
    assert await desk.locator("[data-part=next]").bounding_box() == before
