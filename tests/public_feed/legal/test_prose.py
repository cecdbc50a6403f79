"""An office's own plain text."""

import pytest

from public_feed.legal.prose import BlockKind, prose

HEADING, LIST, PARAGRAPH = BlockKind


def blocks(text: str) -> list[tuple[BlockKind, tuple[str, ...]]]:
    found = prose({"de": text}, "de", "de")
    assert found
    return [(block.kind, block.lines) for block in found.blocks]


def test_an_empty_line_begins_a_paragraph_and_a_line_break_stays() -> None:
    assert blocks("\nAmt\nMusterstraße 1\n\n \nTelefon 1\n") == [
        (PARAGRAPH, ("Amt", "Musterstraße 1")),
        (PARAGRAPH, ("Telefon 1",)),
    ]


def test_headings_and_lists_are_told_by_how_their_lines_begin() -> None:
    assert blocks("# Wer\nDas Amt\n- eins\n- zwei\n\n# Wo\n# Wann") == [
        (HEADING, ("Wer",)),
        (PARAGRAPH, ("Das Amt",)),
        (LIST, ("eins", "zwei")),
        (HEADING, ("Wo",)),
        (HEADING, ("Wann",)),
    ]


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ({"de": "a", "tr": "b"}, "tr", "tr"),
        ({"de": "a", "en": "b"}, "de-simple", "de"),
        ({"en": "a", "de": "b"}, "fa", "de"),
        ({"fr": "a"}, "fa", "fr"),
    ],
    ids=["own", "way-of-speaking", "fallback", "any"],
)
def test_the_language_is_the_nearest_that_there_is(words: dict[str, str], language: str, found: str) -> None:
    text = prose(words, language, "de")
    assert text
    assert text.language == found


def test_no_text_is_none() -> None:
    assert prose({}, "de", "de") is None
    assert prose({"de": " \n"}, "de", "de") is None
