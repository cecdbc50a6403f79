"""The wall, in real Chromium on a real office: each call is shown and sounded once, and never lost."""

import signal

import pytest
from playwright.async_api import Browser, expect

from tests.display_server.hall import UPRIGHT, Hall, Screens, screens_in
from tests.display_server.lobby.walls import announced
from tests.display_server.lobby.walls import shows as hears
from tests.support.axe import violations
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

READ_FROM_10_M_PX = 288
STALE_MS, DEAD_MS = 15_000, 90_000


async def test_a_call_is_shown_and_sounded_once(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    await expect(wall.locator("[data-part=nobody]")).to_be_visible()
    number = await called(hall)
    await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(number)
    await expect(wall.locator("[data-part=now] [data-field=counter]")).to_have_text("Schalter 1")
    await expect(wall.locator("[data-part=now]")).to_contain_text("Gleich links")
    await expect(wall.locator("[data-wall]")).to_have_attribute("data-said", number)


async def test_calls_of_one_moment_are_announced_one_after_the_other(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    await expect(wall.locator("[data-part=clock]")).not_to_be_empty()
    numbers = await hall.numbers(2)
    for counter in ("1", "2"):
        await hall.command(f"counters/{counter}/open")
    for counter in ("1", "2"):
        await hall.command(f"counters/{counter}/call-next")
    await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(numbers[0])
    assert await announced(wall) == numbers[:1]
    assert await hears(wall, *numbers)
    await expect(wall.locator("[data-part=calls] li").first).to_contain_text(numbers[0])


async def test_a_recall_sounds_again(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    number = await called(hall)
    assert await hears(wall, number)

    async def recalled() -> bool:
        try:
            return bool(await hall.command("counters/1/recall"))
        except AssertionError:
            return False

    await eventually(recalled, within_s=10)
    assert await hears(wall, number, number)
    await expect(wall.locator("[data-part=calls-frame]")).to_be_hidden()


async def test_an_undone_call_is_retracted(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    number = await called(hall)
    await expect(wall.locator("[data-part=now]")).to_contain_text(number)
    await hall.command("counters/1/undo")
    await expect(wall.locator("[data-part=nobody]")).to_be_visible()
    assert await announced(wall) == [number]


async def test_loading_the_page_again_neither_repeats_nor_loses_a_call(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    first = await called(hall)
    assert await hears(wall, first)
    await wall.goto("about:blank")
    second = await called_next(hall)
    await wall.go_back()
    assert await hears(wall, second)
    await expect(wall.locator("[data-part=calls] li").first).to_contain_text(first)


async def test_a_wall_switched_on_late_does_not_sound_for_what_was_called_before(hall: Hall, screens: Screens) -> None:
    number = await called(hall)
    wall = await screens.wall()
    await expect(wall.locator("[data-part=now]")).to_contain_text(number)
    assert await announced(wall) == []


@pytest.mark.slow
async def test_the_wall_outlives_the_server_and_hears_each_call_once(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    first = await called(hall)
    assert await hears(wall, first)
    hall.building.office.kill_both()
    hall.building.office.start()
    second = await called_next(hall)
    assert await hears(wall, first, second, within_s=30)
    assert screens.loads[wall] == 1


@pytest.mark.slow
async def test_a_wall_that_hears_nothing_says_so_and_hides_waits(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    await expect(wall.locator("[data-part=services] li")).to_have_count(2)
    await wall.clock.install()
    await wall.reload()
    await expect(wall.locator("[data-part=services] li")).to_have_count(2)
    hall.building.office.server.send_signal(signal.SIGSTOP)
    try:
        await wall.clock.run_for(STALE_MS + 1000)
        await expect(wall.locator("[data-part=stale]")).to_be_visible()
        await expect(wall.locator("[data-part=services]")).to_be_visible()
        await wall.clock.run_for(DEAD_MS - STALE_MS)
        await expect(wall.locator("[data-part=services]")).to_be_hidden()
        await expect(wall.locator("[data-part=waits-hidden]")).to_be_visible()
    finally:
        hall.building.office.server.send_signal(signal.SIGCONT)
    await wall.clock.resume()
    await expect(wall.locator("[data-part=stale]")).to_be_hidden(timeout=20_000)
    await expect(wall.locator("[data-part=services]")).to_be_visible()


async def test_a_silent_wall_says_that_it_is_silent_until_somebody_touches_it(hall: Hall, browser: Browser) -> None:
    async with screens_in(browser, hall) as screens:
        wall = await screens.wall()
        hint = wall.get_by_role("button", name="Ton ist aus")
        await expect(hint).to_be_visible()
        number = await called(hall)
        assert await hears(wall, number)
        await expect(wall.locator("[data-wall]")).to_have_attribute("data-audio", "suspended")
        await hint.click()
        await expect(hint).to_be_hidden()
        await expect(wall.locator("[data-wall]")).to_have_attribute("data-said", number)


async def test_the_number_can_be_read_from_ten_metres(hall: Hall, screens: Screens) -> None:
    wall = await screens.wall()
    number = await called(hall)
    await expect(wall.locator("[data-part=now]")).to_contain_text(number)
    size = await wall.locator(".lobby__number").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= READ_FROM_10_M_PX


@pytest.mark.parametrize("size", [(1920, 1080), UPRIGHT, (1280, 720)])
async def test_everything_fits_on_the_screen(hall: Hall, screens: Screens, size: tuple[int, int]) -> None:
    wall = await screens.wall(size)
    number = await called(hall)
    await expect(wall.locator("[data-part=now]")).to_contain_text(number)
    for part in ("[data-part=now] [data-field=way]", "[data-part=services]", "[data-part=as-of]"):
        box = await wall.locator(part).bounding_box()
        assert box is not None, part
        assert box["y"] + box["height"] <= size[1], part
        assert box["x"] + box["width"] <= size[0], part


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_and_contrast_is_seven_to_one(hall: Hall, screens: Screens, theme: str) -> None:
    wall = await screens.wall(query=f"?theme={theme}")
    await expect(wall.locator("[data-part=nobody]")).to_be_visible()
    assert await violations(wall) == []
    number = await called(hall)
    await expect(wall.locator("[data-part=now]")).to_contain_text(number)
    await wall.locator("[data-part=call]").evaluate(
        "element => Promise.all(element.getAnimations().map(animation => animation.finished))"
    )
    assert await violations(wall) == []


async def called(hall: Hall) -> str:
    """A visitor is called to counter 1."""
    await hall.command("counters/1/open")
    return await called_next(hall)


async def called_next(hall: Hall) -> str:
    number = str((await hall.draw())["number"])
    done = await hall.command("counters/1/call-next", {"current": "finish"})
    assert done["ticket"]["number"] == number
    return number
