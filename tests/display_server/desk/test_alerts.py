"""What a clerk must notice: help that was called, alarms, waits that are too long; by text, and by notice if wished."""

import pytest
from playwright.async_api import Page, expect

from tests.display_server.desk.clerk import call_next, open_desk, row_of
from tests.display_server.hall import Hall, Screens

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: Keeps what would pop up, as the page makes it.
_NOTICES = """() => {
globalThis.shown = [];
globalThis.Notification = class {
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
  constructor(title, options) { globalThis.shown.push([title, options.silent]); }
};
}"""
#: An hour in a second: whatever a heartbeat sets right, the next seconds are hours again.
_FAST = """() => {
const real = performance.now.bind(performance);
const begun = real();
performance.now = () => begun + 3600 * (real() - begun);
}"""


async def test_help_needs_two_presses_and_everybody_sees_it_at_once(hall: Hall, screens: Screens) -> None:
    (number,) = await hall.numbers(1)
    desk, other = await open_desk(screens), await open_desk(screens, "2")
    await call_next(desk, number)
    await desk.keyboard.press("h")
    await expect(desk.locator("[data-part=help-label]")).to_have_text("Noch einmal drücken: Hilfe rufen")
    await expect(other.locator("[data-part=alarms] li")).to_have_count(0)
    await desk.keyboard.press("h")
    await expect(desk.locator("[data-part=alarms]")).to_contain_text("Hilfe ist an diesen Schalter gerufen.")
    await expect(other.locator("[data-part=alarms]")).to_contain_text("Schalter 1")
    await other.get_by_role("button", name="Erledigt").click()
    for page in (desk, other):
        await expect(page.locator("[data-part=alarms] li")).to_have_count(0)


async def test_one_press_calls_nobody(screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.keyboard.press("h")
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("h")
    await desk.locator("[data-part=next]").focus()
    await expect(desk.locator("[data-part=help-label]")).to_have_text("Hilfe rufen")
    await expect(desk.locator("[data-part=alarms] li")).to_have_count(0)


async def test_help_that_could_not_be_called_is_said(screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.route("**/alarms", lambda route: route.abort())
    await desk.keyboard.press("h")
    await desk.keyboard.press("h")
    await expect(desk.locator("[data-part=problem]")).to_contain_text("Rufen Sie laut oder nehmen Sie das Telefon.")


async def test_waits_beyond_the_limit_are_marked_in_words(hall: Hall, screens: Screens) -> None:
    number = (await hall.draw())["number"]
    desk = await open_desk(screens)
    await expect(desk.locator("[data-part=longest]")).to_have_text("Längste Wartezeit: 0 Min.")
    await expect(row_of(desk, number).locator("[data-field=long]")).to_be_hidden()
    await desk.evaluate(_FAST)
    await expect(row_of(desk, number).locator("[data-field=long]")).to_have_text("lang")
    await expect(desk.locator("[data-part=late]")).to_have_text("Länger als 30 Min. warten: 1")


async def notices(desk: Page) -> list[list[object]]:
    return list(await desk.evaluate("globalThis.shown"))


async def test_notices_come_only_where_wished_and_without_a_sound(hall: Hall, screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.evaluate(_NOTICES)
    await hall.draw()
    await expect(desk.locator("[data-part=waiting] tr")).to_have_count(1)
    assert await notices(desk) == []
    await desk.keyboard.press("?")
    await desk.get_by_label("Hinweise des Systems zeigen").check()
    await desk.keyboard.press("Escape")
    await hall.command("alarms", {"kind": "emergency", "counter": "2"})
    await expect(desk.locator("[data-part=alarms] li")).to_have_count(1)
    told = await notices(desk)
    assert [silent for title, silent in told if "Schalter 2" in str(title)] == [True]


async def test_a_refused_permission_switches_the_notices_off(screens: Screens) -> None:
    desk = await open_desk(screens)
    await desk.evaluate(_NOTICES.replace('"granted"', '"denied"'))
    await desk.keyboard.press("?")
    await desk.get_by_label("Hinweise des Systems zeigen").click()
    await expect(desk.get_by_label("Hinweise des Systems zeigen")).not_to_be_checked()


def agent(seen_ms: int, **printer: object) -> dict[str, object]:
    """As the device page is told of it."""
    return {"devices": [{"kind": "agent", "device": "door", "seen_ms": seen_ms, "facts": {"printer": printer}}]}


@pytest.mark.parametrize(
    ("problem", "still", "well"),
    [
        (
            {"code": "printer_not_ready", "kiosk": "door", "reason": "out"},
            agent(1, online=True, paper="out"),
            agent(1, online=True, paper="ok"),
        ),
        (
            {"code": "agent_away", "kiosk": "door", "seen_at": "2026-11-23T08:00:00+01:00"},
            agent(1_795_417_200_000, online=True),
            agent(1_795_417_290_000, online=False),
        ),
    ],
    ids=["paper", "silence"],
)
async def test_a_printer_that_is_well_again_is_no_trouble_any_more(
    hall: Hall, screens: Screens, problem: dict[str, object], still: dict[str, object], well: dict[str, object]
) -> None:
    (number,) = await hall.numbers(1)
    desk = await open_desk(screens)
    await call_next(desk, number)
    await desk.route("**/print", lambda route: route.fulfill(status=409, json=problem))
    await desk.route("**/devices/state", lambda route: route.fulfill(json=still))
    async with desk.expect_response("**/devices/state"):
        await desk.keyboard.press("d")
    async with desk.expect_response("**/devices/state"):
        await expect(desk.locator("[data-part=problem]")).to_be_visible()
    await desk.unroute("**/devices/state")
    await desk.route("**/devices/state", lambda route: route.fulfill(json=well))
    await expect(desk.locator("[data-part=problem]")).to_be_hidden()
