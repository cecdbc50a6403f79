"""The kiosk in every language of the house: its direction, its words, its digits, and room for all of it."""

import pytest
from playwright.async_api import Page, expect

from queue_core.web.words import languages
from tests.ticket_kiosk.terminal import CLIPPED, CORNER, Terminal, VisitOf, on_screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERY = languages("ticket_kiosk")
FROM_RIGHT_TO_LEFT = {"ar", "fa"}
SIZES = {"tall": ((1080, 1920), 21.5), "wide": ((1024, 768), 15.0)}

#: Sentences of the English screen that stand in this language's screen as they are; single words may be the same.
_LEFT_IN_ENGLISH = """(language) => {
  const said = (tag) => {
    const sentences = new Set();
    const walk = (content) => {
      const walker = document.createTreeWalker(content, NodeFilter.SHOW_ALL);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) sentences.add(node.textContent.trim());
        if (node.content) walk(node.content);
      }
    };
    walk(document.querySelector(`template[data-language="${tag}"]`).content);
    return sentences;
  };
  const english = said("en");
  return [...said(language)].filter((each) => english.has(each) && /\\p{L}{2,}\\P{L}+\\p{L}{2,}/u.test(each))
    .filter((each) => !/^\\{\\w+\\}\\W+\\{\\w+\\}$/.test(each) && each !== "Einfache Sprache");
}"""

#: Elements whose words are higher than their box, or that reach over the screen's edge.
_CUT_OFF = """() => [...document.querySelectorAll(".kiosk h1, .kiosk p, .kiosk button, .kiosk dd")]
  .filter((each) => each.checkVisibility() && !each.closest(".wz-visually-hidden"))
  .filter((each) => getComputedStyle(each).overflowY !== "visible" && each.scrollHeight > each.clientHeight + 2
    || each.getBoundingClientRect().bottom > innerHeight + 1)
  .map((each) => each.outerHTML.slice(0, 120))"""

_OTHER_DIGITS = r"() => document.querySelector('.kiosk').innerText.match(/[\u0660-\u0669\u06f0-\u06f9]/g)"


async def fits(page: Page, language: str) -> None:
    html = page.locator("html")
    await expect(html).to_have_attribute("lang", language)
    await expect(html).to_have_attribute("dir", "rtl" if language in FROM_RIGHT_TO_LEFT else "ltr")
    assert await page.evaluate(CLIPPED) == []
    assert await page.evaluate(_CUT_OFF) == []
    assert await page.evaluate(_OTHER_DIGITS) is None


async def speak(visit: Terminal, language: str) -> None:
    await visit.page.evaluate(f"document.querySelector('[data-speak=\"{language}\"]').click()")


@pytest.mark.parametrize("shape", SIZES)
async def test_from_the_start_to_the_number_everything_is_said_and_fits(visit_of: VisitOf, shape: str) -> None:
    size, inches = SIZES[shape]
    async with visit_of(size, inches, offered=EVERY) as visit:
        page = visit.page
        for drawn, language in enumerate(EVERY, start=1):
            await begin(visit)
            await visit.estimate(600, 4500, ahead=11)
            await speak(visit, language)
            await fits(page, language)
            await visit.choose()
            await on_screen(page, "confirm")
            await fits(page, language)
            await page.locator("[data-do=draw]").click(position=CORNER)
            await expect(page.locator("#ticket bdi")).to_have_text(f"A{drawn:03}")
            await fits(page, language)
            assert bool(await page.evaluate(_LEFT_IN_ENGLISH, language)) == (language == "en"), language


async def begin(visit: Terminal) -> None:
    """As for somebody who comes to it first."""
    await visit.page.reload()
    await visit.page.locator("[data-ready]").wait_for()


async def test_a_code_is_typed_from_left_to_right_and_erased_at_its_end(visit_of: VisitOf) -> None:
    async with visit_of(offered=EVERY) as visit:
        for language in sorted(FROM_RIGHT_TO_LEFT):
            await begin(visit)
            await speak(visit, language)
            await visit.page.locator("[data-do=code]:visible").click()
            await on_screen(visit.page, "code")
            typed = await visit.page.locator("[data-typed]").bounding_box()
            erase = await visit.page.locator("[data-do=erase]").bounding_box()
            assert typed
            assert erase
            assert erase["x"] > typed["x"] + typed["width"], language


async def test_joined_letters_stay_joined(visit_of: VisitOf) -> None:
    async with visit_of(offered=EVERY) as visit:
        for language in sorted(FROM_RIGHT_TO_LEFT):
            await begin(visit)
            await speak(visit, language)
            await expect(visit.page.locator("html")).to_have_attribute("lang", language)
            title = visit.page.locator("#start")
            assert await title.evaluate("(each) => getComputedStyle(each).letterSpacing") in ("normal", "0px")


async def test_persian_among_numbers_is_set_in_the_letters_of_all_other_words(visit_of: VisitOf) -> None:
    async with visit_of(offered=EVERY) as visit:
        page = visit.page
        await speak(visit, "fa")
        await visit.choose()
        await page.locator("[data-do=draw]").click(position=CORNER)
        number = page.locator("#ticket bdi")
        await expect(number).to_have_text("A001")
        await number.evaluate("(each) => { each.textContent = 'گچپژیک 3'; }")
        await page.evaluate("document.fonts.ready.then(() => {})")
        assert await fonts(page, "#ticket bdi") == {"Noto Sans Arabic", "Atkinson Hyperlegible Next"}


async def fonts(page: Page, selector: str) -> set[str]:
    """The families whose glyphs Chromium drew there."""
    tools = await page.context.new_cdp_session(page)
    await tools.send("DOM.enable")
    await tools.send("CSS.enable")
    root = (await tools.send("DOM.getDocument"))["root"]["nodeId"]
    node = (await tools.send("DOM.querySelector", {"nodeId": root, "selector": selector}))["nodeId"]
    used = await tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})
    return {each["familyName"] for each in used["fonts"]}
