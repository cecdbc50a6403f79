"""The voice of a display in real Chromium: what is really played, when, and how often."""

from itertools import pairwise

import pytest
from playwright.async_api import Browser, Route

from tests.display_server.hall import Hall, Screens
from tests.display_server.lobby.hearing import Ear, listen
from tests.support.browser import left_empty
from tests.support.eventually import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

THREE = "for (const n of [1, 2, 3]) voice.announce(call(`A00${n}-${n}`, `A00${n}`));"


async def never_two_at_once(ear: Ear) -> bool:
    return all(former["to"] <= latter["from"] + 0.02 for former, latter in pairwise(await ear.spoken()))


async def test_a_call_is_really_spoken_in_words(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, 'voice.announce(call("A047-1", "A047"));', beep_s=0, gong=True)
    (end,) = await ear.hears(1)
    assert (end["spoken"], end["failed"], end["gong"]) == (["de"], [], True)
    gong, *_, speech = await ear.played()
    assert 2 < speech["to"] - speech["from"] < 6
    assert speech["from"] - gong["gong"] > 1
    assert speech["state"] == "running"


async def test_calls_of_one_moment_are_all_spoken_in_order_and_never_at_once(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, THREE)
    ends = await ear.hears(3)
    assert [[call["number"] for call in end["calls"]] for end in ends] == [["A001"], ["A002"], ["A003"]]
    assert len(await ear.spoken()) == 3
    assert await never_two_at_once(ear)


async def test_languages_come_in_order_and_never_at_once(hall: Hall, screens: Screens) -> None:
    asked: list[str] = []
    page = await screens.browser.new_page(base_url=hall.building.office.address)
    page.on("request", lambda request: asked.append(request.url) if "/say/" in request.url else None)
    ear = await listen(hall, screens.browser, THREE, page=page, languages=["en", "de", "tr"])
    ends = await ear.hears(3)
    assert [end["spoken"] for end in ends] == [["en", "de", "tr"]] * 3
    assert len(await ear.spoken()) == 9
    assert await never_two_at_once(ear)
    assert len(asked) == len(set(asked)) == 9


async def test_the_sound_is_asked_for_at_the_moment_of_the_call_while_the_gong_rings(
    hall: Hall, screens: Screens
) -> None:
    script = 'performance.mark("call"); voice.announce(call("A047-1", "A047"));'
    ear = await listen(hall, screens.browser, script, gong=True, languages=["de", "en"])
    await ear.hears(1)
    waits = await ear.page.evaluate(
        """performance.getEntriesByType("resource").filter(({ name }) => name.includes("/say/"))
             .map(({ startTime }) => startTime - performance.getEntriesByName("call")[0].startTime)"""
    )
    gong = next(sound["gong"] for sound in await ear.played() if "gong" in sound)
    first = (await ear.spoken())[0]["from"]
    assert len(waits) == 2
    assert max(waits) < 1000 * (first - gong)


async def test_when_more_wait_than_the_rule_says_they_are_said_together(hall: Hall, screens: Screens) -> None:
    five = "for (const n of [1, 2, 3, 4, 5]) voice.announce(call(`A00${n}-${n}`, `A00${n}`));"
    ear = await listen(hall, screens.browser, five, mergeBeyond=3)
    await ear.hears(1)
    assert (await ear.said())[0] == ["A001", "A002", "A003", "A004", "A005"]
    assert len(await ear.spoken()) == 1


async def test_as_many_as_the_rule_says_are_said_one_by_one(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, THREE, mergeBeyond=3)
    await ear.hears(3)
    assert await ear.said() == [["A001"], ["A002"], ["A003"]]


async def test_no_more_are_said_together_than_anybody_remembers(hall: Hall, screens: Screens) -> None:
    many = "for (let n = 10; n < 20; n += 1) voice.announce(call(`A0${n}-${n}`, `A0${n}`));"
    ear = await listen(hall, screens.browser, many, mergeBeyond=2, beep_s=0)
    ends = await ear.hears(2, within_s=60)
    assert [len(end["calls"]) for end in ends] == [6, 4]
    assert [end["spoken"] for end in ends] == [["de"], ["de"]]


async def test_a_call_and_its_recall_that_are_said_together_are_one(hall: Hall, screens: Screens) -> None:
    script = """
      voice.announce(call("A001-1", "A001")); voice.announce(call("A002-2", "A002"));
      voice.announce(call("A001-3", "A001", { recall: true }));"""
    ear = await listen(hall, screens.browser, script, mergeBeyond=1)
    await ear.hears(1)
    assert await ear.said() == [["A001", "A002"]]


