"""The desk for every eye and ear: small windows, zoom, dark, forced colours, screen readers; nothing cut off."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.display_server.desk.clerk import at_counter, button, call_next, open_desk
from tests.display_server.hall import Hall, Screens
from tests.support.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = [(1920, 1080), (1366, 768), (683, 384), (480, 800), (320, 640)]
_PLAIN: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}
#: Without motion all of them, which axe does not see: no colour is on its way to another when it looks.
MODES: dict[str, dict[str, Any]] = {
    "dark": {**_PLAIN, "color_scheme": "dark"},
    "forced": {**_PLAIN, "forced_colors": "active"},
    "light": _PLAIN,
}
#: Visible texts that are wider than their place, or stand outside the window.
_CUT = """
() => [...document.querySelectorAll("button, h1, p, dd, dt, td, th, label, summary, .wz-chip")]
  .filter((one) => one.checkVisibility() && !one.closest(".wz-visually-hidden") && !one.closest("thead"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
    || one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.className + ": " + one.textContent.trim().slice(0, 60))
"""


async def nothing_is_cut(desk: Page) -> None:
    assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await desk.evaluate(_CUT) == []


async def axe_finds_nothing(desk: Page, within: str | None = None) -> None:
    """In no mode."""
    for mode, options in MODES.items():
        await desk.emulate_media(**options)
        assert await violations(desk, within) == [], mode


async def test_axe_finds_nothing(worded: Hall, worded_screens: Screens) -> None:
    numbers = await worded.numbers(2)
    desk = await worded_screens.desk()
    await axe_finds_nothing(desk)
    desk = await open_desk(worded_screens, "2")
    await call_next(desk, numbers[0])
    await axe_finds_nothing(desk)
    for name in ("Parken", "Zurückstellen", "Weiterleiten", "Weiteres Anliegen"):
        await button(desk, name).click()
        await axe_finds_nothing(desk)
        await desk.keyboard.press("Escape")
    await desk.keyboard.press("?")
    await axe_finds_nothing(desk)
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("v")
    await axe_finds_nothing(desk)
    await desk.goto("/desk")
    await axe_finds_nothing(desk, f'[data-live="{worded.zone}"]')


@pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])
async def test_nothing_is_cut_at_any_size(worded: Hall, worded_screens: Screens, size: tuple[int, int]) -> None:
    """683 x 384 is a usual screen at 200 %."""
    await worded.draw("short", "priority")
    numbers = await worded.numbers(3)
    desk = await open_desk(worded_screens, size=size)
    await nothing_is_cut(desk)
    await desk.locator("[data-part=next]").click()
    await expect(desk.locator("[data-part=held]")).to_be_visible()
    await desk.keyboard.press("p")
    await desk.keyboard.press("1")
    await call_next(desk, numbers[0])
    await nothing_is_cut(desk)
    for key in ("t", "b", "?"):
        await desk.keyboard.press(key)
        await nothing_is_cut(desk)
        await desk.keyboard.press("Escape")


async def test_the_small_window_keeps_number_next_and_times_in_sight(worded: Hall, worded_screens: Screens) -> None:
    (number,) = await worded.numbers(1)
    desk = await open_desk(worded_screens, size=(360, 420))
    await call_next(desk, number)
    await desk.keyboard.press("v")
    for part in ("[data-part=next]", "[data-field=number]", "[data-field=serving]"):
        await expect(desk.locator(part).first).to_be_in_viewport(ratio=1)
    await expect(desk.locator(".desk__queue")).to_be_hidden()
    await nothing_is_cut(desk)
    await desk.reload()
    await expect(desk.locator(".desk__queue")).to_be_hidden()
    await expect(at_counter(desk)).to_have_text(number)
    await desk.keyboard.press("s")
    await expect(desk.locator("[data-part=ticket-state]")).to_have_text("in Bearbeitung")
    await desk.keyboard.press("v")
    await expect(desk.locator(".desk__queue")).to_be_visible()


async def test_on_a_usual_screen_every_step_is_in_sight(worded: Hall, worded_screens: Screens) -> None:
    (number,) = await worded.numbers(1)
    desk = await open_desk(worded_screens, size=(1366, 768))
    await call_next(desk, number)
    for part in ("[data-part=next]", "[data-action=serve]", "[data-part=undo]"):
        await expect(desk.locator(part)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 1600])
async def test_a_zone_s_name_is_read_whole(worded_screens: Screens, width: int) -> None:
    desk = await open_desk(worded_screens, size=(width, 800))
    name = desk.locator(".desk__zone")
    await name.evaluate("element => element.textContent = 'Wartezone zum Ausprobieren'")
    # Letters reach a little beyond their line, a third line would reach far.
    assert await name.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 8")
    await nothing_is_cut(desk)


async def test_a_screen_reader_hears_where_it_is(worded: Hall, worded_screens: Screens) -> None:
    first, second = await worded.numbers(2)
    desk = await open_desk(worded_screens)
    tree = await desk.locator("main").aria_snapshot()
    for line in (
        'heading "An Ihrem Schalter" [level=1]',
        'button "Nächste Nummer aufrufen"',
        'region "Alarme"',
        "table",
    ):
        assert line in tree, tree
    await call_next(desk, first)
    tree = await desk.locator("main").aria_snapshot()
    for line in ("status: A001 wurde aufgerufen.", 'button "Beenden und nächste Nummer"', 'group "Besuch am Schalter"'):
        assert line in tree, tree
    assert f'rowheader "{second}"' in tree
    assert f'button "Aufrufen {second}" [disabled]' in tree
    await desk.keyboard.press("p")
    assert "dialog" in await desk.locator("dialog[open]").aria_snapshot()
    await expect(desk.get_by_role("dialog", name="Warum wird geparkt?")).to_be_visible()
