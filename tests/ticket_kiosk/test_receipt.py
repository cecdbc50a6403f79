"""The paper of a ticket, line by line."""

from typing import Any

import orjson
import pytest

from queue_core.domain.devices import PrinterPlace
from queue_core.web.words import languages, translations
from tests.support.zones import zone
from ticket_kiosk.receipt import Line, Size, begun, line_of, receipt

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


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines if line.size is not Size.RULE]


def test_it_holds_all_that_a_visitor_needs_in_this_order() -> None:
    assert texts(paper()) == [
        "Office",
        "Hall",
        "Ihre Nummer",
        "A047",
        "New",
        "Gezogen am 05.10.2026 um 09:00 Uhr",
        "Etwa 4 Personen vor Ihnen",
        "Wartezeit bis zum Aufruf",
        "Etwa 15 bis 25 Minuten",
        "Geschätzt um 09:00 Uhr. Das kann sich ändern.",
        "https://wait.example/t/hall.abc.def",
        "Code scannen: Sie sehen Ihren Platz in der Reihe und wann Sie kommen sollen.",
        "Bitte behalten Sie diese Nummer. Die Anzeige ruft sie auf und nennt den Schalter.",
    ]


def test_the_number_alone_is_huge_and_the_address_is_a_code() -> None:
    sizes: dict[Size, list[str]] = {size: [line.text for line in paper() if line.size is size] for size in Size}
    assert (sizes[Size.HUGE], sizes[Size.CODE]) == (["A047"], [TICKET["url"]])


def test_what_nobody_knows_is_not_estimated() -> None:
    texts = [line.text for line in paper(wait=None, reason="no_counter_open", ahead=None)]
    assert "Zurzeit ist kein Schalter offen" in texts
    assert not [text for text in texts if "Geschätzt" in text or "vor Ihnen" in text]


def test_who_is_first_is_next_and_who_comes_later_is_told_so() -> None:
    assert "Sie sind als Nächstes dran" in [line.text for line in paper(ahead=0)]
    held = [line.text for line in paper(not_before_ms=NINE_MS + 4_800_000)]
    assert "Nicht vor 10:20 Uhr; Aufruf wahrscheinlich 10:20 bis 10:25 Uhr" in held


def test_an_appointment_is_named_and_without_a_wait_only_its_earliest_time_is_told() -> None:
    slot_ms = NINE_MS + 4_800_000
    lines = texts(paper(slot_ms=slot_ms, not_before_ms=slot_ms - 600_000, wait=None, ahead=2))
    assert "Ihr Termin: 10:20." in lines
    assert lines[lines.index("Wartezeit bis zum Aufruf") + 1] == "Nicht vor 10:10 Uhr"


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_line(language: str) -> None:
    assert len(paper(language)) == len(paper())
    assert all("{" not in line.text for line in paper(language))


OUTLOOKS: dict[str, dict[str, Any]] = {
    "range": {"further": ["short"]},
    "soon": {"wait": {"p10_s": 0, "p50_s": 60, "p90_s": 120}, "ahead": 0},
    "up to": {"wait": {"p10_s": 0, "p50_s": 300, "p90_s": 900}, "ahead": 1},
    "long": {"wait": {"p10_s": 9000, "p50_s": 12_000, "p90_s": 15_000}},
    "unknown": {"wait": None},
    "no counter": {"wait": None, "reason": "no_counter_open"},
    "appointment": {"not_before_ms": NINE_MS + 4_800_000, "slot_ms": NINE_MS + 4_800_000},
    "emergency": {"emergency": True, "wait": None, "ahead": None, "url": None},
}


@pytest.mark.parametrize("outlook", OUTLOOKS.values(), ids=OUTLOOKS)
@pytest.mark.parametrize("language", languages())
def test_no_line_begins_with_a_small_letter(language: str, outlook: dict[str, Any]) -> None:
    begun = [line.text for line in paper(language, **outlook) if line.size not in (Size.CODE, Size.HUGE)]
    assert not [text for text in begun if text[:1].islower()]


@pytest.mark.parametrize(
    ("text", "language", "line"),
    [("ihr", "de", "Ihr"), ("iki", "tr", "İki"), ("ви", "uk", "Ви"), ("10:20", "de", "10:20"), ("", "tr", "")],
)
def test_a_line_begins_as_its_language_does(text: str, language: str, line: str) -> None:
    assert begun(text, language) == line


def test_the_office_has_the_first_and_the_last_word() -> None:
    printer = PrinterPlace("tcp://printer", head={"de": "Stadt"}, foot={"de": "WLAN: Amt"})
    lines = texts(receipt(TICKET, zone(), translations("ticket_kiosk", "de"), "de", printer))
    assert (lines[0], lines[-1]) == ("Stadt", "WLAN: Amt")


def test_a_copy_says_so_and_is_else_the_same() -> None:
    copy = receipt(TICKET, zone(), translations("ticket_kiosk", "de"), "de", copy=True)
    marked = [line for line in copy if line.size is Size.MARK]
    assert [line.text for line in marked] == ["Kopie"]
    assert [line for line in copy if line not in marked] == list(paper())


def test_what_a_visitor_comes_for_as_well_follows_the_first_service() -> None:
    lines = texts(paper(further=["short", "gone"]))
    assert lines[lines.index("New") + 1] == "Danach: Short"


def test_an_emergency_number_promises_its_place_but_no_wait_and_has_no_page() -> None:
    lines = paper(emergency=True, wait=None, ahead=None, url=None)
    assert "Ihre Nummer gilt, und Ihr Platz in der Reihe bleibt Ihnen." in texts(lines)
    assert not [line for line in lines if line.size is Size.CODE or "Wartezeit" in line.text or "Code" in line.text]


def test_lines_know_their_language_and_direction_but_numbers_have_none() -> None:
    by_size = {line.size: (line.language, line.rtl) for line in paper("de")}
    assert (by_size[Size.LARGE], by_size[Size.HUGE]) == (("de", False), ("", False))


def test_a_line_comes_back_from_json_as_it_went() -> None:
    lines = paper()
    assert tuple(map(line_of, orjson.loads(orjson.dumps(lines)))) == lines


def test_a_copy_tells_what_is_known_now_and_of_a_called_ticket_no_wait() -> None:
    later = texts(paper(told_ms=NINE_MS + 1_800_000, state="waiting"))
    assert "Gezogen am 05.10.2026 um 09:00 Uhr" in later
    assert "Geschätzt um 09:30 Uhr. Das kann sich ändern." in later
    called = texts(paper(state="called", wait=None, ahead=None))
    assert not [text for text in called if "Wartezeit" in text or "vor Ihnen" in text]
