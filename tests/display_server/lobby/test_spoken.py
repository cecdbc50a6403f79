"""What a display says, in words."""

from dataclasses import replace
from datetime import time
from typing import Any

import orjson
import pytest

from display_server.lobby.display import Display
from display_server.lobby.spoken import SpokenCall, phrase, voice_facts, voice_languages
from queue_core.domain.devices import DisplayPlace, VoicePlace, Volume
from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.office import CounterPlace
from queue_core.web.words import languages, translations
from tests.support.zones import zone

LOBBY = "display_server.lobby"
THREE = CounterPlace(CounterId("3"), {"de": "Schalter 3", "en": "Counter 3"}, ())
FIVE = CounterPlace(CounterId("5"), {"de": "Zimmer 5"}, ())


def said(language: str, *calls: SpokenCall, again: bool = False) -> str:
    return phrase(calls, again, translations(LOBBY, language), language)


@pytest.mark.parametrize(
    ("language", "again", "sentence"),
    [
        ("de", False, "Nummer A 0 4 7, bitte, Schalter 3."),
        ("de", True, "Noch einmal: Nummer A 0 4 7, bitte, Schalter 3."),
        ("en", False, "Number A 0 4 7, please, Counter 3."),
        ("en", True, "Once more: number A 0 4 7, please, Counter 3."),
    ],
)
def test_a_call_is_a_sentence_with_number_and_counter(language: str, again: bool, sentence: str) -> None:
    assert said(language, SpokenCall("A047", THREE), again=again) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Die Nummern: A 0 4 7, Schalter 3; C 0 1 2, Zimmer 5."),
        ("en", "Numbers: A 0 4 7, Counter 3; C 0 1 2, Zimmer 5."),
    ],
)
def test_several_calls_are_one_sentence_with_each_counter(language: str, sentence: str) -> None:
    assert said(language, SpokenCall("A047", THREE), SpokenCall("C012", FIVE)) == sentence


@pytest.mark.parametrize("language", languages(LOBBY))
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_in_no_language_a_call_lacks_its_number_or_counter(language: str, again: bool) -> None:
    for calls in ([SpokenCall("047", FIVE)], [SpokenCall("047", FIVE), SpokenCall("012", FIVE)]):
        sentence = said(language, *calls, again=again)
        assert "0 4 7" in sentence
        assert sentence.count("Zimmer 5") == len(calls)


def test_a_counters_name_is_never_taken_for_a_placeholder() -> None:
    odd = CounterPlace(CounterId("x"), {"de": "{number} %s"}, ())
    assert said("de", SpokenCall("A1", odd)) == "Nummer A 1, bitte, {number} %s."


def display(**voice: Any) -> Display:
    here = replace(zone(), languages=("en", "de"))
    return Display(DisplayPlace("wall", (ZoneId("hall"),), voice=VoicePlace(**voice)), (here,))


def test_without_languages_of_its_own_a_display_speaks_the_first_of_its_zone() -> None:
    assert voice_languages(display()) == ("en",)
    assert voice_languages(display(languages=("tr", "de"))) == ("tr", "de")


def test_the_page_is_told_the_rules() -> None:
    volumes = (Volume(time(13, 30), 40), Volume(time(7), 80))
    told = orjson.loads(voice_facts(display(languages=("de",), merge_beyond=2, age_most_s=30, volumes=volumes)))
    assert told == {
        "zone": "hall",
        "timeZone": "Europe/Berlin",
        "say": "/lobby/wall/say",
        "languages": ["de"],
        "on": True,
        "gong": True,
        "mergeBeyond": 2,
        "togetherMost": 6,
        "ageMostS": 30,
        "volumes": [{"since": "07:00", "percent": 80}, {"since": "13:30", "percent": 40}],
    }
