"""Films of the office: only what is configured, and nothing from elsewhere before a click."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from queue_core.domain.devices import Devices
from queue_core.domain.site import Site, Video
from tests.public_feed.street import FACES, Street, open_street
from tests.support.axe import violations
from tests.support.web_office import WebOffice, open_web_office

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
OWN = Video("tour", {"de": "Rundgang"}, file="tour.webm", length_s=95, language="de", captions={"de": "tour.de.vtt"})
THEIRS = Video("money", {"de": "Geld"}, youtube="dQw4w9WgXcQ")
YOUTUBE = "https://www.youtube-nocookie.com"


@pytest.fixture
def media(tmp_path: Path) -> Devices:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "tour.webm").write_bytes(b"film" * 100)
    (tmp_path / "media" / "tour.de.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n")
    (tmp_path / "media" / "other.webm").write_bytes(b"secret")
    return Devices(folder=str(tmp_path))


def site(*videos: Video) -> Site:
    return Site({"de": "Amt"}, ("de",), videos=videos)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path, media: Devices) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site(OWN, THEIRS), devices=media) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path, media: Devices) -> AsyncIterator[Street]:
    async with open_street(browser, valkey_url, tmp_path, site=site(OWN, THEIRS), devices=media) as opened:
        yield opened


async def test_a_film_of_ours_has_its_captions_and_its_length(office: WebOffice) -> None:
    page = (await office.http.get("/videos", headers=GERMAN)).text
    assert '<source src="/videos/media/tour.webm">' in page
    assert '<track kind="captions" src="/videos/media/tour.de.vtt" srclang="de" label="Deutsch" default>' in page
    assert "1:35" in page


async def test_frames_of_another_site_may_stand_in_this_page_alone(office: WebOffice) -> None:
    policies = [
        (await office.http.get(path, headers=GERMAN)).headers["content-security-policy"] for path in ("/videos", "/")
    ]
    assert [f"frame-src {YOUTUBE}" in policy for policy in policies] == [True, False]
    assert all("default-src 'none'" in policy for policy in policies)


async def test_without_foreign_videos_no_frame_is_allowed(valkey_url: str, tmp_path: Path, media: Devices) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site(OWN), devices=media) as office:
        policy = (await office.http.get("/videos", headers=GERMAN)).headers["content-security-policy"]
    assert "frame-src" not in policy


async def test_where_none_is_configured_there_is_no_page_and_no_link(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as office:
        assert (await office.http.get("/videos", headers=GERMAN)).status_code == 404
        assert "/videos" not in (await office.http.get("/", headers=GERMAN)).text


@pytest.mark.parametrize(
    ("source", "status"),
    [("tour.webm", 200), ("tour.de.vtt", 200), ("other.webm", 404), ("../tour.webm", 404), ("%2e%2e/site.toml", 404)],
)
async def test_only_files_that_are_configured_are_given_out(office: WebOffice, source: str, status: int) -> None:
    assert (await office.http.get(f"/videos/media/{source}")).status_code == status


async def test_a_part_of_a_film_can_be_asked_for(office: WebOffice) -> None:
    answer = await office.http.get("/videos/media/tour.webm", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"film")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_is_asked_of_another_site_before_the_click(street: Street) -> None:
    page = await street.page("")
    foreign: list[str] = []

    async def refuse(route: Route) -> None:
        foreign.append(route.request.url)
        await route.abort()

    await page.route(lambda url: not url.startswith(street.address), refuse)
    await page.goto(f"{street.address}/videos")
    button = page.get_by_role("button", name=re.compile("Von YouTube abspielen"))
    await expect(button).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert foreign == []
    await button.click()
    frame = page.locator("iframe")
    await expect(frame).to_have_attribute("src", re.compile(f"^{YOUTUBE}/embed/dQw4w9WgXcQ"))
    assert await page.context.cookies() == []
    assert all(url.startswith(YOUTUBE) for url in foreign)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_accessible(street: Street, scheme: str) -> None:
    page = await street.page("/videos", color_scheme=scheme)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await violations(page) == []


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_without_scripts_a_foreign_video_is_a_link(street: Street) -> None:
    page = await street.page("/videos", java_script_enabled=False)
    await expect(page.get_by_role("button", name=re.compile("YouTube"))).to_have_count(0)
    link = page.get_by_role("link", name=re.compile("Bei YouTube öffnen"))
    await expect(link).to_have_attribute("rel", "noreferrer noopener")
