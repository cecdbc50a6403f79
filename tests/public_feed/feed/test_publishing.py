"""The feed over HTTP: its documents, their schemas, and caches that know when to ask again."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from public_feed.feed.face import face
from public_feed.feed.kinds import NEWS_TERMS, PAST_TERMS, STATIC_TERMS, STATUS_TERMS
from public_feed.feed.kinds import ROOT as FEED
from public_feed.feed.publishing import KINDS
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import Rhythm, Usual
from queue_core.web.api.zones import STATE_CACHE
from queue_core.web.edition import DESCRIPTION_CACHE
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import NEW

ROOT = Path(__file__).parents[3]
GOOD = Quality(days=5, tickets=110, within=81, too_short=12, unknown=10, wait_s=9e4, error_s=12_340.0, bias_s=-560.0)
MONDAYS = Rhythm("2026-11-23", {NEW: {0: {36: Usual(4, 60, 300, 900), 37: Usual(4, 60, 240, 960)}}})
_OTHER_ROWS = [
    ("`koeln/waiting-od.json`, `fiware/queue-monitor.jsonld`", STATUS_TERMS.cache_control()),
    ("`index.json`, `zones.json`, `rhythm.json`, `days.json`, `dcat.jsonld`", STATIC_TERMS.cache_control()),
    ("`closures.atom`", NEWS_TERMS.cache_control()),
    ("`days/{day}.csv`", PAST_TERMS.cache_control()),
    ("schemas", DESCRIPTION_CACHE),
    ("`GET /api/v1/zones/{zone}`", STATE_CACHE),
]


#: Documents with a JSON Schema of their own. A day's table is no JSON; it has tests of its own.
MODELS = {name: kind.model for name, kind in KINDS.items() if kind.model and name != "day"}


def _path(name: str) -> str:
    return KINDS[name].path.format(zone="hall", language="en")


async def _zone_waits(office: WebOffice) -> Any:
    return (await office.http.get("/feed/v1/waits.json")).json()["data"]["zones"][0]


@pytest.mark.parametrize("name", MODELS)
async def test_each_document_is_what_its_schema_says(office: WebOffice, name: str) -> None:
    await office.draw()
    answer = await office.http.get(_path(name))
    assert answer.status_code == 200
    TypeAdapter(MODELS[name]).validate_json(answer.content)
    schema = (await office.http.get(f"/feed/v1/{name}.schema.json")).json()
    assert set(schema["required"]) == set(answer.json())
    assert schema["$schema"].startswith("https://json-schema.org/")


async def test_the_index_leads_to_every_document_and_its_schema(office: WebOffice) -> None:
    feeds = (await office.http.get("/feed/v1/index.json")).json()["data"]["feeds"]
    assert {feed["name"] for feed in feeds} == set(KINDS)
    for url in [url for feed in feeds for url in (feed["url"], feed["schema_url"]) if url and "{day}" not in url]:
        path = url.removeprefix(office.frame.settings.base_url).format(zone="hall", language="en")
        assert (await office.http.get(path)).status_code == 200, path


async def test_every_document_has_a_schema_or_a_standard(office: WebOffice) -> None:
    feeds = (await office.http.get("/feed/v1/index.json")).json()["data"]["feeds"]
    assert [feed["name"] for feed in feeds if not (feed["schema_url"] or feed["conforms_to"])] == []


async def test_a_drawn_ticket_is_counted(office: WebOffice) -> None:
    await office.draw("new")

    async def counted() -> bool:
        zones = (await office.http.get("/feed/v1/waits.json")).json()["data"]["zones"]
        return bool(zones[0]["services"][0]["waiting"] == 1)

    await eventually(counted)


async def test_a_wait_that_nobody_has_estimated_is_null(office: WebOffice) -> None:
    service = (await office.http.get("/feed/v1/waits.json")).json()["data"]["zones"][0]["services"][0]
    assert service["wait"] is None
    assert service["waiting"] == 0
    assert re.fullmatch(r"[\d-]+T[\d:]+[+-]\d\d:\d\d", service["observed_at"])


async def test_an_unchanged_document_is_not_sent_again(office: WebOffice) -> None:
    first = await office.http.get("/feed/v1/zones.json")
    again = await office.http.get("/feed/v1/zones.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_other_sites_may_read_it(office: WebOffice) -> None:
    answer = await office.http.get("/feed/v1/waits.json", headers={"Origin": "https://city.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", [*(_path(name) for name in KINDS if name != "day"), f"{FEED}/waits.schema.json"])
async def test_a_cache_in_between_may_keep_it_for_all(office: WebOffice, path: str) -> None:
    whole = await office.http.get(path)
    known = await office.http.get(path, headers={"If-None-Match": "*"})
    assert re.fullmatch(
        r"public, max-age=\d+, stale-while-revalidate=\d+, stale-if-error=\d+", whole.headers["Cache-Control"]
    )
    assert not {"set-cookie", "vary", "last-modified", "x-request-id"} & set(whole.headers)
    assert known.status_code == 304
    renewed = {"etag", "cache-control", "access-control-allow-origin"}
    assert {n: whole.headers[n] for n in renewed} == {n: v for n, v in known.headers.items() if n != "date"}
    assert "default-src 'none'" in whole.headers["Content-Security-Policy"]


async def test_servers_that_know_the_same_print_the_same_bytes(valkey_url: str, tmp_path: Path) -> None:
    async with (
        open_web_office(valkey_url, tmp_path, faces=[face]) as one,
        open_web_office(valkey_url, tmp_path, faces=[face]) as other,
    ):
        await one.draw("new")

        async def alike() -> bool:
            first, second = [await o.http.get("/feed/v1/waits.json") for o in (one, other)]
            waiting = first.json()["data"]["zones"][0]["services"][0]["waiting"]
            return bool(waiting == 1 and (first.content, first.headers) == (second.content, second.headers))

        await eventually(alike)


@pytest.mark.parametrize(("row", "cache_control"), [("`waits.json`", STATUS_TERMS.cache_control()), *_OTHER_ROWS])
def test_the_documentation_tells_caches_the_same(row: str, cache_control: str) -> None:
    said = " | ".join(re.findall(r"=(\d+)", cache_control))
    assert f"| {row} | {said} |" in (ROOT / "docs" / "feed.md").read_text()


async def test_how_true_the_last_days_were_is_in_the_feed(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as office:
        assert (await _zone_waits(office))["quality"] is None
        await office.remember(GOOD)
        told = {"days": 5, "tickets": 100, "within": 81, "too_short": 12, "error_s": 123, "bias_s": -6}

        async def is_told() -> bool:
            return bool((await _zone_waits(office))["quality"] == told)

        await eventually(is_told)


async def test_of_fewer_than_twenty_visits_the_feed_does_not_tell(office: WebOffice) -> None:
    await office.remember(Quality(days=1, tickets=19, within=19, error_s=300.0))
    assert (await _zone_waits(office))["quality"] is None


async def test_days_without_any_range_say_nothing(office: WebOffice) -> None:
    await office.remember(Quality(days=1, tickets=3, unknown=3))
    assert (await _zone_waits(office))["quality"] is None


async def test_when_to_come_is_unknown_until_days_are_on_record(office: WebOffice) -> None:
    unknown = await office.http.get("/feed/v1/zones/hall/rhythm.json")
    assert unknown.json()["data"] == {"id": "hall", "until_day": None, "services": None}
    await office.remember(rhythm=MONDAYS)

    async def known() -> Any:
        return (await office.http.get("/feed/v1/zones/hall/rhythm.json")).json()["data"]["services"]

    assert await eventually(known) == [
        {
            "id": "new",
            "weekdays": [
                {
                    "weekday": "mon",
                    "best": "09:15",
                    "quarters": [
                        {"time": "09:00", "days": 4, "p10_s": 60, "p50_s": 300, "p90_s": 900},
                        {"time": "09:15", "days": 4, "p10_s": 60, "p50_s": 240, "p90_s": 960},
                    ],
                }
            ],
        }
    ]


async def test_when_to_come_stays_the_same_edition_until_another_day_is_known(office: WebOffice) -> None:
    await office.remember(GOOD, MONDAYS)
    first = await office.http.get("/feed/v1/zones/hall/rhythm.json")
    await office.hindsight.refresh()
    await office.remember(GOOD, MONDAYS)
    known = {"If-None-Match": first.headers["etag"]}
    again = await office.http.get("/feed/v1/zones/hall/rhythm.json", headers=known)
    assert (first.status_code, again.status_code) == (200, 304)


async def test_of_a_zone_that_is_not_there_nothing_is_told(office: WebOffice) -> None:
    assert (await office.http.get("/feed/v1/zones/nowhere/rhythm.json")).status_code == 404


async def test_there_is_no_other_document(office: WebOffice) -> None:
    assert (await office.http.get("/feed/v1/tickets.schema.json")).status_code == 404
    assert (await office.http.get("/feed/v1/tickets.json")).status_code == 404


async def test_the_feed_is_for_reading_only(office: WebOffice) -> None:
    assert (await office.http.post("/feed/v1/waits.json")).status_code == 405
