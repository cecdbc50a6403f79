"""Mixed directions come out in the order in which they are read."""

import pytest

from ticket_kiosk.paper.script import as_seen, levels, require_scripts, runs_rightwards


def seen(text: str, rtl: bool) -> str:
    return "".join(as_seen(text, levels(text, runs_rightwards(text, rtl))))


def test_this_machine_can_set_every_script() -> None:
    require_scripts()


def test_a_number_within_arabic_words_keeps_its_order() -> None:
    assert seen("رقم A047 غدا", rtl=True) == "ادغ A047 مقر"


def test_a_time_within_arabic_words_keeps_its_order() -> None:
    assert seen("غدا 10:20", rtl=True) == "10:20 ادغ"


def test_arabic_within_a_german_line_is_turned_alone() -> None:
    assert seen("Raum غدا 3 x", rtl=False) == "Raum 3 ادغ x"


def test_a_text_of_letters_alone_is_as_it_is() -> None:
    assert seen("Raum 3", rtl=False) == "Raum 3"
    assert levels("", rightwards=True) == []


@pytest.mark.parametrize(
    ("text", "rtl", "rightwards"),
    [
        pytest.param("Anmeldung (neu)", True, True, id="a German name on an Arabic ticket"),
        pytest.param("A047 غدا", True, False, id="an Arabic sentence that begins with a number"),
        pytest.param("A047 غدا", False, True, id="a German sentence that ends with Arabic"),
        pytest.param("غدا", False, False, id="an Arabic name on a German ticket"),
        pytest.param("10:20", True, True, id="no letter at all"),
    ],
)
def test_where_a_line_begins(text: str, rtl: bool, rightwards: bool) -> None:
    assert runs_rightwards(text, rtl) is rightwards
