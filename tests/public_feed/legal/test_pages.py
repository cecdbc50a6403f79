"""What the law wants beside public pages, whole without scripts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from public_feed.legal.pages import NAMES
from queue_core.domain.site import Site
from queue_core.web.words import ORDER
from tests.public_feed import offering
from tests.public_feed.street import FACES
from tests.support.web_office import WebOffice, open_web_office

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
SITE = Site(
    {"de": "Amt"},
    ("de",),
    imprint={"de": "Amt Musterstadt\n<script>alert(1)</script>\n\nhttps://amt.example oder amt@amt.example"},
    accessibility={"de": "Schreiben Sie an hilfe@amt.example."},
    arbitration={"de": "Schlichtungsstelle Musterland"},
    easy={"de": "Das Amt hat einen Aufzug."},
)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=SITE) as opened:
        yield opened


async def text(office: WebOffice, path: str) -> str:
    answer = await office.http.get(path, headers=GERMAN)
    assert answer.status_code == 200, path
    return answer.text


async def test_the_offices_own_text_stands_there_and_its_html_stays_text(office: WebOffice) -> None:
    page = await text(office, "/imprint")
    assert "Amt Musterstadt<br>&lt;script&gt;" in page
    assert 'href="https://amt.example"' in page
    assert 'href="mailto:amt@amt.example"' in page


async def test_the_accessibility_statement_names_contact_and_arbitration(office: WebOffice) -> None:
    page = await text(office, "/accessibility")
    assert "hilfe@amt.example" in page
    assert "Schlichtungsstelle Musterland" in page
    assert "Was fehlt" in page


async def test_privacy_says_when_numbers_are_deleted_as_it_is_set(office: WebOffice) -> None:
    hours = office.frame.settings.purge_after_hours
    assert f"Spätestens {hours} Stunden nach dem Ende des Tages" in await text(office, "/privacy")


async def test_a_page_that_is_not_there_leads_to_the_imprint_all_the_same(office: WebOffice) -> None:
    page = await office.http.get("/nowhere?lang=tr", headers=GERMAN)
    assert page.status_code == 404
    for name in ("accessibility", "privacy", "imprint"):
        assert f'href="/{name}?lang=tr"' in page.text


async def test_the_easy_page_has_a_picture_for_every_step(office: WebOffice) -> None:
    page = await text(office, "/easy")
    assert "Das Amt hat einen Aufzug." in page
    assert page.count("<svg") == page.count("<li><svg") == 8


@pytest.mark.parametrize("language", ORDER)
@pytest.mark.parametrize("name", NAMES)
async def test_every_page_speaks_every_language(office: WebOffice, name: str, language: str) -> None:
    page = await text(office, f"/{name}?lang={language}")
    assert f'<html lang="{language}"' in page
    assert f'href="/imprint?lang={language}"' in page, "the footer keeps the language"


@pytest.mark.parametrize("language", ["ar", "de-simple"])
async def test_a_text_in_another_language_than_its_page_says_so(office: WebOffice, language: str) -> None:
    assert '<div class="legal-prose" lang="de" dir="ltr">' in await text(office, f"/imprint?lang={language}")


@pytest.mark.parametrize("path", ["/", "/t/nonsense"])
async def test_every_page_leads_there(office: WebOffice, path: str) -> None:
    page = (await office.http.get(path, headers=GERMAN)).text
    for name in NAMES:
        assert f'href="/{name}"' in page


async def test_where_the_face_is_left_out_nothing_leads_there(valkey_url: str, tmp_path: Path) -> None:
    few = [face for face in FACES if face.name in ("public", "ticket")]
    async with open_web_office(valkey_url, tmp_path, faces=few) as office:
        page = await text(office, "/")
    assert "/imprint" not in page
    assert "/feed/" not in page


async def test_an_office_that_has_written_nothing_says_so(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as office:
        assert "noch kein Impressum" in await text(office, "/imprint")
        assert "am Empfang" in await text(office, "/accessibility")


@pytest.mark.parametrize(
    ("said", "switched_on"),
    [
        ("Ihre E-Mail-Adresse", {"zones": (offering.ZONE,), **offering.MAIL}),
        ("Nachrichten an Ihr Telefon", offering.PUSH),
        ("Neues zu einem Antrag", {"site": offering.SITE, **offering.PUSH}),
        ("von einer Internet-Adresse gezogen", {"zones": (offering.ZONE,)}),
    ],
    ids=["mail", "messages", "messages-of-applications", "numbers-from-home"],
)
async def test_privacy_says_what_an_office_keeps_only_where_it_does(
    valkey_url: str, tmp_path: Path, said: str, switched_on: dict[str, Any]
) -> None:
    for on in (False, True):
        more = dict(switched_on) if on else {}
        zones = more.pop("zones", ())
        async with open_web_office(valkey_url, tmp_path / str(on), *zones, faces=offering.FACES, **more) as office:
            assert (said in await text(office, "/privacy")) is on
