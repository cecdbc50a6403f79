"""The public page, whole without scripts."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from public_feed.now.search import FEW
from queue_core.domain.model import ZoneId
from queue_core.domain.office import WEEKDAYS, Hours, Interval
from queue_core.domain.principal import Role
from queue_core.domain.quality import Quality
from tests.public_feed import offering
from tests.public_feed.now.weeks import rhythm
from tests.public_feed.street import FACES
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}


def seen(page: str) -> str:
    """Without the phrases that lie ready for scripts."""
    return page.partition("<template")[0]


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


@contextlib.asynccontextmanager
async def many_zones(url: str, data: Path, count: int = FEW + 1) -> AsyncIterator[WebOffice]:
    zones = [zone("hall" if n == 0 else f"z{n}", name={"de": f"Bezirk {n}"}) for n in range(count)]
    async with open_web_office(url, data, *zones, faces=FACES) as opened:
        yield opened


async def test_many_zones_can_be_searched_without_scripts(valkey_url: str, tmp_path: Path) -> None:
    async with many_zones(valkey_url, tmp_path) as office:
        whole = (await office.http.get("/", headers=GERMAN)).text
        some = (await office.http.get("/?q=BEZIRK%207&lang=de", headers=GERMAN)).text
        none = (await office.http.get("/?q=%3Cb%3Exyz", headers=GERMAN)).text
    assert ('role="search"' in whole, whole.count("data-names=")) == (True, FEW + 1)
    assert (some.count("data-names="), 'name="lang" value="de"' in some) == (1, True)
    assert (none.count("data-names="), "Versuchen Sie ein kürzeres Wort" in none) == (0, True)
    assert "<b>xyz" not in none


async def test_few_zones_need_no_search(office: WebOffice) -> None:
    assert 'role="search"' not in (await office.http.get("/", headers=GERMAN)).text


async def test_of_many_zones_each_has_its_charts_and_hours_on_its_own_page(valkey_url: str, tmp_path: Path) -> None:
    async with many_zones(valkey_url, tmp_path) as office:
        await office.remember(rhythm=rhythm("new", opens=0, closes=96))
        home, own = [(await office.http.get(path, headers=GERMAN)).text for path in ("/", "/z/hall")]
    assert ("data-chart" in home, 'href="/z/hall"' in home) == (False, True)
    assert "data-chart=" in own


async def test_todays_waits_stand_in_chart_and_table(office: WebOffice) -> None:
    await office.command("counters/1/open", role=Role.COUNTER)
    for _ in range(5):
        await office.draw()
    for _ in range(5):
        await office.command("counters/1/call-next", {"current": "finish"}, role=Role.COUNTER)
    page = (await office.http.get("/", headers=GERMAN)).text
    assert "Wartezeiten heute bisher" in page
    assert page.count("data-today=") == 1
    assert 'class="usual-chart__line"' in page


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (Hours(), "geschlossen"),
        (Hours(week=dict.fromkeys(WEEKDAYS, (Interval(time(23, 58), time(23, 59)),))), "geschlossen, öffnet"),
    ],
    ids=["never-open", "closed-now"],
)
async def test_a_closed_zone_says_when_it_opens_if_it_does(
    valkey_url: str, tmp_path: Path, hours: Hours, said: str
) -> None:
    async with open_web_office(valkey_url, tmp_path, zone(hours=hours), faces=FACES) as office:
        page = seen((await office.http.get("/z/hall", headers=GERMAN)).text)
    assert said in page
    assert ("öffnet" in page) is ("öffnet" in said)
    assert "Öffnungszeiten" in page


async def test_a_zone_that_cannot_be_seen_shows_no_figures_but_says_so(office: WebOffice) -> None:
    await office.draw("short")
    await office.hub.close()
    await eventually(lambda: not office.hub.is_current(office.zone.id))
    page = seen((await office.http.get("/", headers=GERMAN)).text)
    assert "Die Verbindung ist unterbrochen" in page
    assert "Person wartet" not in page


async def test_the_home_page_leads_to_all_that_can_be_done_from_home(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, offering.ZONE, faces=offering.FACES, site=offering.SITE) as office:
        for path in ("/?lang=de", "/z/hall?lang=de"):
            page = (await office.http.get(path, headers=GERMAN)).text
            ways = re.findall(r'class="public-ways__way" href="([^"?]+)', page)
            assert ways == list(offering.WAYS)
            assert page.index("public-ways") < page.index("data-zone")


async def test_where_nothing_else_can_be_done_from_home_nothing_is_promised(office: WebOffice) -> None:
    assert "public-ways" not in (await office.http.get("/", headers=GERMAN)).text


async def test_of_several_zones_that_give_numbers_each_has_a_link_of_its_own(valkey_url: str, tmp_path: Path) -> None:
    giving = [replace(offering.ZONE, id=ZoneId(f"z{n}"), appointments=None) for n in range(2)]
    async with open_web_office(valkey_url, tmp_path, *giving, faces=offering.FACES) as office:
        page = (await office.http.get("/", headers=GERMAN)).text
    assert "public-ways" not in page
    assert re.findall(r'class="wz-button" href="(/z/[^"?]+)', page) == ["/z/z0/draw", "/z/z1/draw"]