async def test_what_is_too_old_is_only_shown(hall: Hall, screens: Screens) -> None:
    script = """
      voice.announce(call("A001-1", "A001", { at_ms: Date.now() - 90_000 }));
      voice.announce(call("A002-2", "A002", { at_ms: Date.now() - 30_000 }));"""
    ear = await listen(hall, screens.browser, script)
    await ear.hears(1)
    assert await ear.said() == [["A002"]]
    assert [[call["number"] for call in drop["calls"]] for drop in await ear.told("drop")] == [["A001"]]


async def test_what_grows_too_old_while_others_are_spoken_is_only_shown(hall: Hall, screens: Screens) -> None:
    script = THREE + 'voice.announce(call("A009-9", "A009", { at_ms: Date.now() - 59_800 }));'
    ear = await listen(hall, screens.browser, script)
    await ear.hears(3)
    await ear.hears(1, "drop")
    assert await ear.said() == [["A001"], ["A002"], ["A003"]]


async def test_a_call_is_said_once_however_often_it_is_told(hall: Hall, screens: Screens) -> None:
    script = """
      const one = call("A001-1", "A001");
      voice.announce(one); voice.announce(one);
      voice.addEventListener("end", () => { voice.announce(one); voice.announce(call("A002-2", "A002")); });"""
    ear = await listen(hall, screens.browser, script)
    await ear.hears(2)
    assert await ear.said() == [["A001"], ["A002"]]


async def test_a_page_loaded_anew_says_nothing_twice_and_what_was_still_waiting(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, THREE, beep_s=4)
    await ear.hears(1, "begin")
    assert await ear.said() == [["A001"]]
    await ear.page.reload()
    await ear.hears(2)
    assert await ear.said() == [["A002"], ["A003"]]


async def test_a_recall_speaks_again_and_says_that_it_does(hall: Hall, screens: Screens) -> None:
    asked: list[str] = []
    page = await screens.browser.new_page(base_url=hall.building.office.address)
    page.on("request", lambda request: asked.append(request.url) if "/say/" in request.url else None)
    script = """
      voice.announce(call("A001-1", "A001"));
      voice.addEventListener("end", () => voice.announce(call("A001-4", "A001", { recall: true })), { once: true });"""
    ear = await listen(hall, screens.browser, script, page=page)
    await ear.hears(2)
    assert await ear.said() == [["A001"], ["A001"]]
    assert ["again=1" in url for url in asked] == [False, True]


async def test_an_undone_call_is_not_said_unless_it_has_begun(hall: Hall, screens: Screens) -> None:
    script = THREE + 'voice.retract("A002-2"); voice.addEventListener("begin", () => voice.retract("A001-1"));'
    ear = await listen(hall, screens.browser, script)
    ends = await ear.hears(2)
    assert [end["spoken"] for end in ends] == [["de"], ["de"]]
    assert await ear.said() == [["A001"], ["A003"]]


async def test_calls_of_two_zones_with_one_id_are_two(hall: Hall, screens: Screens) -> None:
    script = """
      voice.announce(call("A001-1", "A001")); voice.announce(call("A001-1", "A001", { zone: "annex" }));
      voice.announce(call("A002-2", "A002")); voice.announce(call("A002-2", "A002", { zone: "annex" }));
      voice.retract("A002-2", "annex");"""
    ear = await listen(hall, screens.browser, script)
    ends = await ear.hears(3)
    assert [end["calls"][0]["zone"] for end in ends] == [hall.zone, "annex", hall.zone]


@pytest.mark.parametrize("lacking", ["number", "counter"])
async def test_a_call_that_lacks_its_number_or_counter_is_not_said(hall: Hall, screens: Screens, lacking: str) -> None:
    script = f'voice.announce(call("A001-1", "A001", {{ {lacking}: null }})); voice.announce(call("A002-2", "A002"));'
    ear = await listen(hall, screens.browser, script)
    await ear.hears(1)
    assert await ear.said() == [["A002"]]
    assert len(await ear.told("drop")) == 1


