"""Appointments for staff in real Chromium on a real office: live, by keys alone, on paper, in a small window."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.display_server.hall import Hall, Screens
from tests.support.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_SMALL = (390, 780)
_STALE_MS = 16_000
_ZONE = ZoneInfo("Europe/Berlin")


async def free(hall: Hall, days: int = 3) -> list[datetime]:
    """What visitors may book."""
    async with httpx.AsyncClient(base_url=hall.building.office.address) as client:
        answer = await client.get(f"/api/v1/zones/{hall.zone}/slots?service=short&days={days}")
    slots = [slot["slot_at"] for day in answer.json()["days"] for slot in day["slots"] if slot["free"]]
    return [datetime.fromisoformat(slot) for slot in slots]


async def booked(hall: Hall, slot: datetime) -> dict[str, Any]:
    told = await hall.command("bookings", {"service": "short", "slot_at": slot.isoformat()})
    return dict(told["booking"])


async def day_page(hall: Hall, screens: Screens, **more: Any) -> Page:
    page = await screens.staff(f"/bookings/{hall.zone}", **more)
    await expect(page.get_by_role("heading", name="Termine", exact=True)).to_be_visible()
    return page


def row(page: Page, slot: datetime) -> Locator:
    return page.locator("tbody tr").filter(has_text=f"{slot.astimezone(_ZONE):%H:%M}").first


async def test_the_day_follows_what_others_book_and_the_focus_stays(hall: Hall, screens: Screens) -> None:
    slot = (await free(hall))[0]
    page = await day_page(hall, screens)
    link = row(page, slot).get_by_role("link", name="2 frei")
    await expect(link).to_be_visible()
    await link.focus()
    booking = await booked(hall, slot)
    await expect(page.locator(".bookings__code").first).to_have_text(booking["code"])
    await expect(row(page, slot)).to_contain_text("1 frei")
    await expect(row(page, slot).get_by_role("link", name="1 frei")).to_be_focused()
    await hall.command(f"bookings/{booking['id']}/cancel")
    await expect(page.locator(".bookings__code")).to_have_count(0)
    await expect(row(page, slot)).to_contain_text("2 frei")


async def test_a_visit_is_followed_from_check_in_to_its_end(hall: Hall, screens: Screens) -> None:
    booking = await booked(hall, datetime.now(_ZONE) + timedelta(minutes=4))
    page = await day_page(hall, screens)
    entry = page.locator(".bookings__entries li").filter(has_text=booking["code"])
    await expect(entry).to_contain_text("gebucht")
    ticket = (await hall.command(f"bookings/{booking['id']}/check-in"))["ticket"]
    await expect(entry).to_contain_text("angemeldet")
    await expect(entry).to_contain_text(ticket["number"])
    await hall.command("counters/1/open")
    await hall.command("counters/1/call-next")
    await expect(entry).to_contain_text("aufgerufen")
    await hall.command("counters/1/miss")
    await expect(entry).to_contain_text("nicht gekommen")


async def test_a_booking_is_made_moved_and_cancelled_by_keys_alone(hall: Hall, screens: Screens) -> None:
    page = await day_page(hall, screens)
    await page.get_by_role("link", name="Termin buchen").press("Enter")
    await page.get_by_role("link", name="Kurzes Anliegen").press("Enter")
    await page.get_by_role("navigation", name="Tag").get_by_role("link").nth(1).press("Enter")
    await page.locator(".bookings__time").nth(3).press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Gebucht")
    code = await page.locator(".bookings-slip__letters").inner_text()
    when = await page.locator(".bookings-slip__when").inner_text()
    await expect(page.get_by_role("img", name="QR-Code des Termins")).to_be_visible()
    await page.get_by_role("link", name="Verlegen").press("Enter")
    await page.locator(".bookings__time").nth(9).press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Verlegt")
    await expect(page.locator(".bookings-slip__letters")).to_have_text(code)
    assert await page.locator(".bookings-slip__when").inner_text() != when
    await expect(page.get_by_role("button", name="Jetzt absagen")).to_be_hidden()
    await page.get_by_text("Termin absagen").press("Enter")
    await page.get_by_role("button", name="Jetzt absagen").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("abgesagt")
    await page.get_by_label("Mit Code suchen").fill(code)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="keinen Termin")).to_be_visible()


async def test_a_time_taken_meanwhile_is_told_and_others_stand_there(hall: Hall, screens: Screens) -> None:
    page = await screens.staff(f"/bookings/{hall.zone}/new?service=short")
    button = page.locator(".bookings__time").last
    slot = datetime.fromtimestamp(int(await button.get_attribute("value") or 0) / 1000, _ZONE)
    for _ in range(2):
        await booked(hall, slot)
    await button.click()
    await expect(page.get_by_role("alert")).to_contain_text("inzwischen vergeben")
    assert await violations(page) == []
    await page.locator(".bookings__time").last.click()
    await expect(page.get_by_role("status")).to_contain_text("Gebucht")


async def test_what_lies_in_a_blocked_span_is_listed_and_moved(hall: Hall, screens: Screens) -> None:
    slot = (await free(hall))[-1]
    booking = await booked(hall, slot)
    page = await day_page(hall, screens)
    await page.get_by_role("link", name="Eine Zeit sperren").press("Enter")
    assert await violations(page) == []
    until = slot.astimezone(_ZONE) + timedelta(minutes=20)
    for name, at in (("from", slot.astimezone(_ZONE)), ("to", until)):
        await page.locator(f"#{name}-day").fill(f"{at:%Y-%m-%d}")
        await page.locator(f"#{name}-time").fill(f"{at:%H:%M}")
    await page.get_by_label("Mit eigenen Worten").fill("Brandprobe")
    await page.get_by_role("button", name="Sperren", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("gesperrt")
    day = page.url
    blocks = page.locator('[data-live="blocks"]')
    await expect(blocks).to_contain_text("Brandprobe")
    await expect(blocks).to_contain_text(booking["code"])
    await expect(row(page, slot)).to_contain_text("gesperrt")
    assert await violations(page) == []
    await blocks.get_by_role("link", name="Verlegen").click()
    await page.locator(".bookings__time").first.click()
    await expect(page.get_by_role("status")).to_contain_text("Verlegt")
    await page.goto(day)
    await page.get_by_role("button", name="Wieder freigeben").click()
    await expect(page.locator('[data-live="blocks"]')).to_have_text("")


async def test_a_file_that_was_exported_is_taken_in_elsewhere(hall: Hall, screens: Screens, tmp_path: Path) -> None:
    slots = await free(hall)
    codes = [(await booked(hall, slot))["code"] for slot in slots[-2:]]
    page = await day_page(hall, screens)
    for which in ("Erster Tag", "Letzter Tag"):
        at = slots[0] if which.startswith("Erster") else slots[-1]
        await page.get_by_label(which).fill(f"{at.astimezone(_ZONE) - timedelta(days=1):%Y-%m-%d}")
    await page.get_by_label("Letzter Tag").fill(f"{slots[-1].astimezone(_ZONE):%Y-%m-%d}")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Als Tabelle").click()
    file = tmp_path / "list.csv"
    await (await download.value).save_as(file)
    assert [line.split(",")[0] for line in file.read_text().splitlines()] == ["code", *codes]
    other = Hall(hall.building, hall.building.booked_hall().zone)
    page = await day_page(other, screens)
    await page.get_by_label("Datei eines anderen").set_input_files(file)
    await page.get_by_role("button", name="Datei einlesen").click()
    await expect(page.get_by_role("status")).to_contain_text("2 Termine sind neu")
    await page.get_by_label("Mit Code suchen").fill(codes[0])
    await page.keyboard.press("Enter")
    await expect(page.locator(".bookings-slip__letters")).to_have_text(codes[0])


async def test_a_file_with_faults_is_refused_with_their_lines(hall: Hall, screens: Screens, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("code,service,slot\nK7M2-9QXT,none,2030-01-01T10:00\n=1+1,short,never\n")
    page = await day_page(hall, screens)
    await page.get_by_label("Datei eines anderen").set_input_files(file)
    await page.get_by_role("button", name="Datei einlesen").click()
    alert = page.get_by_role("alert").filter(has_text="nicht eingelesen")
    await expect(alert.get_by_role("listitem")).to_have_count(2)
    await expect(alert).to_contain_text("Zeile 2: Ein Anliegen „none“ gibt es nicht.")
    assert await violations(page) == []


async def test_paper_has_the_slip_and_nothing_else(hall: Hall, screens: Screens) -> None:
    booking = await booked(hall, (await free(hall))[0])
    page = await screens.staff(f"/bookings/{hall.zone}/at/{booking['id']}")
    await expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator(".bookings-slip__letters")).to_be_visible()
    await expect(page.get_by_role("button", name="Drucken")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Termin", exact=True)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_overflows(hall: Hall, screens: Screens, scheme: str) -> None:
    slots = await free(hall)
    booking = await booked(hall, slots[0])
    pages = ("", "/new", f"/new?service=short&slot={int(slots[2].timestamp() * 1000)}", f"/at/{booking['id']}")
    page = await day_page(hall, screens, size=_SMALL, color_scheme=scheme)
    for path in (*pages, f"/at/{booking['id']}/move", "?day=2020-01-01"):
        await page.goto(f"/bookings/{hall.zone}{path}")
        assert await violations(page) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_without_the_server_the_page_says_so(hall: Hall, screens: Screens) -> None:
    page = await day_page(hall, screens)
    await page.clock.install()
    await page.reload()
    await expect(page.locator("[data-live=rows] tbody tr").first).to_be_visible()
    await page.context.set_offline(True)
    await page.clock.fast_forward(_STALE_MS)
    await expect(page.get_by_role("alert").filter(has_text="Keine Verbindung")).to_be_visible()
