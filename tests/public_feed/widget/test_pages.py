"""The widget over HTTP: for every site what is meant for it, and frames nowhere else."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from public_feed.widget.face import face
from public_feed.widget.page import Theme, Wish, component
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

PRINTED = ["/widget/v1.js", "/widget/v1/hall.json", "/widget/v1/hall/en.json"]
SMALL_BYTES = 4_096


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as opened:
        yield opened


@pytest.mark.parametrize("path", PRINTED)
async def test_what_other_pages_load_is_for_every_site_and_for_caches(office: WebOffice, path: str) -> None:
    first = await office.http.get(path, headers={"Origin": "https://city.example"})
    assert first.status_code == 200
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert not {"set-cookie", "vary"} & set(first.headers)
    assert (await office.http.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304


@pytest.mark.parametrize("path", ["/widget/v1/nowhere.json", "/widget/v1/nowhere/de.json", "/widget/v1/hall/xx.json"])
async def test_another_zone_or_language_is_not_there(office: WebOffice, path: str) -> None:
    answer = await office.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_script_is_small_and_has_no_words(office: WebOffice) -> None:
    script = (await office.http.get("/widget/v1.js")).content
    assert len(gzip.compress(script)) < SMALL_BYTES


async def test_any_page_may_frame_the_widget_and_nothing_else(office: WebOffice) -> None:
    framed = (await office.http.get("/widget/hall")).headers
    assert "frame-ancestors *" in framed["content-security-policy"]
    assert "x-frame-options" not in framed
    for path in ("/widget", "/login", "/widget/nowhere"):
        closed = (await office.http.get(path)).headers
        assert "frame-ancestors 'none'" in closed["content-security-policy"]
        assert closed["x-frame-options"] == "DENY"


async def test_a_frame_without_scripts_shows_the_waits(office: WebOffice) -> None:
    page = (await office.http.get("/widget/hall?lang=de&theme=dark")).text
    assert 'theme="dark"' in page
    assert "<li>New: <strong>" in page
    assert "set-cookie" not in page


@pytest.mark.parametrize("query", ["zone=nowhere", "show=xx", "theme=pink", "zone=<b>&show=<b>&theme=<b>"])
async def test_the_workshop_takes_what_makes_no_sense_for_not_wished(office: WebOffice, query: str) -> None:
    page = await office.http.get(f"/widget?lang=de&{query}")
    assert page.status_code == 200
    assert "/widget/hall?lang=de&amp;amp;theme=auto" in page.text
    assert "<b>" not in page.text


def test_an_address_of_ours_is_escaped_in_what_is_copied() -> None:
    wish = Wish(zone(), "en", Theme.LIGHT)
    assert component(wish, 'https://wait.example/"x').splitlines() == [
        '<script type="module" src="https://wait.example/&#34;x/widget/v1.js"></script>',
        '<wartezone-waits zone="hall" lang="en" theme="light"></wartezone-waits>',
    ]
