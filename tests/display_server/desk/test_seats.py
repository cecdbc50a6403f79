"""Two pages at one counter: one works, the other says so, locks, and has a way back."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.display_server.desk.clerk import another_login, at_counter, call_next, open_desk
from tests.display_server.hall import Hall, Screens
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SOON_MS = 15_000


def lock(desk: Page) -> Locator:
    return desk.get_by_role("dialog", name="Eine andere Seite hat diesen Schalter übernommen")


async def occupied(hall: Hall, screens: Screens, path: str = "1") -> Page:
    """A second clerk's page at the counter where somebody works."""
    context = await screens.browser.new_context(base_url=hall.building.office.address, locale="de-DE")
    cookie = another_login(hall.building)
    await context.add_cookies([{"name": "wartezone", "value": cookie, "url": hall.building.office.address}])
    desk = await context.new_page()
    await desk.goto(f"/desk/{hall.zone}/{path}")
    await expect(desk.get_by_role("dialog", name="An diesem Schalter arbeitet jemand")).to_be_visible()
    return desk


async def test_whoever_comes_second_is_told_and_may_take_over_and_back(hall: Hall, screens: Screens) -> None:
    first = await open_desk(screens)
    second = await occupied(hall, screens)
    await expect(second.locator("[data-part=seat-since]")).to_contain_text("Auf einer anderen Seite, seit")
    await second.keyboard.press("Escape")
    await second.keyboard.press("n")
    await expect(second.get_by_role("dialog")).to_be_visible()
    await second.get_by_role("button", name="Übernehmen").click()
    await expect(second.locator("[data-part=status]")).to_have_text("Sie arbeiten jetzt an diesem Schalter.")
    await expect(second.locator("[data-part=next]")).to_be_focused()
    await expect(lock(first)).to_be_visible(timeout=SOON_MS)
    await first.get_by_role("button", name="Zurückholen").click()
    await expect(lock(first)).to_be_hidden()
    await expect(lock(second)).to_be_visible(timeout=SOON_MS)


async def test_a_page_that_lost_its_seat_calls_nobody(hall: Hall, screens: Screens) -> None:
    await hall.numbers(1)
    first = await open_desk(screens)
    await first.route("**/seat", lambda route: route.abort())
    second = await occupied(hall, screens)
    await second.get_by_role("button", name="Übernehmen").click()
    await expect(second.get_by_role("dialog")).to_be_hidden()
    await first.locator("[data-part=next]").click()
    await expect(lock(first)).to_be_visible()
    assert (await hall.public())["totals"]["called"] == 0


async def test_a_visitor_is_not_taken_from_somebody_who_is_there(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    first = await open_desk(screens)
    await call_next(first, number)
    second = await occupied(hall, screens)
    await expect(second.get_by_role("dialog")).to_contain_text("Am Schalter ist Besuch.")
    await expect(second.get_by_role("button", name="Übernehmen")).to_be_hidden()
    await expect(second.get_by_role("link", name="Anderer Schalter").last).to_be_visible()


async def test_the_same_login_s_other_window_may_take_the_visitor_along(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    first = await open_desk(screens)
    await call_next(first, number)
    other = await first.context.new_page()
    await other.goto(first.url)
    await other.get_by_role("button", name="Übernehmen").click()
    await expect(at_counter(other)).to_have_text(number)
    await expect(lock(first)).to_be_visible()


async def test_reloading_keeps_the_seat(screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.reload()
    await expect(desk.locator("[data-part=counter-state]")).to_have_text("offen")
    async with desk.expect_response("**/seat") as answer:
        await desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert (await answer.value).ok
    await expect(desk.get_by_role("dialog")).to_be_hidden()


async def test_closing_the_tab_frees_the_counter_visitor_and_all(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    first = await open_desk(screens)
    await call_next(first, number)
    await first.close(run_before_unload=True)

    async def free() -> bool:
        page = await screens.board()
        listed = await page.request.get(f"/api/v1/zones/{hall.zone}/seats")
        await page.close()
        return not (await listed.json())["seats"]

    await eventually(free, 10)
    choice = await screens.browser.contexts[-1].new_page()
    await choice.goto("/desk")
    await expect(choice.locator(f'[data-live="{hall.zone}"] [data-id="1"]')).to_contain_text("Mit Besuch verlassen")
    second = await screens.desk()
    await expect(at_counter(second)).to_have_text(number)
    await expect(second.get_by_role("dialog")).to_be_hidden()


async def test_the_choice_of_counters_says_where_somebody_works(hall: Hall, screens: Screens) -> None:
    desk = await open_desk(screens)
    choice = await desk.context.new_page()
    await choice.goto("/desk")
    card = choice.locator(f'[data-live="{hall.zone}"] [data-id="1"]')
    await expect(card).to_contain_text("Hier hat gerade jemand angefangen.")
    await expect(choice.locator(f'[data-live="{hall.zone}"] [data-id="2"]')).to_contain_text("frei")
    await desk.close(run_before_unload=True)
    await expect(card).to_contain_text("Offen, aber niemand arbeitet hier.", timeout=SOON_MS)


async def test_no_page_tells_who_works_there(hall: Hall, screens: Screens) -> None:
    await open_desk(screens)
    page = await screens.board()
    listed = await (await page.request.get(f"/api/v1/zones/{hall.zone}/seats")).json()
    assert [set(seat) for seat in listed["seats"]] == [{"counter", "for_s"}]
