"""The supervisor's overview, in real Chromium on a real office."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.display_server.hall import Hall, Screens
from tests.support.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def section(board: Page, hall: Hall) -> Locator:
    return board.locator(f'[data-zone][data-api="/api/v1/zones/{hall.zone}"]')


def figure(zone: Locator, name: str) -> Locator:
    return zone.locator(f"dl [data-field={name}]")


async def test_it_shows_the_zone_as_it_is(hall: Hall, screens: Screens) -> None:
    board = await screens.board()
    zone = section(board, hall)
    await expect(figure(zone, "waiting")).to_have_text("0")
    numbers = await hall.numbers(2)
    await expect(figure(zone, "waiting")).to_have_text("2")
    await hall.command("counters/1/open")
    await hall.command("counters/1/call-next")
    await expect(zone.locator("[data-part=counters] li").first).to_contain_text(numbers[0])
    await expect(figure(zone, "called")).to_have_text("1")
    await expect(figure(zone, "issued")).to_have_text("2")


async def test_drawing_is_stopped_and_allowed_again(hall: Hall, screens: Screens) -> None:
    board = await screens.board()
    row = section(board, hall).locator("[data-part=services] tr").first
    await row.get_by_role("button", name="Ticketstopp").click()
    await expect(row.locator("[data-field=state]")).to_have_text("Ticketstopp")
    assert [s["open"] for s in (await hall.public())["services"]] == [False, True]
    await row.get_by_role("button", name="Freigeben").click()
    await expect(row.locator("[data-field=state]")).to_have_text("frei")


async def test_axe_finds_nothing(hall: Hall, screens: Screens) -> None:
    board = await screens.board()
    await expect(figure(section(board, hall), "waiting")).to_have_text("0")
    assert await violations(board) == []


async def test_it_shows_where_somebody_works_and_who_called_for_help(hall: Hall, screens: Screens) -> None:
    await hall.command("counters/1/open")
    board = await screens.board()
    first = section(board, hall).locator("[data-part=counters] li").first
    await expect(first.locator("[data-part=seat]")).to_have_text("niemand da", timeout=15_000)
    await screens.desk()
    await expect(first.locator("[data-part=seat]")).to_have_text("besetzt", timeout=15_000)
    await hall.command("alarms", {"kind": "emergency", "counter": "1"})
    await expect(board.locator("[data-alarms]")).to_contain_text("Schalter 1")
    await board.get_by_role("button", name="Erledigt").first.click()
    assert await violations(board) == []
