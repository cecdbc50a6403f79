"""The pages for everybody are valid HTML: a strict parser finds nothing to mend, and no id stands twice."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import html5lib  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from queue_core.domain.site import Site, Video
from tests.public_feed.now.weeks import rhythm
from tests.public_feed.street import FACES
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


@pytest.mark.parametrize(
    "text",
    ["<p><div></p>", "<b><i></b></i>", '<p id="a"></p><p id="a"></p>', "<table><p></p></table>", '<p a="1" a="2"></p>'],
)
def test_the_rule_bites(text: str) -> None:
    assert faults(f"<!doctype html><title>a</title>{text}")


def faults(text: str) -> list[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    document = parser.parse(text)
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    return [f"{place}: {code}" for place, code, _ in parser.errors] + [
        f"id {id_} stands {n} times" for id_, n in ids.items() if n > 1
    ]