@pytest.mark.parametrize("fault", ["away", "refused", "broken", "silent"])
async def test_where_speech_does_not_come_the_gong_is_heard_and_it_is_told(
    hall: Hall, screens: Screens, fault: str
) -> None:
    page = await screens.browser.new_page(base_url=hall.building.office.address)

    async def fail(route: Route) -> None:
        match fault:
            case "away":
                await route.abort()
            case "refused":
                await route.fulfill(status=503, body="no voice")
            case "broken":
                await route.fulfill(body="no sound", content_type="audio/wav")

    await page.route("**/say/**", fail)
    ear = await listen(hall, screens.browser, THREE, beep_s=0, page=page, languages=["de"])
    ends = await ear.hears(3, within_s=60)
    assert [(end["spoken"], end["failed"], end["gong"]) for end in ends] == [([], ["de"], True)] * 3
    assert any("gong" in sound for sound in await ear.played())
    assert await ear.spoken() == []


async def test_a_language_that_fails_does_not_silence_the_others(hall: Hall, screens: Screens) -> None:
    page = await screens.browser.new_page(base_url=hall.building.office.address)
    script = 'voice.announce(call("A1-1", "A1"));'
    ear = await listen(hall, screens.browser, script, page=page, languages=["tr", "de"], beep_s=0)
    (end,) = await ear.hears(1)
    assert (end["spoken"], end["failed"]) == (["de"], ["tr"])


async def test_a_voice_that_is_switched_off_strikes_the_gong(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, THREE, on=False, gong=True)
    ends = await ear.hears(3)
    assert [(end["spoken"], end["failed"], end["gong"]) for end in ends] == [([], [], True)] * 3
    assert await ear.spoken() == []


async def test_a_voice_without_gong_and_speech_is_silent(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, THREE, on=False)
    await ear.hears(1, "later")
    assert await ear.played() == []


async def test_a_test_tone_waits_until_nobody_speaks(hall: Hall, screens: Screens) -> None:
    script = THREE + 'voice.addEventListener("begin", () => voice.testTone(), { once: true });'
    ear = await listen(hall, screens.browser, script)
    await ear.hears(3)
    first = (await ear.spoken())[0]
    assert next(sound["gong"] for sound in await ear.played() if "gong" in sound) >= first["to"] - 0.02


async def test_a_browser_that_was_not_told_otherwise_is_silent_and_says_so(hall: Hall, browser: Browser) -> None:
    async with left_empty(browser):
        ear = await listen(hall, browser, THREE)
        (later,) = await ear.hears(1, "later")
        assert later["audio"] == "suspended"
        assert await ear.told("begin") == []
        await ear.page.mouse.click(5, 5)
        ends = await ear.hears(3)
        assert [end["spoken"] for end in ends] == [["de"]] * 3
        assert (await ear.told("audio"))[-1]["audio"] == "running"


async def test_a_browser_set_up_as_a_displays_may_sound_at_once(hall: Hall, screens: Screens) -> None:
    ear = await listen(hall, screens.browser, "")
    (later,) = await ear.hears(1, "later")
    assert later["audio"] == "running"


async def test_a_browser_without_sound_says_so_and_drops_what_grows_old(hall: Hall, screens: Screens) -> None:
    page = await screens.browser.new_page(base_url=hall.building.office.address)
    await page.add_init_script("delete window.AudioContext;")
    ear = await listen(hall, screens.browser, THREE, page=page, ageMostS=1)
    (later,) = await ear.hears(1, "later")
    assert later["audio"] == "none"

    async def all_dropped() -> bool:
        return sum(len(drop["calls"]) for drop in await ear.told("drop")) == 3

    assert await eventually(all_dropped)


async def test_the_volume_follows_the_time_of_day_until_somebody_says_otherwise(hall: Hall, screens: Screens) -> None:
    always = [{"since": "00:00", "percent": 40}]
    script = """tell("volume", { volume: voice.volume });
      voice.setVolume(80); tell("volume", { volume: voice.volume });
      voice.setVolume(-5); tell("volume", { volume: voice.volume });"""
    ear = await listen(hall, screens.browser, script, volumes=always)
    assert [told["volume"] for told in await ear.hears(3, "volume")] == [40, 80, 0]


async def test_nothing_reaches_the_page_as_an_error(hall: Hall, screens: Screens) -> None:
    page = await screens.browser.new_page(base_url=hall.building.office.address)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.add_init_script(
        'Object.defineProperty(window, "sessionStorage", { get() { throw new Error("no storage"); } });'
    )
    script = (
        """
      voice.retract("unknown"); voice.retract(undefined); voice.setVolume("loud"); voice.setVolume(NaN);
      voice.announce({}); voice.announce(call("A1-1", "A1", { at_ms: undefined })); voice.testTone();"""
        + THREE
    )
    ear = await listen(hall, screens.browser, script, page=page)
    await ear.hears(3)
    assert faults == []
