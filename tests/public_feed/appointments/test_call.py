"""When one is called who comes in time: on the day as a range, on others the earliest time alone."""

import pytest
from playwright.async_api import expect

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.model import BookingId, TicketId
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.estimate.forecast import Forecast
from queue_core.store.estimates import Estimates
from queue_core.web.words import ORDER, direction
from tests.public_feed.appointments.conftest import MORNING_MS
from tests.public_feed.street import Street
from tests.support.axe import violations
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice
from tests.support.zones import APPOINTMENT, NEW

MINUTE_MS = 60_000
CODE = BookingId("ABCD2345")
SLOT_MS = MORNING_MS + 25 * MINUTE_MS
#: From the earliest time that an appointment at 10:25 is called on.
SAID = CallTimes(SLOT_MS - 5 * MINUTE_MS, SLOT_MS, SLOT_MS + 10 * MINUTE_MS)
TOLD = "nicht vor 10:20 Uhr; Aufruf wahrscheinlich 10:20 bis 10:35 Uhr"
GERMAN = {"Accept": "text/html", "Accept-Language": "de"}


async def foreseen(office: WebOffice, slot_ms: int = SLOT_MS) -> str:
    """The path of an appointment of which an estimator has said something."""
    await office.engine.do(office.zone.id, Book(CODE, NEW, APPOINTMENT, slot_ms))
    await eventually(lambda: CODE in office.hub.snapshot(office.zone.id).bookings)
    await say(office, SAID)
    made_ms = office.hub.snapshot(office.zone.id).bookings[CODE].made_ms
    return office.frame.booking_links.path(office.zone.id, CODE, made_ms)


async def say(office: WebOffice, times: CallTimes) -> None:
    """As if an estimator did, and everybody has heard it."""
    slots = {Slot(NEW, APPOINTMENT, SLOT_MS): times}
    forecast = Forecast(MORNING_MS, office.hub.snapshot(office.zone.id).seq, slots=slots)
    await Estimates(office.store.client, office.zone.id, 60.0).publish(forecast.to_json())

    def known() -> bool:
        outlook = office.hub.forecast(office.zone.id)
        return outlook is not None and outlook.slots == slots

    await eventually(known)


async def text(office: WebOffice, path: str) -> str:
    return (await office.http.get(path, headers=GERMAN)).text


async def test_on_its_day_the_page_says_between_which_times_the_call_comes(office: WebOffice) -> None:
    path = await foreseen(office)
    told = await text(office, path)
    assert "Wenn Sie pünktlich kommen" in told
    assert TOLD in told
    assert "Geschätzt um <bdi>10:00</bdi> Uhr." in told


async def test_on_another_day_the_earliest_time_alone_is_told(office: WebOffice) -> None:
    told = await text(office, await foreseen(office, SLOT_MS + 24 * 60 * MINUTE_MS))
    assert "nicht vor Do., 17. Januar, 10:20 Uhr" in told
    assert "wahrscheinlich" not in told
    assert "Geschätzt" not in told


async def test_whoever_could_be_called_already_is_told_how_long_it_takes(office: WebOffice) -> None:
    path = await foreseen(office)
    await office.engine.set_clock(office.zone.id, SLOT_MS - 2 * MINUTE_MS, 0)
    await eventually(lambda: office.hub.now_ms(office.zone.id) == SLOT_MS - 2 * MINUTE_MS)
    told = await text(office, path)
    assert "Wenn Sie jetzt kommen" in told
    assert "bis zu 15 Minuten" in told


async def test_whoever_is_late_is_told_nothing_of_it(office: WebOffice) -> None:
    path = await foreseen(office)
    late_ms = SLOT_MS + 11 * MINUTE_MS
    await office.engine.set_clock(office.zone.id, late_ms, 0)
    await eventually(lambda: office.hub.now_ms(office.zone.id) == late_ms)
    assert "wahrscheinlich" not in await text(office, path)
    assert office.hub.expected(office.zone, CODE) is None


async def test_a_page_that_is_open_is_told_of_the_call_alone(office: WebOffice) -> None:
    path = await foreseen(office)
    told = await text(office, f"{path}/now?slot={SLOT_MS}")
    assert TOLD in told
    assert "<html" not in told


async def test_a_page_that_shows_another_time_or_whose_visitor_has_come_is_to_be_asked_for_anew(
    office: WebOffice,
) -> None:
    path = await foreseen(office)
    for shown in (f"?slot={SLOT_MS + MINUTE_MS}", "?slot=", ""):
        assert (await office.http.get(f"{path}/now{shown}")).status_code == 404
    await office.engine.do(office.zone.id, CheckIn(CODE, TicketId("own")))
    assert (await office.http.get(f"{path}/now?slot={SLOT_MS}")).status_code == 404
    assert (await office.http.get("/a/hall.nonsense/now")).status_code == 404


async def test_the_api_says_it_in_seconds_from_now_on(office: WebOffice) -> None:
    link = (await foreseen(office)).removeprefix("/a/")
    reply = (await office.http.get(f"/api/v1/zones/hall/appointments/{link}")).json()
    assert reply["estimate"] == {"p10_s": 1200, "p50_s": 1500, "p90_s": 2100}


async def test_who_has_come_is_not_expected_any_more(office: WebOffice) -> None:
    await foreseen(office)
    await office.engine.do(office.zone.id, CheckIn(CODE, TicketId("own")))
    await eventually(lambda: CODE not in office.hub.snapshot(office.zone.id).bookings)
    assert office.hub.expected(office.zone, CODE) is None
    assert office.hub.expected(office.zone, BookingId("UNKNOWN1")) is None


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_the_range_stands_below_the_time_in_every_language(street: Street) -> None:
    path = await foreseen(street.office)
    for language in ORDER:
        page = await street.page(f"{path}?lang={language}", viewport={"width": 320, "height": 640})
        call = page.locator(".appointments-call__when")
        for time in ("10:20", "10:35"):
            await expect(call).to_contain_text(time)
        await expect(page.locator("html")).to_have_attribute("dir", direction(language))
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, language
    assert await violations(page) == []


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_an_open_page_follows_the_forecast_and_the_arrival(street: Street) -> None:
    """It is asked as often as somebody comes back to it, and by itself now and then."""
    office = street.office
    page = await street.page(await foreseen(office))
    call, looks = page.locator("[data-when]"), "document.dispatchEvent(new Event('visibilitychange'))"
    await expect(call).to_contain_text("10:20 bis 10:35")
    await say(office, SAID._replace(p90_ms=SAID.p90_ms + 15 * MINUTE_MS))
    await page.evaluate(looks)
    await expect(call).to_contain_text("10:20 bis 10:50")
    await expect(page.locator("[data-spoken]")).to_contain_text("10:20 bis 10:50")
    await page.context.set_offline(True)
    await page.evaluate(looks)
    await expect(page.get_by_text("Keine Verbindung.")).to_be_visible()
    await page.context.set_offline(False)
    await page.evaluate(looks)
    await expect(page.get_by_text("Keine Verbindung.")).to_be_hidden()
    await office.engine.do(office.zone.id, CheckIn(CODE, TicketId("own")))
    await eventually(lambda: TicketId("own") in office.hub.snapshot(office.zone.id).tickets)
    await page.evaluate(looks)
    await page.wait_for_url("**/t/**")
