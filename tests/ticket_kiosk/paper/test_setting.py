"""Text set in lines: every script whole, nothing lost, nothing cut."""

import pytest
from PIL import ImageOps, ImageStat
from PIL.Image import Image
from PIL.ImageChops import difference

from tests.ticket_kiosk.paper.words import RTL, TEXTS
from ticket_kiosk.paper.fonts import NUMBERS, TEXT, Face, chosen
from ticket_kiosk.paper.setting import SetLine, plain, set_text

FACE = Face(TEXT, 36, 600)
WIDTH = 560


def lines(language: str, width: int = WIDTH) -> list[SetLine]:
    return set_text(TEXTS[language], FACE, width, language in RTL, language)


def ink_of(strip: Image) -> tuple[int, int, int, int]:
    box = strip.point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box


def strip_of(text: str, language: str = "ar", width: int = WIDTH) -> Image:
    (line,) = set_text(text, FACE, width, language in RTL, language)
    return line.strip(width)


@pytest.mark.parametrize("language", TEXTS)
class TestEveryScript:
    def test_all_of_its_characters_have_a_font(self, language: str) -> None:
        for letter, file in zip(TEXTS[language], chosen(TEXTS[language], TEXT), strict=True):
            font = FACE.font(file)
            assert letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff")), letter

    @pytest.mark.parametrize("width", [560, 368, 150])
    def test_no_ink_touches_the_edges(self, language: str, width: int) -> None:
        for line in lines(language, width):
            assert line.width <= width
            strip = line.strip(width + 16)
            left, top, right, bottom = ink_of(strip)
            assert min(left, strip.width - right) >= 4
            assert top >= 0
            assert bottom <= strip.height

    def test_all_that_the_fonts_draw_is_on_the_strip(self, language: str) -> None:
        for line in lines(language):
            narrow, wide = (ImageOps.invert(line.strip(width)) for width in (WIDTH, WIDTH + 200))
            assert ImageStat.Stat(narrow).sum == ImageStat.Stat(wide).sum
            _, top, _, bottom = line.ink
            assert ink_of(line.strip(WIDTH))[3] - ink_of(line.strip(WIDTH))[1] == pytest.approx(bottom - top, abs=2)

    def test_no_word_is_lost_by_wrapping(self, language: str) -> None:
        words = "".join(run.text for line in lines(language, 200) for run in line.runs)
        assert sorted(words.replace(" ", "")) == sorted(plain(TEXTS[language]).replace(" ", ""))


def test_arabic_letters_are_joined() -> None:
    joined = set_text("مرحبا", FACE, WIDTH, True, "ar")[0]
    apart = set_text("م\u200cر\u200cح\u200cب\u200cا", FACE, WIDTH, True, "ar")[0]
    assert joined.width < apart.width
    assert difference(joined.strip(WIDTH), apart.strip(WIDTH)).getbbox()


def test_a_latin_number_in_an_arabic_line_is_drawn_as_anywhere() -> None:
    (line,) = set_text("رقم A047 غدا", FACE, WIDTH, True, "ar")
    assert [(run.text.strip(), run.rtl) for run in line.runs if run.text.strip()] == [
        ("غدا", True),
        ("A047", False),
        ("رقم", True),
    ]


def test_romanian_letters_come_from_their_own_file_within_one_word() -> None:
    assert len(set(chosen("și", TEXT))) == 2
    assert set_text("și", FACE, WIDTH, False, "ro")[0].width > set_text("i", FACE, WIDTH, False, "ro")[0].width


def test_a_too_long_word_is_shrunk_before_it_is_parted() -> None:
    word = "Aufenthaltsgenehmigung"
    (line,) = set_text(word, FACE, 320)
    assert line.px < FACE.px
    assert line.width <= 320
    assert [run.text for run in line.runs] == [word]


def test_a_word_that_no_size_makes_fit_comes_in_parts() -> None:
    parted = set_text("Donaudampfschifffahrtsgesellschaftskapitän", FACE, 200)
    assert len(parted) > 1
    assert all(line.width <= 200 for line in parted)
    assert "".join(run.text for line in parted for run in line.runs) == "Donaudampfschifffahrtsgesellschaftskapitän"


def test_no_word_stands_alone_where_it_need_not() -> None:
    first, second = set_text("etwa 4 Personen vor Ihnen", Face(TEXT, 46, 700), 560)
    assert [run.text for run in second.runs] != ["Ihnen"]
    assert first.width < 560


def test_no_control_character_is_ever_written() -> None:
    assert plain("New\x1b@\x1dV\x00 one\r\n\x9b") == "New @ V one"
    assert set_text("\x1b\x00\u202e", FACE, WIDTH) == []


def test_a_time_of_day_is_not_torn_apart() -> None:
    words = plain("Estimated at 12:44\u202fAM now")
    assert words == "Estimated at 12:44\u00a0AM now"
    texts = [run.text for line in set_text(words, FACE, 260) for run in line.runs]
    assert any("12:44\u00a0AM" in text for text in texts)


def test_marks_of_direction_leave_no_box() -> None:
    assert not difference(strip_of("\u2068A047\u2069", "en"), strip_of("A047", "en")).getbbox()


def test_numbers_are_set_in_the_face_that_tells_zero_from_o() -> None:
    assert "atkinson" in chosen("A047", NUMBERS)[0]
    assert difference(strip_of("0", "en"), strip_of("O", "en")).getbbox()


def test_an_accent_stays_with_its_letter() -> None:
    assert len(set(chosen("e\u0301", TEXT))) == 1
    assert plain("e\u0301") == "é"
