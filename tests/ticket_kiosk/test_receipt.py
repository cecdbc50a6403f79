"""The paper of a ticket, line by line."""

from typing import Any

import pytest

from queue_core.web.words import languages, translations
from tests.support.zones import zone
from ticket_kiosk.receipt import Line, Size, receipt

#: A Monday, 09:00 in Berlin.
NINE_MS = 1_791_183_600_000
TICKET = {
    "number": "A047",
    "service": "new",
    "issued_ms": NINE_MS,
    "wait": {"p10_s": 900, "p50_s": 1200, "p90_s": 1500},
    "reason": None,
    "ahead": 4,
    "not_before_ms": 0,
    "url": "https://wait.example/t/hall.abc.def",
}


def paper(language: str = "de", **changes: Any) -> tuple[Line, ...]:
    return receipt({**TICKET, **changes}, zone(), translations("ticket_kiosk", language), language)


def test_it_holds_all_that_a_visitor_needs_in_this_order() -> None:
    assert [line.text for line in paper()] == [
        "Office",
        "Hall",
        "Ihre Nummer",
        "A047",
        "New",
        "Gezogen am 05.10.2026 um 09:00 Uhr",
        "etwa 4 Personen vor Ihnen",
        "Wartezeit bis zum Aufruf",
        "etwa 15 bis 25 Minuten",
        "Geschätzt um 09:00 Uhr. Das kann sich ändern.",
        "https://wait.example/t/hall.abc.def",
        "Code scannen: Sie sehen Ihren Platz in der Reihe und wann Sie kommen sollen.",
        "Bitte behalten Sie diese Nummer. Die Anzeige ruft sie auf und nennt den Schalter.",
    ]


def test_the_number_alone_is_huge_and_the_address_is_a_code() -> None:
    sizes = {size: [line.text for line in paper() if line.size is size] for size in Size}
    assert (sizes[Size.HUGE], sizes[Size.CODE]) == (["A047"], [TICKET["url"]])


def test_what_nobody_knows_is_not_estimated() -> None:
    texts = [line.text for line in paper(wait=None, reason="no_counter_open", ahead=None)]
    assert "zurzeit ist kein Schalter offen" in texts
    assert not [text for text in texts if "Geschätzt" in text or "vor Ihnen" in text]


def test_who_is_first_is_next_and_who_comes_later_is_told_so() -> None:
    assert "Sie sind als Nächstes dran" in [line.text for line in paper(ahead=0)]
    held = [line.text for line in paper(not_before_ms=NINE_MS + 4_800_000)]
    assert "nicht vor 10:20 Uhr" in held


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_line(language: str) -> None:
    assert len(paper(language)) == len(paper())
    assert all("{" not in line.text for line in paper(language))
