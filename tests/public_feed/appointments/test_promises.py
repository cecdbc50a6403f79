"""What the pages promise is what will come: the reminder of the day before, and the call of who is late."""

from pathlib import Path

import pytest

from queue_core.domain.booking_commands import Book
from queue_core.domain.model import BookingId
from tests.public_feed.appointments.conftest import FACES, GIVEN, MAIL, MORNING_MS, wound
from tests.public_feed.appointments.test_pages import TIMES, offered, page, send
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
CODE = BookingId("ABCD2345")
REMINDED = "am Tag vorher"
ERASED = "Wir löschen die Adresse"


@pytest.mark.parametrize(("days", "is_reminded"), [(0, False), (2, True)], ids=["today", "in two days"])
async def test_a_reminder_is_promised_only_where_one_will_come(
    valkey_url: str, tmp_path: Path, days: int, is_reminded: bool
) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        await wound(office)
        first_ms = offered((await page(office, TIMES)).text)[0]
        own = (await send(office, TIMES, at=first_ms + days * DAY_MS, key="k")).headers["location"]
        form = (await page(office, own)).text
        await send(office, f"{own}/confirm", mail="anna@example.de")
        told = (await page(office, own)).text
        await send(office, f"{own}/mail", forget="1")
        again = (await page(office, own)).text
        assert "Wir schreiben Ihnen per E-Mail: eine Bestätigung" in told
        assert form.count(ERASED) == again.count(ERASED) == 1
        assert [REMINDED in text for text in (form, told, again)] == [is_reminded] * 3


async def test_who_is_late_is_promised_a_call_but_no_time(office: WebOffice) -> None:
    await office.engine.do(office.zone.id, Book(CODE, NEW, APPOINTMENT, MORNING_MS))
    booking = await office.engine.booking(office.zone.id, CODE)
    own = office.frame.booking_links.path(office.zone.id, CODE, booking.made_ms)
    late_ms = MORNING_MS + 30 * MINUTE_MS
    await office.engine.set_clock(office.zone.id, late_ms, 0)
    await eventually(lambda: office.hub.now_ms(office.zone.id) == late_ms)
    told = (await page(office, own)).text
    assert "Sie sind zu spät. Kommen Sie trotzdem: Wir rufen Sie so bald wie möglich auf." in told
    assert "wie alle anderen" not in told
