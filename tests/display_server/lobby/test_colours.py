"""A colour of the house is readable, whatever it is."""

import pytest

from display_server.lobby.colours import READABLE, Rgb, contrast, readable


def rgb(colour: str) -> Rgb:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


@pytest.mark.parametrize("accent", ["#000000", "#ffffff", "#1a5fb4", "#7a8a99", "#808080", "#ff0000", "#ffd166"])
def test_text_on_the_accent_has_seven_to_one(accent: str) -> None:
    pair = readable(accent)
    assert contrast(rgb(pair.background), rgb(pair.text)) >= READABLE
    assert pair.text in ("#000000", "#ffffff")


@pytest.mark.parametrize("accent", ["#003366", "#ffd166"])
def test_a_colour_that_can_be_read_stays_as_it_is(accent: str) -> None:
    assert readable(accent).background == accent


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)
