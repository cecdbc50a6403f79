"""The pages for everybody are valid HTML: of many zones as of one, which is tests/e2e/test_markup.py's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from queue_core.domain.site import Site, Video
from tests.public_feed.now.weeks import rhythm
from tests.public_feed.street import FACES
from tests.support.markup import faults
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

VIDEOS = (Video("tour", {"de": "Rundgang"}, file="tour.webm"), Video("money", {"de": "Geld"}, youtube="dQw4w9WgXcQ"))
SITE = Site(
    {"de": "Amt & Söhne"}, ("de",), imprint={"de": '# "Wer" <b>\n- <p>\n\nhttps://a.example/?a=1&b=2'}, videos=VIDEOS
)
PAGES = (
    "/",
    "/?q=xyz",
    "/z/hall",
    "/z/hall/week",
    "/imprint",
    "/privacy",
    "/accessibility",
    "/easy",
    "/videos",
    "/t/none",
)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    zones = [zone("hall" if n == 0 else f"z{n}") for n in range(9)]
    async with open_web_office(valkey_url, tmp_path, *zones, faces=FACES, site=SITE) as opened:
        await opened.remember(rhythm=rhythm("new", "short", opens=0, closes=96))
        yield opened


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_every_page_is_valid(office: WebOffice, language: str) -> None:
    for path in PAGES:
        query = f"{'&' if '?' in path else '?'}lang={language}"
        page = await office.http.get(f"{path}{query}", headers={"Accept": "text/html"})
        assert faults(page.text) == [], path
