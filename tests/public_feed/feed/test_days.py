"""Ended days over HTTP: which there are, and each as a table; from the archive, of nobody in particular."""

import csv
from io import StringIO

from queue_core.domain.archive import deidentified
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits, Rhythm
from queue_core.store.keys import ZoneKeys
from queue_core.store.packed import pack_lines
from queue_core.store.track_record import TrackRecord
from tests.queue_core.estimate.visits import Book
from tests.support.web_office import WebOffice

DAY = "2026-03-02"
DAYS = "/feed/v1/zones/hall/days.json"
TABLE = f"/feed/v1/zones/hall/days/{DAY}.csv"


def visits(many: int) -> Book:
    book = Book()
    book.add(0, "counter_opened", counter="1")
    for n in range(many):
        book.draw(n, n)
        book.move("called", n, 60 + n)
        book.move("started", n, 60 + n)
        book.move("finished", n, 61 + n)
    return book


async def archived(office: WebOffice, many: int = 6) -> None:
    lines = list(deidentified(visits(many).log, {}))
    await office.store.client.hset(ZoneKeys(office.zone.id).archive, DAY, pack_lines(lines))
    record = TrackRecord(office.store.client, office.zone.id)
    await record.keep_day(DAY, Quality(), DayWaits(DAY))
    await record.keep_rhythm(Rhythm())
    await office.hindsight.refresh()


async def test_before_anything_is_read_nobody_knows_which_days_there_are(office: WebOffice) -> None:
    assert (await office.http.get(DAYS)).json()["data"] == {"id": "hall", "days": None}


async def test_without_ended_days_there_are_none(office: WebOffice) -> None:
    await office.hindsight.refresh()
    assert (await office.http.get(DAYS)).json()["data"]["days"] == []


async def test_the_days_lead_to_their_tables(office: WebOffice) -> None:
    await archived(office)
    (day,) = (await office.http.get(DAYS)).json()["data"]["days"]
    assert day == {"day": DAY, "url": f"{office.frame.settings.base_url}{TABLE}"}
    answer = await office.http.get(TABLE)
    assert answer.headers["content-type"].startswith("text/csv")
    (line,) = csv.DictReader(StringIO(answer.text))
    assert (line["service"], line["issued"], line["called"], line["wait_p50_s"]) == ("new", "6", "6", "60")


async def test_a_table_is_kept_by_caches_and_not_sent_again(office: WebOffice) -> None:
    await archived(office)
    first = await office.http.get(TABLE)
    assert "max-age=3600" in first.headers["cache-control"]
    assert first.headers["access-control-allow-origin"] == "*"
    assert (await office.http.get(TABLE, headers={"If-None-Match": first.headers["etag"]})).status_code == 304


async def test_of_a_day_with_fewer_than_five_visits_only_the_head_is_told(office: WebOffice) -> None:
    await archived(office, many=4)
    assert (await office.http.get(TABLE)).text.count("\r\n") == 1


async def test_an_archive_that_cannot_be_read_tells_nothing(office: WebOffice) -> None:
    await archived(office)
    await office.store.client.hset(ZoneKeys(office.zone.id).archive, DAY, "no archive")
    assert (await office.http.get(TABLE)).text.count("\r\n") == 1


async def test_today_and_days_that_are_not_there_are_not_found(office: WebOffice) -> None:
    await archived(office)
    today = office.hub.snapshot(office.zone.id).day
    paths = [f"/feed/v1/zones/{zone}/days/{day}.csv" for zone, day in [("hall", today), ("hall", "x"), ("no", DAY)]]
    assert [(await office.http.get(path)).status_code for path in paths] == [404, 404, 404]
