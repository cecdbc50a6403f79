"""Languages: chosen, translated, and written in the right direction."""

from pathlib import Path

import pytest
from starlette.requests import Request

from queue_core.web.words import WEB, chosen_language, direction, endonym, languages, lineage, said, translations


def asked(path: str = "/", query: str = "", accept: str = "", **params: str) -> Request:
    headers = [(b"accept-language", accept.encode())] if accept else []
    return Request(
        {"type": "http", "path": path, "query_string": query.encode(), "headers": headers, "path_params": params}
    )


def test_german_comes_first() -> None:
    assert languages()[0] == "de"
    assert "en" in languages()


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        (asked(), "de"),
        (asked(accept="en"), "en"),
        (asked(accept="en-GB,en;q=0.9,de;q=0.8"), "en"),
        (asked(accept="fr, de;q=0.5, en;q=0.9"), "en"),
        (asked(accept="en;q=0"), "de"),
        (asked(accept="xx;q=nonsense, en"), "en"),
        (asked(query="lang=en", accept="de"), "en"),
        (asked(query="lang=tlh", accept="en"), "en"),
        (asked(query="lang=de", lang="en"), "en"),
    ],
)
def test_the_page_speaks_what_was_chosen(request_: Request, language: str) -> None:
    assert chosen_language(request_) == language


def test_words_come_from_the_catalogue_without_a_build_step() -> None:
    assert translations(WEB, "de").gettext("Log in") == "Anmelden"
    assert not list((Path(__file__).parents[3] / "queue_core").rglob("*.mo"))


def test_a_package_without_a_catalogue_has_the_frames_words() -> None:
    assert translations("queue_core.live", "de").gettext("Log in") == "Anmelden"


def test_a_language_map_falls_back() -> None:
    assert said({"de": "Halle", "en": "Hall"}, "en") == "Hall"
    assert said({"de": "Halle"}, "en") == "Halle"
    assert said({"tr": "Salon"}, "en") == "Salon"
    assert said({}, "en") == ""


def test_languages_name_themselves_and_know_their_direction() -> None:
    assert (endonym("de"), endonym("tr"), direction("de"), direction("ar")) == ("Deutsch", "Türkçe", "ltr", "rtl")


def test_a_face_stands_on_the_packages_above_it_that_have_words() -> None:
    assert lineage("public_feed.now") == ("public_feed.now", "public_feed", WEB)
    assert lineage("display_server.lobby") == ("display_server.lobby", WEB)
    assert lineage(WEB) == (WEB,)
    assert translations("public_feed.now", "de").gettext("Open data") == "Offene Daten"
