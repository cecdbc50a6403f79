"""Somebody who drew at home stands at the kiosk, in real Chromium: scanned, typed, too late; on small screens too."""

from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import expect

from queue_core.domain.commands import Issue
from queue_core.domain.model import TicketId
from queue_core.domain.office import Remote
from tests.support.zones import NEW, zone
from tests.ticket_kiosk.terminal import (
    PORTRAIT,
    Terminal,
    VisitOf,
    half_a_day_from_now,
    looks_right,
    on_screen,
    scan,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMALL = (800, 480)
BEGIN = "Ich habe einen Termin oder eine Nummer"


async def drawn_at_home(visit: Terminal) -> TicketId:
    office = visit.office
    outcome = await office.engine.do(office.zone.id, Issue(NEW, office.zone.default_class, remote=True))
    return TicketId((outcome.ticket() or {})["id"])


def at_home(visit_of: VisitOf, **options: object) -> AbstractAsyncContextManager[Terminal]:
    return visit_of(hall=zone(remote=Remote(confirm_s=600), day_starts=half_a_day_from_now()), **options)


@pytest.mark.parametrize(("size", "inches"), [(PORTRAIT, 15.6), (SMALL, 10.1)], ids=["portrait", "small"])
async def test_the_page_on_the_phone_is_scanned(visit_of: VisitOf, size: tuple[int, int], inches: float) -> None:
    async with at_home(visit_of, size=size, inches=inches) as visit:
        office, page = visit.office, visit.page
        ticket = await drawn_at_home(visit)
        link = office.frame.absolute(office.frame.links.path(office.zone.id, ticket))
        await scan(page, link)
        await expect(page.get_by_role("heading", name="Jetzt wissen wir, dass Sie da sind")).to_be_visible()
        await expect(page.locator("[data-came-number]")).to_have_text("A001")
        await expect(page.get_by_text("Sie sind als Nächstes dran")).to_be_visible()
        await looks_right(page)
        await page.get_by_role("button", name="Fertig").click()
        await scan(page, link)
        await expect(page.get_by_role("heading", name="Ihre Nummer ist in der Warteschlange")).to_be_visible()


async def test_the_number_is_typed_and_too_late_is_told_so(visit_of: VisitOf) -> None:
    async with at_home(visit_of, size=SMALL, inches=10.1) as visit:
        office, page = visit.office, visit.page
        ticket = await office.engine.ticket(office.zone.id, await drawn_at_home(visit))
        await office.engine.set_clock(office.zone.id, ticket.confirm_by_ms, 0)
        await page.get_by_role("button", name=BEGIN).click()
        await on_screen(page, "code")
        await looks_right(page)
        for letter in "A001":
            await page.locator(f"[data-letter='{letter}']").click()
        await page.get_by_role("button", name="Anmelden").click()
        await expect(page.get_by_role("heading", name="Ihre Nummer ist verfallen")).to_be_visible()
        await looks_right(page)
