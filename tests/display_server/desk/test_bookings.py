"""Appointments of today at the desk: who is due, who is late, and checking one in."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.display_server.desk.clerk import open_desk, row_of
from tests.display_server.hall import Hall, Screens
from tests.support.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def booked(hall: Hall, minutes: int, code: str) -> None:
    """An appointment so many minutes from now; on a round second, as appointments are."""
    slot = (datetime.now(UTC) + timedelta(minutes=minutes)).replace(microsecond=0)
    await hall.command("bookings", {"service": "short", "slot_at": slot.isoformat(), "booking": code})


def rows(desk: Page) -> Locator:
    return desk.locator("[data-part=bookings] tr")


def waiting(desk: Page) -> Locator:
    return desk.locator("[data-part=waiting] tr")


async def test_who_is_due_and_who_is_late_is_told(hall: Hall, screens: Screens) -> None:
    await booked(hall, 30, "AAAA2222")
    await booked(hall, -20, "BBBB2222")
    await booked(hall, 2, "CCCC2222")
    desk = await open_desk(screens)
    await expect(rows(desk)).to_have_count(3)
    await expect(rows(desk).nth(0)).to_contain_text("20 Min. verspätet")
    await expect(rows(desk).nth(1)).to_contain_text("fällig")
    await expect(desk.locator("#caption-bookings")).to_contain_text("verspätet: 1")
    assert "AAAA" not in await desk.content()
    assert await violations(desk) == []


async def test_a_visitor_is_checked_in_by_the_code_on_the_letter(hall: Hall, screens: Screens) -> None:
    await booked(hall, 10, "K7M29QXT")
    desk = await open_desk(screens)
    await rows(desk).get_by_role("button", name="Anmelden").click()
    window = desk.get_by_role("dialog")
    await expect(window).to_contain_text("K7M2-9QXT")
    await desk.keyboard.press("1")
    await expect(desk.locator("[data-part=noted]")).to_contain_text("Angemeldet")
    await expect(waiting(desk)).to_have_count(1)
    await expect(waiting(desk)).to_contain_text("Termin")
    await expect(desk.locator("[data-section=bookings]")).to_be_hidden()


async def test_an_appointment_far_ahead_cannot_be_checked_in_yet(hall: Hall, screens: Screens) -> None:
    await booked(hall, 5, "AAAA2222")
    await booked(hall, 65, "BBBB2222")
    desk = await open_desk(screens)
    await expect(rows(desk).first.get_by_role("button")).to_be_enabled()
    await expect(rows(desk).last).to_contain_text("Anmeldung ab")
    await expect(rows(desk).last.get_by_role("button")).to_be_disabled()


async def test_whoever_checked_in_elsewhere_leaves_the_table(hall: Hall, screens: Screens) -> None:
    await booked(hall, 10, "K7M29QXT")
    desk = await open_desk(screens)
    await expect(rows(desk)).to_have_count(1)
    number = (await hall.command("bookings/K7M29QXT/check-in"))["ticket"]["number"]
    await expect(row_of(desk, number)).to_be_visible()
    await expect(rows(desk)).to_have_count(0)
