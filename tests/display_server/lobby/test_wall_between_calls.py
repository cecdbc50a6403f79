"""What a wall does between calls: media that yield, notices by date, the dark, what staff tell it, staying alive."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from queue_core.domain.devices import DisplayPlace, Medium, MediumKind, Notice
from tests.display_server.lobby.walls import ANNEX, HALL, WallsOf, announced, hall, place, shows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf50000003810181a5b7e7d50000000049454e44ae426082"
)
PICTURE = Medium(MediumKind.IMAGE, "welcome.png", 15, {"de": "Willkommen"})
PAGE = Medium(MediumKind.PAGE, "https://news.example.org/today")
YOUTUBE = Medium(MediumKind.YOUTUBE, "abcdefghijk")
GROW_OLD = "document.documentElement.dataset.old = ''"
HOLD_MS, STALE_MS, HEARTBEAT_MS = 20_000, 15_000, 15_000


def media_folder(folder: Path) -> str:
    (folder / "media").mkdir()
    (folder / "media" / "welcome.png").write_bytes(PIXEL)
    (folder / "media" / "torn.png").write_bytes(PIXEL[:40])
    return str(folder)


async def test_media_that_make_way_leave_the_number_large(walls_of: WallsOf, tmp_path: Path) -> None:
    far = place(media=(PICTURE,), distance_m=40)
    async with walls_of(far, folder=media_folder(tmp_path)) as walls:
        wall = await walls.wall(clock=True)
        await expect(wall.locator("[data-part=stage] img")).to_be_visible()
        number = await walls.call()
        assert await shows(wall, number)
        await wall.clock.run_for(HOLD_MS + 1000)
        body = wall.locator("[data-part=body]")
        await expect(body).to_have_attribute("data-media", "shown")
        await expect(body).to_have_attribute("data-far", "")
        box, size = await wall.locator("[data-part=call]").bounding_box(), wall.viewport_size
        assert box
        assert size
        assert box["height"] > size["height"] / 3


async def test_a_call_covers_the_media_at_once_and_they_come_back(walls_of: WallsOf, tmp_path: Path) -> None:
    async with walls_of(place(media=(PICTURE,)), folder=media_folder(tmp_path)) as walls:
        wall = await walls.wall(clock=True)
        picture, body = wall.locator("[data-part=stage] img"), wall.locator("[data-part=body]")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_attribute("alt", "Willkommen")
        number = await walls.call()
        assert await shows(wall, number)
        await expect(body).to_have_attribute("data-media", "covered")
        await expect(picture).to_be_hidden()
        await wall.clock.run_for(HOLD_MS - 2000)
        await expect(picture).to_be_hidden()
        await wall.clock.run_for(3000)
        await expect(picture).to_be_visible()
        await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(number)
        assert walls.foreign() == []


async def test_a_broken_medium_is_skipped_and_told(walls_of: WallsOf, tmp_path: Path) -> None:
    broken = (Medium(MediumKind.IMAGE, "torn.png"), Medium(MediumKind.VIDEO, "gone.mp4"), PICTURE)
    async with walls_of(place(media=broken), folder=media_folder(tmp_path)) as walls:
        wall = await walls.wall()
        picture = wall.locator("[data-part=stage] img")
        await expect(picture).to_have_attribute("src", "/lobby/wall/media/welcome.png")
        report = await wall.wait_for_event("request", lambda request: "gone.mp4" in (request.post_data or ""))
        assert report.post_data_json["facts"]["broken_media"] == [
            "/lobby/wall/media/torn.png",
            "/lobby/wall/media/gone.mp4",
        ]


async def test_where_nothing_can_be_shown_the_wall_is_a_wall_without_media(walls_of: WallsOf) -> None:
    async with walls_of(place(media=(Medium(MediumKind.IMAGE, "gone.png"),))) as walls:
        wall = await walls.wall()
        await expect(wall.locator("[data-part=body]")).to_have_attribute("data-media", "none")
        assert await shows(wall, await walls.call())


async def test_nothing_foreign_is_asked_for_unless_it_is_configured(walls_of: WallsOf) -> None:
    async with walls_of(place(media=(YOUTUBE,))) as walls:
        wall = await walls.wall()
        assert await shows(wall, await walls.call())
        assert walls.foreign() == []
        answer = await walls.office.http.get("/lobby/wall")
        assert "frame-src" not in answer.headers["content-security-policy"]


async def test_a_configured_page_stands_in_a_sandbox(walls_of: WallsOf) -> None:
    async with walls_of(place(media=(PAGE,))) as walls:
        wall = await walls.wall("wall", clock=False)
        await answering(wall, lambda route: route.fulfill(body="<p>news</p>", content_type="text/html"))
        await wall.reload()
        frame = wall.locator("[data-part=stage] iframe")
        await expect(frame).to_be_visible()
        await expect(frame).to_have_attribute("sandbox", "allow-scripts")
        assert {url.split("/")[2] for url in walls.foreign()} == {"news.example.org"}
        policy = (await walls.office.http.get("/lobby/wall")).headers["content-security-policy"]
        assert "frame-src https://news.example.org;" in policy


async def test_a_page_that_cannot_be_reached_never_shows_a_browsers_error(walls_of: WallsOf, tmp_path: Path) -> None:
    media = place(media=(PAGE, PICTURE))
    async with walls_of(media, folder=media_folder(tmp_path)) as walls:
        wall = await walls.wall()
        await answering(wall, lambda route: route.abort())
        await wall.reload()
        await expect(wall.locator("[data-part=stage] img")).to_be_visible()
        await expect(wall.locator("iframe")).to_have_count(0)


async def answering(wall: Page, answer: Callable[[Route], Awaitable[None]]) -> None:
    await wall.context.route("https://news.example.org/**", answer)


async def test_notices_begin_and_end_with_their_days_without_a_reload(walls_of: WallsOf) -> None:
    today = datetime.now(hall().time_zone).date()
    notices = (
        Notice({"de": "Noch heute"}, today - timedelta(days=1), today + timedelta(days=1)),
        Notice({"de": "Nächste Woche"}, begins=today + timedelta(days=6)),
    )
    async with walls_of(place(notices=notices)) as walls:
        wall = await walls.wall()
        await expect(wall.locator("[data-part=notice]")).to_have_text("Noch heute")
        await walls.later(timedelta(days=7))
        await expect(wall.locator("[data-part=notice]")).to_have_text("Nächste Woche", timeout=HEARTBEAT_MS)


async def test_notices_and_ticker_take_turns_in_steps(walls_of: WallsOf) -> None:
    shown = place(notices=(Notice({"de": "Eins"}),), ticker={"de": "Zwei"})
    async with walls_of(shown) as walls:
        wall = await walls.wall(clock=True)
        notice = wall.locator("[data-part=notice]")
        await expect(notice).to_have_text("Eins")
        await wall.clock.run_for(10_500)
        await expect(notice).to_have_text("Zwei")
        await wall.clock.run_for(10_000)
        await expect(notice).to_have_text("Eins")
        assert await wall.evaluate("document.getAnimations().length") == 0


async def test_the_night_is_dark_and_a_call_wakes_the_wall(walls_of: WallsOf) -> None:
    always = place(blank_from=time(0, 0), blank_to=time(23, 59))
    day = DisplayPlace("day", (HALL,), blank_from=time(12, 0), blank_to=time(12, 0))
    async with walls_of(always, day) as walls:
        wall, other = await walls.wall(clock=True), await walls.wall("day")
        await expect(wall.locator("[data-part=dark]")).to_be_visible()
        await expect(other.locator("[data-part=dark]")).to_be_hidden()
        number = await walls.call()
        assert await shows(wall, number)
        await expect(wall.locator("[data-part=dark]")).to_be_hidden()
        await wall.clock.run_for(HOLD_MS + 2000)
        await expect(wall.locator("[data-part=dark]")).to_be_visible()


async def test_the_picture_moves_a_little_so_that_nothing_burns_in(walls_of: WallsOf) -> None:
    async with walls_of(place(shift_minutes=1)) as walls:
        wall = await walls.wall(clock=True)
        main = wall.locator("main")
        before = await main.bounding_box()
        await wall.clock.run_for(61_000)
        after = await main.bounding_box()
        assert before
        assert after
        moved = (after["x"] - before["x"], after["y"] - before["y"])
        assert moved != (0, 0)
        assert all(abs(by) < 8 for by in moved)


async def test_staff_say_something_darken_and_find_the_wall(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()

        async def obey(name: str, value: object = None) -> None:
            await wall.route("**/report", lambda route: route.fulfill(json=orders(name, value)), times=1)

        await obey("message", "Feueralarm: bitte verlassen Sie das Haus.")
        await expect(wall.locator("[data-part=message]")).to_contain_text("Feueralarm", timeout=15_000)
        await wall.reload()
        await expect(wall.locator("[data-part=message]")).to_contain_text("Feueralarm")
        await obey("identify")
        await expect(wall.locator("[data-part=identity]")).to_be_visible(timeout=15_000)
        await expect(wall.locator("[data-part=identity]")).to_contain_text("wall")
        await obey("blank", True)
        await expect(wall.locator("[data-part=dark]")).to_be_visible(timeout=15_000)
        assert await shows(wall, await walls.call())
        await expect(wall.locator("[data-part=dark]")).to_be_hidden()


def orders(name: str, value: object) -> dict[str, object]:
    return {"commands": [{"id": f"order-{name}", "name": name, "value": value}], "every_s": 1}


async def test_a_reload_by_staff_loads_the_page_again(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        await wall.evaluate(GROW_OLD)
        await wall.route("**/report", lambda route: route.fulfill(json=orders("reload", None)), times=1)
        await expect(wall.locator("html[data-old]")).to_have_count(0, timeout=HEARTBEAT_MS)


async def test_what_was_called_long_ago_is_shown_but_startles_nobody(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        first = await walls.call()
        assert await shows(wall, first)
        await wall.goto("about:blank")
        second = await walls.call()
        await wall.context.add_init_script(OLD_CALLS)
        await wall.go_back()
        await expect(wall.locator("[data-part=now] [data-field=number]")).to_have_text(second)
        assert await announced(wall) == []


#: The server's frames as they would be three hours later.
OLD_CALLS = """
  const take = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (type, heard) {
    const later = ({ data }) => {
      const frame = JSON.parse(data);
      if ("zone_ms" in frame) frame.zone_ms += 3 * 3600 * 1000;
      heard({ data: JSON.stringify(frame) });
    };
    take.call(this, type, type === "message" ? later : heard);
  };
