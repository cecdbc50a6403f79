"""The public page, whole without scripts."""

import pytest

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
