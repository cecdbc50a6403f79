"""A ticket's lines as one picture, as wide as the printer prints."""

from collections.abc import Iterable, Iterator, Sequence

from PIL.Image import Image, new

from queue_core.domain.devices import PAPER_WIDTH_DOTS
from ticket_kiosk.paper.code import code
from ticket_kiosk.paper.fonts import NUMBERS, TEXT, Face
from ticket_kiosk.paper.setting import BLACK, WHITE, set_text
from ticket_kiosk.paper.style import Style, black_and_white
from ticket_kiosk.receipt import Line, Size

#: For 80 mm paper at 203 dpi, 8 dots a millimetre; nothing is smaller than the 10 points of a newspaper.
_FACES = {
    Size.SMALL: Face(TEXT, 31, 500),
    Size.NORMAL: Face(TEXT, 36, 600),
    Size.LARGE: Face(TEXT, 46, 700),
    Size.HUGE: Face(NUMBERS, 236, 800),
    Size.MARK: Face(TEXT, 54, 800),
}
#: Narrow paper is read from no farther away: text shrinks less than the paper does.
_LEAST_SHARE = 0.85
#: A number is never broken; the longest one that a series can make still fits.
_LEAST_OF_NUMBER = 0.15
_MARGIN_DOTS = 8
_RULE_DOTS = 3
_GAP_DOTS = 14
_BELOW_NUMBER_DOTS = 20
#: Above a line, so that a heading is nearer to what it heads than to what came before.
_ABOVE_DOTS = {Size.SMALL: 14, Size.NORMAL: 10, Size.LARGE: 4, Size.HUGE: 14, Size.MARK: 14}


def picture(lines: Sequence[Line], style: Style) -> Image:
    """One bit deep, `style.width_dots` wide, as long as it needs to be."""
    strips = list(_strips(lines, style))
    whole = new("L", (style.width_dots, sum(strip.height for strip in strips)), WHITE)
    top = 0
    for strip in strips:
        whole.paste(strip, ((style.width_dots - strip.width) // 2, top))
        top += strip.height
    return black_and_white(whole)


def _strips(lines: Iterable[Line], style: Style) -> Iterator[Image]:
    if style.logo:
        yield style.logo.convert("L")
        yield _gap(style)
    for line in lines:
        yield from _of(line, style)


def _of(line: Line, style: Style) -> Iterator[Image]:
    if line.size is Size.RULE:
        yield from (_gap(style), new("L", (style.width_dots - 2 * _MARGIN_DOTS, _RULE_DOTS), BLACK), _gap(style))
    elif line.size is Size.CODE:
        yield code(line.text, style.width_dots)
    else:
        yield from _written(line, style)


def _written(line: Line, style: Style) -> Iterator[Image]:
    face = _FACES[line.size]
    if line.size is not Size.HUGE:
        face = face.sized(round(face.px * max(_LEAST_SHARE, min(1.0, style.width_dots / PAPER_WIDTH_DOTS))))
    inner = style.width_dots - 2 * _MARGIN_DOTS
    least_share = {"least_share": _LEAST_OF_NUMBER} if line.size is Size.HUGE else {}
    yield _gap(style, _ABOVE_DOTS[line.size])
    for set_line in set_text(line.text, face, inner, line.rtl, line.language, **least_share):
        yield set_line.strip(style.width_dots, inverse=line.size is Size.MARK, tight=line.size is Size.HUGE)
    if line.size is Size.HUGE:
        yield _gap(style, _BELOW_NUMBER_DOTS)


def _gap(style: Style, dots: int = _GAP_DOTS) -> Image:
    return new("L", (style.width_dots, dots), WHITE)