"""


async def test_a_browser_that_keeps_nothing_still_shows_calls(walls_of: WallsOf) -> None:
    forbidden = (
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        await wall.context.add_init_script(forbidden)
        await wall.reload()
        await wall.locator("[data-wall][data-health=live]").wait_for(state="attached")
        assert await shows(wall, await walls.call())


async def test_a_page_whose_drawing_hangs_loads_itself_anew(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall(clock=True)
        await wall.evaluate("window.requestAnimationFrame = () => 0")
        await wall.evaluate(GROW_OLD)
        await wall.clock.run_for(80_000)
        await expect(wall.locator("html[data-old]")).to_have_count(0, timeout=HEARTBEAT_MS)


async def test_a_zone_that_is_silent_alone_is_named_alone(walls_of: WallsOf) -> None:
    async with walls_of(place(HALL, ANNEX)) as walls:
        wall = await walls.wall(clock=True)
        await wall.context.add_init_script(DEAF_TO_ANNEX)
        await wall.reload()
        await expect(wall.locator("[data-part=services] li")).to_have_count(4)
        await wall.evaluate("window.isDeaf = true")
        for _ in range(STALE_MS // 1000 + 1):
            await wall.clock.run_for(1000)
            await wall.evaluate("window.heardHall")
        await expect(wall.locator("[data-part=stale]")).to_contain_text("Annex")
        await expect(wall.locator("[data-part=stale]")).not_to_contain_text("Hall")


DEAF_TO_ANNEX = """
  const take = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (type, heard) {
    const isAnnex = this.url.includes("/annex/");
    let last = null;
    if (type === "message" && !isAnnex) {
      setInterval(() => last && heard({ data: last }), 1000);
    }
    take.call(this, type, type !== "message" ? heard : (event) => {
      if (window.isDeaf && isAnnex) return;
      const frame = JSON.parse(event.data);
      if (frame.type === "heartbeat" || frame.type === "hello") last = event.data;
      heard(event);
    });
  };
"""


async def test_a_new_day_empties_the_wall(walls_of: WallsOf) -> None:
    async with walls_of(place()) as walls:
        wall = await walls.wall()
        number = await walls.call()
        assert await shows(wall, number)
        await walls.later(timedelta(days=1))
        await expect(wall.locator("[data-part=nobody]")).to_be_visible(timeout=HEARTBEAT_MS)
