"""The Atom feed, read back: valid, with ids that stay, and news of a ticket stop."""

from datetime import datetime
from xml.etree import ElementTree

import pytest

from queue_core.domain.principal import Role
from queue_core.web.words import ORDER
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


async def feed(office: WebOffice, name: str = "closures.atom") -> ElementTree.Element:
    answer = await office.http.get(f"/feed/v1/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def texts(element: ElementTree.Element, *path: str) -> list[str]:
    return [found.text or "" for found in element.findall("/".join(f"{ATOM}{part}" for part in path))]


async def test_it_has_what_rfc_4287_demands(office: WebOffice) -> None:
    await office.command("services/new/close", role=Role.SUPERVISOR)
    await eventually(lambda: _told(office, 1))
    read = await feed(office)
    assert read.tag == f"{ATOM}feed"
    assert [len(texts(read, name)) for name in ("id", "title", "updated", "rights")] == [1, 1, 1, 1]
    assert texts(read, "author", "name") == ["Office"]
    for element in [read, *read.findall(f"{ATOM}entry")]:
        assert [len(texts(element, name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert datetime.fromisoformat(texts(element, "updated")[0]).tzinfo is not None
        assert element.find(f"{ATOM}link[@rel='alternate']") is not None
    ids = texts(read, "entry", "id")
    assert len(ids) == len(set(ids))
    assert all(each.startswith("tag:") for each in [*ids, *texts(read, "id")])
    own = [link.get("href") for link in read.findall(f"{ATOM}link[@rel='self']")]
    assert own == [f"{office.frame.settings.base_url}/feed/v1/closures.atom"]


async def _told(office: WebOffice, count: int) -> bool:
    return len((await feed(office)).findall(f"{ATOM}entry")) == count


async def test_a_ticket_stop_is_news_until_it_ends(office: WebOffice) -> None:
    assert await _told(office, 0)
    await office.command("services/new/close", role=Role.SUPERVISOR)
    await eventually(lambda: _told(office, 1))
    stopped = await feed(office)
    assert texts(stopped, "entry", "title") == ["Hall, New: zurzeit keine Wartenummern"]
    assert texts(stopped, "entry", "updated") == texts(stopped, "updated")
    await office.command("services/new/open", role=Role.SUPERVISOR)
    await eventually(lambda: _told(office, 0))


@pytest.mark.parametrize("language", [tag for tag in ORDER if tag in ("de", "en")])
async def test_it_speaks_the_languages_of_the_site(office: WebOffice, language: str) -> None:
    read = await feed(office, f"closures.{language}.atom")
    assert read.get(LANG) == language


async def test_another_language_is_not_there(office: WebOffice) -> None:
    assert (await office.http.get("/feed/v1/closures.xx.atom")).status_code == 404


async def test_an_unchanged_feed_is_not_sent_again(office: WebOffice) -> None:
    first = await office.http.get("/feed/v1/closures.atom")
    await office.draw("new")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await office.http.get("/feed/v1/closures.atom", headers=known)).status_code == 304
