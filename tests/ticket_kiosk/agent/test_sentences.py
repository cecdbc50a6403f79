"""What the kiosk's page will say, read from the page."""

import pytest

from ticket_kiosk.agent.sentences import addresses

PAGE = """
<div data-kiosk{speaks}><h1>Seen already</h1></div>
<template data-language="de">
  <header class="kiosk-head"><p>Amt</p></header>
  <section><h1>Was führt Sie her?</h1><p class="kiosk-lead" hidden>Tippen Sie
    darauf.</p><p data-field="open"></p><p aria-hidden="true">!</p>
    <p><span data-field="service"></span> · <time></time></p>
    <div data-choices>
    <button data-topic="a"><span>Ausweise</span></button>
    <button data-service="pass" data-in="a"><span>Pass</span><span data-field="wait">10 Minuten</span></button>
    <button data-service="visa" data-in="a"><span>Visum</span> <svg aria-hidden="true"><path d="M1"/></svg></button>
    <button data-service="rest" data-in=""><span>Anderes</span><span>Kurz &amp; gut</span></button></div>
    <button data-key="0">Zurück</button><button aria-label="Zeichen löschen"><svg></svg></button>
  </section>
  <template data-phrase="choice">{{key}}: {{text}}</template>
  <template data-phrase="refused-away">Zurzeit nicht.</template>
  <template data-phrase="refused-opens">Öffnet um {{time}}.</template>
  <template data-phrase="audio-none">aus</template>
</template>
<template data-language="tr">
  <section><h1>Ne?</h1></section><template data-phrase="choice">{{key}}: {{text}}</template>
</template>
"""


def asked(*numbers: str, speaks: str = " data-speaks") -> list[str]:
    return addresses(PAGE.format(speaks=speaks), numbers)


def url(language: str, text: str) -> str:
    return f"/speech/{language}.wav?text={text}"


@pytest.mark.parametrize(
    "text",
    [
        "Was%20f%C3%BChrt%20Sie%20her%3F",
        "Tippen%20Sie%20darauf.",
        "Zurzeit%20nicht.",
        "0%3A%20Zur%C3%BCck",
        "Zeichen%20l%C3%B6schen",
    ],
)
def test_sentences_are_asked_for_as_the_page_does(text: str) -> None:
    assert url("de", text) in asked()


def test_a_choice_is_said_without_its_wait_and_by_the_digits_of_its_lists() -> None:
    of = [each.rpartition("=")[2] for each in asked()]
    assert {"Ausweise", "1%3A%20Ausweise", "Pass", "1%3A%20Pass", "Visum", "2%3A%20Visum"} <= set(of)
    assert {"Anderes%2C%20Kurz%20%26%20gut", "2%3A%20Anderes%2C%20Kurz%20%26%20gut"} <= set(of)
    assert not [text for text in of if "Minuten" in text or text.startswith("3%3A")]


def test_what_is_not_said_or_not_known_yet_is_not_asked_for() -> None:
    of = "\n".join(asked())
    for unsaid in ("Amt", "Seen", "%7B", "text=%21", "%C2%B7", "text=aus"):
        assert unsaid not in of


def test_numbers_are_spelled_in_every_language_after_all_else() -> None:
    assert asked("N001", "N002")[-4:] == [
        url("de", "N%200%200%201"),
        url("tr", "N%200%200%201"),
        url("de", "N%200%200%202"),
        url("tr", "N%200%200%202"),
    ]


def test_each_sentence_is_asked_for_once() -> None:
    assert len(asked("N001")) == len(set(asked("N001")))


def test_a_kiosk_that_does_not_speak_rehearses_nothing() -> None:
    assert asked("N001", speaks="") == []
