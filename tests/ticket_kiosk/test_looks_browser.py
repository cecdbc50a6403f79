"""Every screen of the kiosk on every size of screen, and in every look."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.model import ServiceId
from tests.ticket_kiosk.terminal import CLIPPED, LANDSCAPE, PORTRAIT, VisitOf, looks_right, on_screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize(
    ("size", "inches", "look"),
    [
        ((1080, 1920), 21.5, "plain"),
        ((1920, 1080), 15.6, "contrast"),
        ((1080, 1920), 21.5, "large"),
        ((1024, 768), 10.1, "rtl"),
        ((800, 480), 7.0, "long"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_on_every_screen_size_nothing_is_small_clipped_or_hard_to_read(
    visit_of: VisitOf, size: tuple[int, int], inches: float, look: str
) -> None:
    async with visit_of(size, inches) as visit:
        page = visit.page
        await take_on(page, look)
        await looks_right(page)
        await page.evaluate("document.querySelector('[data-do=several]').click()")
        await looks_right(page)
        await page.keyboard.press("Escape")
        await page.evaluate("document.querySelector('[data-do=code]').click()")
        await looks_right(page)
        await page.keyboard.press("Escape")
        await visit.choose()
        await looks_right(page)
        await visit.draw()
        await on_screen(page, "ticket")
        await looks_right(page)


async def take_on(page: Page, look: str) -> None:
    """The looks that a visitor may choose; a language from right to left; words that are 40 % longer."""
    if look in ("contrast", "large"):
        await page.evaluate(f"document.querySelector('[data-do={look}]').click()")
    elif look == "rtl":
        await page.evaluate("document.documentElement.dir = 'rtl'")
    elif look == "long":
        await page.evaluate(_LONGER)
        await page.evaluate("document.querySelector('[data-speak]').click()")


_LONGER = """() => {
  for (const template of document.querySelectorAll("template[data-language]")) {
    const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent.trim().split(/\\s+/).filter((word) => word && !word.includes("{"));
      if (words.length) node.textContent += " " + words.slice(0, Math.ceil(words.length * 0.4)).join(" ");
    }
  }
}"""


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active", "reduced_motion": "reduce"}], ids=["zoom", "aids"])
async def test_at_twice_the_size_with_own_colours_and_without_motion_it_stays_usable(
    visit_of: VisitOf, options: dict[str, Any]
) -> None:
    """As Chromium zooms to 200 %: half as many pixels in the window, each twice as large, on the same screen."""
    zoomed = visit_of((960, 540), screen=LANDSCAPE, device_scale_factor=2, **options)
    async with zoomed as visit:
        await looks_right(visit.page)
        await visit.choose(ServiceId("new"))
        await looks_right(visit.page)
        await visit.draw()
        await expect(visit.page.locator("#ticket")).to_have_text("A001")
        assert await visit.page.evaluate(CLIPPED) == []


async def test_without_motion_a_list_that_fits_has_one_page(visit_of: VisitOf) -> None:
    look: dict[str, Any] = {"forced_colors": "active", "reduced_motion": "reduce"}
    async with visit_of((960, 540), device_scale_factor=2, **look) as visit:
        await expect(visit.page.locator("[data-choices]")).to_have_attribute("data-columns", "2")
        await expect(visit.page.locator("[data-choices] [data-choice]:visible")).to_have_count(2)
        await looks_right(visit.page)


async def test_larger_and_lower_puts_everything_that_is_touched_into_reach(visit_of: VisitOf) -> None:
    async with visit_of(inches=21.5) as visit:
        page = visit.page
        await page.get_by_role("button", name="Größer und tiefer").click()
        for step in (None, "several", "code"):
            if step:
                await page.evaluate(f"document.querySelector('[data-do={step}]').click()")
            assert await highest_button(page) >= PORTRAIT[1] / 2
            await page.keyboard.press("Escape")
        await visit.choose()
        assert await highest_button(page) >= PORTRAIT[1] / 2
        await visit.draw()
        await on_screen(page, "ticket")
        assert await highest_button(page) >= PORTRAIT[1] / 2


async def highest_button(page: Page) -> float:
    boxes = [await button.bounding_box() for button in await page.locator("button:visible").all()]
    return min(box["y"] for box in boxes if box)
