"""Pages: language and direction, escaping, error pages, the forms of numbers and times."""

import re

import pytest
from starlette.requests import Request

from queue_core.web.app import face_assets
from queue_core.web.pages import bdi, environment, formats, whole_minutes, with_language
from queue_core.web.words import WEB, said
from tests.support.web_office import ORIGIN, WebOffice
from tests.support.zones import zone

HTML = {"Accept": "text/html"}
#: 22 November 2026, 14:05 in Berlin.
AT_MS = 1_795_352_700_000


async def test_a_page_says_its_language(office: WebOffice) -> None:
    german = await office.http.get("/login", headers=HTML)
    assert '<html lang="de" dir="ltr"' in german.text
    english = await office.http.get("/login?lang=en", headers=HTML)
    assert '<html lang="en" dir="ltr"' in english.text
    assert 'aria-current="true">English' in english.text


async def test_a_page_is_never_kept(office: WebOffice) -> None:
    assert (await office.http.get("/login", headers=HTML)).headers["Cache-Control"] == "no-store"


async def test_a_page_has_landmarks_a_skip_link_and_nothing_inline(office: WebOffice) -> None:
    page = (await office.http.get("/login", headers=HTML)).text
    assert 'href="#main"' in page
    assert '<main id="main"' in page
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)


async def test_what_people_type_is_escaped(office: WebOffice) -> None:
    page = await office.http.get('/login?next=/"><script>alert(1)</script>', headers=HTML)
    assert "<script>" not in page.text


async def test_people_get_a_page_where_programs_get_a_problem(office: WebOffice) -> None:
    page = await office.http.get("/nowhere", headers=HTML)
    assert page.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Hier ist nichts" in page.text
    api = await office.http.get("/api/v1/nowhere", headers=HTML)
    assert api.headers["Content-Type"] == "application/problem+json"


async def test_an_error_page_names_the_office_and_not_the_program(office: WebOffice) -> None:
    page = (await office.http.get("/nowhere?lang=en", headers=HTML)).text
    assert "Wartezone" not in page
    assert page.count(said(office.frame.site.name, "en")) == 2


async def test_the_language_switch_stays_on_this_site_whatever_the_path(office: WebOffice) -> None:
    page = await office.http.get(f"{ORIGIN}//evil.example/x?q=1", headers=HTML)
    assert page.status_code == 404
    assert 'href="?q=1&amp;lang=en"' in page.text
    assert 'href="//' not in page.text


def test_times_are_the_zones_and_the_languages() -> None:
    german, english = formats("de"), formats("en")
    assert german["clock"](AT_MS, zone()) == "14:05"
    assert english["clock"](AT_MS, zone()) == "14:05", "a German office's clocks have 24 hours"
    assert german["date"](AT_MS, zone()) == "Sonntag, 22. November 2026"
    assert german["iso"](AT_MS, zone()) == "2026-11-22T14:05:00+01:00"
    assert (german["decimal"](1234.5), english["decimal"](1234.5)) == ("1.234,5", "1,234.5")
    assert german["text"]({"de": "Halle", "en": "Hall"}) == "Halle"


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (119.5, 2)])
def test_minutes_are_rounded_up(seconds: float, minutes: int) -> None:
    assert whole_minutes(seconds) == minutes


def test_a_number_stays_together_and_is_escaped() -> None:
    assert str(bdi("A<047")) == "<bdi>A&lt;047</bdi>"


def test_a_link_keeps_the_chosen_language() -> None:
    def asked(query: bytes) -> Request:
        return Request({"type": "http", "path": "/", "query_string": query, "headers": []})

    assert with_language(asked(b""), "/board") == "/board"
    assert with_language(asked(b"lang=en"), "/board?zone=1") == "/board?zone=1&lang=en"


def test_a_template_is_compiled_once_for_all_languages() -> None:
    assets = face_assets(())
    programs = [
        environment(WEB, language, assets).get_template("login.html").root_render_func.__code__
        for language in ("de", "en")
    ]
    assert programs[0] is programs[1]


@pytest.mark.parametrize("source", ["{{ 1234.5|decimal }}", "{{ {'de': 'Halle', 'en': 'Hall'}|text }}"])
def test_no_languages_words_are_compiled_in(source: str) -> None:
    assets = face_assets(())
    german, english = (environment(WEB, language, assets) for language in ("de", "en"))
    assert german.compile(source, raw=True) == english.compile(source, raw=True)
    assert german.from_string(source).render() != english.from_string(source).render()
