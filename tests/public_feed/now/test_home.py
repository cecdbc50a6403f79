"""The public page, whole without scripts."""

import pytest

from queue_core.domain.quality import Quality
from tests.public_feed.now.weeks import rhythm
from tests.support.web_office import WebOffice

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}


async def test_every_service_is_there_with_its_queue(office: WebOffice) -> None:
    await office.draw("short")
    page = (await office.http.get("/", headers=GERMAN)).text
    assert "Wie lange warte ich?" in page
    assert page.count('data-service="') == len(office.zone.services)
    assert "1 Person wartet" in page or "niemand wartet" in page


async def test_it_speaks_the_language_asked_for(office: WebOffice) -> None:
    assert "How long is the wait?" in (await office.http.get("/?lang=en", headers=GERMAN)).text


async def test_one_zone_has_a_page_of_its_own(office: WebOffice) -> None:
    answer = await office.http.get("/z/hall", headers=GERMAN)
    assert answer.status_code == 200
    assert "Alle Wartezonen" in answer.text


async def test_an_unknown_zone_is_not_found(office: WebOffice) -> None:
    assert (await office.http.get("/z/nowhere", headers=GERMAN)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/z/hall", "/feed/v1/waits.json"])
async def test_no_cookie_is_ever_set(office: WebOffice, path: str) -> None:
    assert "set-cookie" not in (await office.http.get(path, headers=GERMAN)).headers


async def test_no_ticket_is_named_beyond_the_number_last_called(office: WebOffice) -> None:
    ticket = await office.draw()
    page = (await office.http.get("/", headers=GERMAN)).text
    assert ticket["id"] not in page
    assert ticket["number"] not in page


async def test_the_track_record_of_the_last_days_is_told(office: WebOffice) -> None:
    assert "data-kept" not in (await office.http.get("/", headers=GERMAN)).text
    await office.remember(Quality(days=1, tickets=200, within=162))
    assert (
        "In den letzten 7 Tagen kamen 81 von 100 in der angezeigten Zeit dran."
        in (await office.http.get("/", headers=GERMAN)).text
    )


async def test_the_best_time_to_come_is_told_of_every_service_on_record(office: WebOffice) -> None:
    await office.remember(rhythm=rhythm("new", opens=0, closes=96))
    page = (await office.http.get("/", headers=GERMAN)).text
    assert page.count('class="public-usual"') == 1
    assert page.count('role="img"') == 1
    assert "meist am schnellsten" in page
    assert "data-no-usual" not in page


async def test_without_days_on_record_the_page_says_so(office: WebOffice) -> None:
    assert "sobald genug Tage erfasst sind" in (await office.http.get("/", headers=GERMAN)).text
    week = await office.http.get("/z/hall/week", headers=GERMAN)
    assert week.status_code == 200
    assert "sobald genug Tage erfasst sind" in week.text


async def test_the_week_has_a_picture_for_each_day_and_a_table(office: WebOffice) -> None:
    await office.remember(rhythm=rhythm("new", "short", weekdays=range(5)))
    page = (await office.http.get("/z/hall/week", headers=GERMAN)).text
    assert page.count('role="img"') == 2 * 5
    assert page.count("<table") == 2
    assert "Montag" in page
    assert "am schnellsten gegen 13:45 Uhr" in page
    assert "Beste Zeit" in page


async def test_the_week_of_an_unknown_zone_is_not_found(office: WebOffice) -> None:
    assert (await office.http.get("/z/nowhere/week", headers=GERMAN)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/z/hall", "/z/hall/week"])
async def test_a_page_is_compressed_for_who_takes_it_so(office: WebOffice, path: str) -> None:
    slim = await office.http.get(path, headers={**GERMAN, "Accept-Encoding": "gzip"})
    whole = await office.http.get(path, headers={**GERMAN, "Accept-Encoding": "identity"})
    assert (slim.headers["content-encoding"], slim.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert int(slim.headers["content-length"]) < len(whole.content) / 2
    assert "content-encoding" not in whole.headers
    assert slim.text.count("<section") == whole.text.count("<section")
