"""From how far a wall can be read, in real Chromium: the call, and the calls before it."""

from functools import partial

import pytest
from playwright.async_api import Page, expect

from queue_core.domain.model import CounterId, SeriesId, ServiceId
from queue_core.domain.office import CounterPlace, Service
from tests.display_server.hall import UPRIGHT, WIDE
from tests.display_server.lobby.walls import NAMES, SIZES, WallsOf, crowded, hall, nothing_is_cut, place
from tests.support.eventually import eventually
from tests.support.zones import text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAPITAL_SHARE = (
    "element => { const c = new OffscreenCanvas(1, 1).getContext('2d'); const s = getComputedStyle(element);"
    " c.font = `${s.fontWeight} ${s.fontSize} ${s.fontFamily}`; return c.measureText('H').actualBoundingBoxAscent; }"
)
MM_PER_INCH, DISTANCE_PER_CAPITAL = 25.4, 82
STALE_MS = 15_000


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
    async with walls_of(crowd, zones=(crowded(),)) as walls:
        wall = await walls.wall(size=size, clock=True)
        for counter in ("1", "2"):
            await walls.call(counter, "s0")
        await staff_say(wall, "Der Aufzug ist defekt, nehmen Sie die Treppe")
        await wall.context.set_offline(True)
        await wall.clock.run_for(STALE_MS)
        await expect(wall.locator("[data-part=stale]")).to_be_visible()
        diagonal = (size[0] ** 2 + size[1] ** 2) ** 0.5
        needed = 1000 * 5 / DISTANCE_PER_CAPITAL / (55 * MM_PER_INCH / diagonal)

        async def is_readable() -> bool:
            return bool(await wall.locator(".lobby__number").evaluate(CAPITAL_SHARE) >= needed)

        assert await eventually(is_readable)


async def staff_say(wall: Page, message: str) -> None:
    """As the device page would have it; the wall's clock stands still."""
    order = {"commands": [{"id": "1", "name": "message", "value": message}]}
    await wall.route("**/report", lambda route: route.fulfill(json={**order, "every_s": 5}))
    for _ in range(10):
        await wall.clock.run_for(1000)
    await expect(wall.locator("[data-part=message]")).to_have_text(message)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
async def test_beside_a_message_four_calls_before_can_be_read(
    walls_of: WallsOf, size: tuple[int, int], columns: int
) -> None:
    """And a ticker, and five services. Whoever is listed still does not stand in small print, but leaves the list."""
    crowd = place(columns=columns, lines=8, ticker=text("Halten Sie bitte Ihren Ausweis bereit. " * 4))
    services = {ServiceId(f"s{n}"): Service(ServiceId(f"s{n}"), text(f"Anliegen {n}"), SeriesId("a")) for n in range(5)}
    counters = {CounterId(n): CounterPlace(CounterId(n), text(f"Schalter {n}"), tuple(services)) for n in "12"}
    async with walls_of(crowd, zones=(hall(services=services, counters=counters),)) as walls:
        for n in range(9):
            await walls.call("12"[n % 2], "s0")
        wall = await walls.wall(size=size, clock=True)
        listed = wall.locator("[data-part=calls] li")
        await expect(listed).to_have_count(8)
        await staff_say(wall, "Der Aufzug ist defekt, nehmen Sie die Treppe. " * 4)

        async def is_readable() -> bool:
            seen = [line for line in await listed.all() if await line.is_visible()]
            capitals = [await line.locator(".lobby__line-number").evaluate(CAPITAL_SHARE) for line in seen]
            return len(seen) >= 4 and min(capitals) >= 24 / 1080 * min(size)

        assert await eventually(is_readable)
        await eventually(partial(nothing_is_cut, wall))


async def test_the_wall_says_from_how_far_it_can_be_read_when_that_is_too_near(walls_of: WallsOf) -> None:
    async with walls_of(place(distance_m=40, screen_inches=32)) as walls:
        wall = await walls.wall()
        async with wall.expect_request(
            lambda r: r.url.endswith("/report") and '"reach_m":' in (r.post_data or "")
        ) as asked:
            await walls.call()
        report = (await asked.value).post_data_json or {}
        assert 0 < (report["facts"]["reach_m"] or 1) < 40
