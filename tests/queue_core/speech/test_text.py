"""Texts before they are spoken."""

import pytest

from queue_core.speech.text import cleaned, said_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Guten \n\t Tag ", "Guten Tag"),
        ("<speak>Hallo</speak>", "speak Hallo /speak"),
        ("[[h@l]] {x}", "h@l x"),
        ("a\0b\x1bc", "a b c"),
        ("‮abc‬", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Schalter 3, bitte!", "Schalter 3, bitte!"),
        ("A\u0308pfel", "Äpfel"),
        ("\ud800", ""),
    ],
)
def test_only_plain_words_are_left(text: str, expected: str) -> None:
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("number", "language", "expected"),
    [
        ("A047", "de", "A 0 4 7"),
        ("a047", "en", "A 0 4 7"),
        ("047", "tr", "0 4 7"),
        ("AB12", "ar", "A B 1 2"),
        ("C012", "ru", "цэ 0 1 2"),
        ("W5", "uk", "дубль-ве 5"),
        ("Ä7", "ru", "Ä 7"),
    ],
)
def test_numbers_are_said_by_letter_and_digit(number: str, language: str, expected: str) -> None:
    assert said_number(number, language) == expected
