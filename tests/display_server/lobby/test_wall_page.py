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
from tests.display_server.lobby.walls import ANNEX, HALL, MANY, WallsOf, crowded, hall, place, shows
from tests.support.axe import violations
from tests.support.eventually import eventually
from tests.support.zones import text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = [WIDE, UPRIGHT, (3840, 2160), (1366, 768)]
NAMES = ["full-hd", "upright", "4k", "small"]
CAPITAL_SHARE = (
    "element => { const c = new OffscreenCanvas(1, 1).getContext('2d'); const s = getComputedStyle(element);"
    " c.font = `${s.fontWeight} ${s.fontSize} ${s.fontFamily}`; return c.measureText('H').actualBoundingBoxAscent; }"
)
MM_PER_INCH, DISTANCE_PER_CAPITAL = 25.4, 82
STALE_MS = 15_000
#: Whether an element's text is cut: by itself, or by whatever hides what leaves it.
CUT = """() => {
  const cut = [];
  const seen = document.querySelectorAll(
    "[data-part=now] p, .lobby__line, .lobby__line-counter, .lobby__label, .lobby__notices, .lobby__place");
  for (const element of seen) {
    if (!element.getClientRects().length) continue;
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
      node.textContent.trim() && !node.parentElement.closest(".wz-visually-hidden, [hidden]") ? 1 : 3);
    const range = document.createRange();
    const boxes = [];
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      boxes.push(range.getBoundingClientRect());
    }
    if (!boxes.length) continue;
    const text = { left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
      bottom: Math.max(...boxes.map((b) => b.bottom)) };
    // A line's box is higher than its ink; numbers have nothing below their line.
    const slack = (element.matches(".lobby__number") ? 0.4 : 0.16) * parseFloat(getComputedStyle(element).fontSize);
    for (let frame = element; frame && frame !== document.body; frame = frame.parentElement) {
      if (getComputedStyle(frame).overflowX === "visible") continue;
      const box = frame.getBoundingClientRect();
      if (text.right > box.right + 1.5 || text.left < box.left - 1.5 || text.bottom > box.bottom + slack) {
        cut.push(`${element.className}: ${element.textContent.trim().slice(0, 40)}`);
        break;
      }
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("distance_m", [5, 8, 12])
@pytest.mark.parametrize("size", [WIDE, UPRIGHT, (3840, 2160)], ids=["full-hd", "upright", "4k"])
async def test_capitals_are_high_enough_for_the_distance(
    walls_of: WallsOf, size: tuple[int, int], distance_m: float
) -> None:
    if size == UPRIGHT and distance_m > 8:
        pytest.skip("five characters across an upright screen cannot be read from so far")
    async with walls_of(place(distance_m=distance_m, screen_inches=55)) as walls:
        wall = await walls.wall(size=size)
        for counter in ("1", "2"):
            await walls.call(counter)
        await expect(wall.locator("[data-part=calls] li")).to_have_count(1)
        diagonal = (size[0] ** 2 + size[1] ** 2) ** 0.5
        capital = await wall.locator(".lobby__number").evaluate(CAPITAL_SHARE)
        assert capital * 55 * MM_PER_INCH / diagonal >= 1000 * distance_m / DISTANCE_PER_CAPITAL


@pytest.mark.parametrize("size", [WIDE, UPRIGHT], ids=["full-hd", "upright"])
async def test_a_call_can_be_read_below_all_notices_at_once(walls_of: WallsOf, size: tuple[int, int]) -> None:
    """A message of staff, a ticker, and in three languages that the connection is gone."""
    crowd = place(distance_m=5, screen_inches=55, languages=("de", "en", "tr"), ticker=text("Ausweise bereithalten"))
    order = {"commands": [{"id": "1", "name": "message", "value": "Der Aufzug ist defekt, nehmen Sie die Treppe"}]}
    async with walls_of(crowd, zones=(crowded(),)) as walls:
        wall = await walls.wall(size=size, clock=True)
        for counter in ("1", "2"):
            await walls.call(counter, "s0")
        await wall.route("**/report", lambda route: route.fulfill(json={**order, "every_s": 5}))
        for _ in range(10):
            await wall.clock.run_for(1000)
        await expect(wall.locator("[data-part=message]")).to_be_visible()
        await wall.context.set_offline(True)
        await wall.clock.run_for(STALE_MS)
        await expect(wall.locator("[data-part=stale]")).to_be_visible()
        diagonal = (size[0] ** 2 + size[1] ** 2) ** 0.5
        needed = 1000 * 5 / DISTANCE_PER_CAPITAL / (55 * MM_PER_INCH / diagonal)

        async def is_readable() -> bool:
            return bool(await wall.locator(".lobby__number").evaluate(CAPITAL_SHARE) >= needed)

        assert await eventually(is_readable)


async def test_the_wall_says_from_how_far_it_can_be_read_when_that_is_too_near(walls_of: WallsOf) -> None:
    async with walls_of(place(distance_m=40, screen_inches=32)) as walls:
        wall = await walls.wall()
        async with wall.expect_request(
            lambda r: r.url.endswith("/report") and '"reach_m":' in (r.post_data or "")
        ) as asked:
            await walls.call()
        report = (await asked.value).post_data_json or {}
        assert 0 < (report["facts"]["reach_m"] or 1) < 40
        await expect(wall.locator("[data-part=body]")).to_have_attribute("data-far", "")


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


async def nothing_is_cut(wall: Page) -> bool:
    """Its sizes are found anew when a font or a row has come, in the page's own time."""
    await wall.clock.run_for(200)
    assert await wall.evaluate(CUT) == []
    return True


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
