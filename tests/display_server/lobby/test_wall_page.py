"""The wall, in real Chromium: what it shows of one zone or several, how large, and in which order."""

import re
from datetime import date, time, timedelta
from functools import partial

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.devices import DisplayPlace, Theme
from queue_core.domain.model import CounterId, ServiceId
from queue_core.domain.office import Hours, Interval
from tests.display_server.hall import UPRIGHT, WIDE
from tests.display_server.lobby.walls import (
    ANNEX,
    CUT,
    HALL,
    MANY,
    NAMES,
    SIZES,
    WallsOf,
    crowded,
    hall,
    nothing_is_cut,
    place,
    shows,
)
from tests.support.axe import violations
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_call_shows_counter_direction_floor_and_way(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        number = await walls.call()
        now = wall.locator("[data-part=now]")
        await expect(now.locator("[data-field=number]")).to_have_text(number)
        await expect(now.locator("[data-field=counter]")).to_have_text("Counter 1")
        await expect(now.locator("[data-field=floor]")).to_have_text("1. Stock")
        await expect(now.locator("use")).to_have_attribute("href", "#arrow-left")
        await expect(now.locator("[data-field=direction]")).to_have_text("nach links")
        await walls.call("2")
        await expect(now.locator("[data-field=counter]")).to_have_text("Counter 2")
        await expect(now.locator("svg")).to_be_hidden()


async def test_left_stays_left_in_a_language_that_is_written_from_the_right(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        await walls.call()
        await wall.evaluate("document.documentElement.dir = 'rtl'")
        arrow, name = wall.locator("[data-part=now] svg"), wall.locator("[data-part=now] [data-field=counter]")
        await expect(arrow).to_have_css("transform", "none")
        arrow_box, name_box = await arrow.bounding_box(), await name.bounding_box()
        assert arrow_box
        assert name_box
        assert arrow_box["x"] > name_box["x"]
        assert await wall.evaluate(CUT) == []


async def test_a_new_call_blinks_for_less_than_five_seconds_or_is_framed(walls_of: WallsOf) -> None:
    times = "element => element.getAnimations().map(a => a.effect.getComputedTiming().endTime)"
    async with walls_of(place()) as walls:
        moving, still = await walls.wall(), await walls.wall(reduced_motion="reduce")
        number = await walls.call()
        for wall in (moving, still):
            assert await shows(wall, number)
        (length_ms,) = await moving.locator("[data-part=call]").evaluate(times)
        assert 0 < length_ms < 5000
        assert await still.locator("[data-part=call]").evaluate(times) == []
        await expect(still.locator("[data-part=call]")).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("lines", [4, 8])
async def test_as_many_calls_as_configured_stand_in_the_list(walls_of: WallsOf, lines: int) -> None:
    async with walls_of(place(lines=lines)) as walls:
        numbers = [await walls.call() for _ in range(10)]
        wall = await walls.wall()
        listed = wall.locator("[data-part=calls] li [data-field=number]")
        await expect(listed).to_have_count(lines)
        assert await listed.all_inner_texts() == numbers[-2 : -lines - 2 : -1]
        assert await wall.evaluate(CUT) == []


async def test_two_zones_are_one_wall_and_each_call_is_shown_once_in_order(walls_of: WallsOf) -> None:
    async with walls_of(place(HALL, ANNEX)) as walls:
        wall = await walls.wall()
        await expect(wall.locator("[data-part=place]")).to_have_text("Hall · Annex")
        numbers = [await walls.call(), await walls.call(zone_id=ANNEX), await walls.call("2", "short")]
        assert await shows(wall, *numbers)
        await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(numbers[-1])
        await expect(wall.locator("[data-part=now-zone]")).to_have_text("Hall")
        first = wall.locator("[data-part=calls] li").first
        await expect(first).to_contain_text(numbers[1])
        await expect(first).to_contain_text("Annex")


async def test_a_wall_shows_only_the_counters_and_services_that_it_is_for(walls_of: WallsOf) -> None:
    narrow = place(services=(ServiceId("new"),), counters=(CounterId("1"),))
    async with walls_of(narrow, DisplayPlace("all", (HALL,))) as walls:
        wall, other = await walls.wall(), await walls.wall("all")
        there = await walls.call("1", "new")
        elsewhere = [await walls.call("2", "new"), await walls.call("1", "short")]
        assert await shows(other, there, *elsewhere)
        assert await shows(wall, there)
        await expect(wall.locator("[data-part=services] li")).to_have_count(1)
        await expect(wall.locator("[data-part=calls-frame]")).to_be_hidden()


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
async def test_many_services_and_long_names_are_not_cut(walls_of: WallsOf, size: tuple[int, int]) -> None:
    both = (place(), DisplayPlace("narrow", (HALL,), columns=1))
    async with walls_of(*both, zones=(crowded(),)) as walls:
        shown = [await walls.wall(display, size, clock=True) for display in ("wall", "narrow")]
        for counter in ("1", "2", "1"):
            await walls.call(counter, "s1")
        for wall in shown:
            await expect(wall.locator("[data-part=services] li")).to_have_count(MANY)
            await wall.clock.run_for(15_000)
            await expect(wall.locator("[data-part=calls] li")).to_have_count(2)
            await eventually(partial(nothing_is_cut, wall), 15)
            assert await seen_services(wall) == {f"hall/s{n}" for n in range(MANY)}


async def seen_services(wall: Page) -> set[str]:
    """Every service that is wholly within its list on one of the pages; pages turn no sooner than every 10 s."""
    whole = """() => {
      const list = document.querySelector("[data-part=services]").getBoundingClientRect();
      return [...document.querySelectorAll("[data-part=services] li")].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.left >= list.left - 1 && box.right <= list.right + 1 && box.bottom <= list.bottom + 1;
      }).map((row) => row.dataset.id);
    }"""
    seen: set[str] = set(await wall.evaluate(whole))
    assert seen
    for _ in range(MANY):
        await wall.clock.run_for(10_000)
        seen |= set(await wall.evaluate(whole))
    return seen


async def test_several_languages_take_turns_and_numbers_stay(walls_of: WallsOf) -> None:
    async with walls_of(place(languages=("de", "en"))) as walls:
        wall = await walls.wall(clock=True)
        number = await walls.call()
        title = wall.locator("#call-title")
        await expect(title).to_contain_text("Jetzt aufgerufen")
        await wall.clock.run_for(11_000)
        await expect(title).to_contain_text("Now called")
        await expect(wall.locator("html")).to_have_attribute("lang", "en")
        await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(number)
        await wall.clock.run_for(10_000)
        await expect(title).to_contain_text("Jetzt aufgerufen")


async def test_what_takes_turns_can_be_stopped(walls_of: WallsOf) -> None:
    async with walls_of(place(languages=("de", "en"))) as walls:
        wall = await walls.wall(clock=True)
        await wall.keyboard.press("Space")
        await wall.clock.run_for(35_000)
        await expect(wall.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("size", [WIDE, UPRIGHT], ids=["wide", "upright"])
@pytest.mark.parametrize("theme", Theme)
async def test_axe_finds_nothing_in_any_theme(walls_of: WallsOf, theme: Theme, size: tuple[int, int]) -> None:
    shown = place(HALL, ANNEX, theme=theme, ticker={"de": "Bitte Ausweis bereithalten."}, accent="#7a8a99")
    async with walls_of(shown) as walls:
        wall = await walls.wall(size=size, reduced_motion="reduce")
        await expect(wall.locator("[data-part=nobody]")).to_be_visible()
        assert await violations(wall) == []
        for counter in ("1", "2"):
            await walls.call(counter)
        await expect(wall.locator("[data-part=calls] li")).to_have_count(1)
        assert await violations(wall) == []


async def test_forced_colours_and_twice_the_size_lose_nothing(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        forced = await walls.wall(forced_colors="active")
        zoomed = await walls.wall(size=(WIDE[0] // 2, WIDE[1] // 2), device_scale_factor=2)
        number = await walls.call()
        for wall in (forced, zoomed):
            assert await shows(wall, number)
            assert await wall.evaluate(CUT) == []
            await expect(wall.locator("[data-part=now] svg")).to_be_visible()


async def test_after_hours_the_wall_says_when_it_goes_on_and_asks_nobody_to_wait(walls_of: WallsOf) -> None:
    in_two_days = date.today() + timedelta(days=2)
    seldom = Hours(extra={in_two_days: (Interval(time(8), time(9)),)})
    for hours, told in ((Hours(), ""), (seldom, f" Wir öffnen wieder: .*{in_two_days.day}\\. .*08:00")):
        async with walls_of(place(), zones=(hall(hours=hours),)) as walls:
            wall = await walls.wall()
            nobody = re.compile(f"^Wir haben jetzt geschlossen\\.{told}$")
            await expect(wall.locator("[data-part=nobody]")).to_have_text(nobody)
            assert await violations(wall) == []


async def test_whoever_is_inside_after_hours_is_still_told_to_wait(walls_of: WallsOf) -> None:
    async with walls_of(place(), zones=(hall(),)) as walls:
        await walls.command("tickets", {"service": "new"})
        for service in ("new", "short"):
            await walls.command(f"services/{service}/close")
        wall = await walls.wall()
        await expect(wall.locator("[data-part=nobody]")).to_contain_text("Ihre Nummer erscheint hier.")
