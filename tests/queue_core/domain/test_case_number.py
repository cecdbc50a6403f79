"""What is typed from a letter, in its one form."""

import pytest

from queue_core.domain.case_number import TYPED_MOST, case_number, case_pin


@pytest.mark.parametrize(
    "typed",
    ["12345BG0067890", " 12345 bg 0067890 ", "12345-BG-0067890", "12345/BG.0067890", "12345\u2013BG\u00a00067890"],
    ids=["plain", "spaces", "hyphens", "slash", "dash"],
)
def test_a_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert case_number(typed) == "12345BG0067890"


@pytest.mark.parametrize("typed", ["٤٠٣١٧", "۴۰۳۱۷", "40317", "40 317"], ids=["arabic", "persian", "latin", "spaced"])
def test_digits_of_every_keyboard_are_digits(typed: str) -> None:
    assert case_pin(typed) == "40317"


@pytest.mark.parametrize(
    "typed",
    ["", "123", "1" * 41, "12345\0", "Müller", "1" * (TYPED_MOST + 1), "' or 1=1"],
    ids=["empty", "short", "long", "nul", "umlaut", "endless", "injection"],
)
def test_what_can_be_no_number_is_none(typed: str) -> None:
    assert case_number(typed) is None


@pytest.mark.parametrize("typed", ["", "1234", "1" * 13, "+4317"], ids=["empty", "short", "long", "sign"])
def test_what_can_be_no_pin_is_none(typed: str) -> None:
    assert case_pin(typed) is None
