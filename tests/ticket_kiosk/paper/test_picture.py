"""The whole ticket as one picture."""

import pytest
import segno
from PIL import Image

from queue_core.web.words import languages, translations
from tests.support.zones import zone
from tests.ticket_kiosk.test_receipt import TICKET
from ticket_kiosk.paper import Style, picture
from ticket_kiosk.paper.code import ERROR_LEVEL, QUIET_MODULES
from ticket_kiosk.receipt import Line, Size, receipt

WIDTHS = [576, 512, 384]


def ticket(language: str, width: int = 576) -> Image.Image:
    return picture(receipt(TICKET, zone(), translations("ticket_kiosk", language), language), Style(width))


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.convert("L").point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("language", languages("ticket_kiosk"))
@pytest.mark.parametrize("width", WIDTHS)
def test_a_ticket_is_one_bit_deep_as_wide_as_the_paper_and_keeps_off_its_edges(language: str, width: int) -> None:
    paper = ticket(language, width)
    assert (paper.mode, paper.width) == ("1", width)
    left, _, right, bottom = ink(paper)
    assert (left > 0, right < width, bottom < paper.height) == (True, True, True)


@pytest.mark.parametrize("number", ["A1", "A047", "NOT0047", "WWWW99999"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_number_is_huge_and_whole(number: str, width: int) -> None:
    left, top, right, bottom = ink(picture([Line(Size.HUGE, number)], Style(width)))
    assert right - left <= width - 16
    normal = ink(picture([Line(Size.NORMAL, "A")], Style(width)))
    if len(number) <= 4:
        assert bottom - top >= 3 * (normal[3] - normal[1])
    assert bottom - top < right - left


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("length", [20, 100, 300])
def test_a_code_has_every_module_whole_and_a_quiet_zone(width: int, length: int) -> None:
    address = "https://wait.example/t/".ljust(length, "x")
    paper = picture([Line(Size.CODE, address)], Style(width))
    matrix = [
        bytes(row) for row in segno.make(address, error=ERROR_LEVEL, micro=False).matrix_iter(border=QUIET_MODULES)
    ]
    dots, rest = divmod(paper.height, len(matrix))
    assert rest == 0
    assert dots >= 3
    margin = (width - paper.height) // 2
    code = paper.crop((margin, 0, margin + paper.height, paper.height)).convert("L")
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            module = code.crop((x * dots, y * dots, (x + 1) * dots, (y + 1) * dots))
            assert module.getextrema() == ((0, 0) if dark else (255, 255))


def test_a_copy_stands_out_in_white_on_black() -> None:
    paper = picture([Line(Size.MARK, "Kopie", "de")], Style(576)).convert("L")
    assert paper.getpixel((2, paper.height - 3)) == 0


def test_a_logo_stands_first_and_is_not_stretched() -> None:
    logo = Image.new("1", (200, 40), 0)
    paper = picture([Line(Size.NORMAL, "A")], Style(576, logo))
    assert ink(paper)[:2] == (188, 0)
    assert paper.crop((188, 0, 388, 40)).convert("L").getextrema() == (0, 0)


def test_control_characters_of_a_text_leave_no_trace() -> None:
    plain, evil = (picture([Line(Size.LARGE, text)], Style(576)) for text in ("New x", "New\x1b\x00x"))
    assert plain.tobytes() == evil.tobytes()


def test_the_same_lines_are_the_same_picture() -> None:
    assert ticket("de").tobytes() == ticket("de").tobytes()
