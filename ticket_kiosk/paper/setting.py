"""Text set in lines: wrapped, shrunk where a word is too long, in the order of reading, measured before it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from math import ceil
from unicodedata import category, normalize

from PIL.Image import Image, new
from PIL.ImageDraw import Draw, ImageDraw
from PIL.ImageFont import FreeTypeFont

from ticket_kiosk.paper.fonts import Face, chosen
from ticket_kiosk.paper.script import as_seen, levels, runs_rightwards

WHITE, BLACK = (1 << 8) - 1, 0
#: Of a face's height: what every line has above and below its baseline, and between itself and the next.
_RISE, _FALL, _LEADING = 0.80, 0.24, 0.12
_BAR = 0.25
_LEAST_SHARE = 0.6
_BALANCE_DOTS = 4
_HELD = "\u00a0"
_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cs", "Co"})
#: Marks of direction and joining that have done their work once shapes and order are known.
_UNDRAWN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u200b")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one font and one direction, in the order in which they are spoken; the language picks shapes."""

    text: str
    font: FreeTypeFont
    rtl: bool
    language: str | None

    @property
    def _direction(self) -> str:
        return "rtl" if self.rtl else "ltr"

    def advance(self) -> float:
        return self.font.getlength(self.text, direction=self._direction, language=self.language)

    def ink(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom around the point on the baseline where the run begins."""
        return self.font.getbbox(self.text, direction=self._direction, language=self.language, anchor="ls")

    def draw(self, canvas: ImageDraw, x: float, baseline: float, colour: int) -> None:
        canvas.text(
            (x, baseline), self.text, colour, self.font, "ls", direction=self._direction, language=self.language
        )


@dataclass(frozen=True)
class SetLine:
    """One line as seen: its runs from left to right."""

    runs: tuple[Run, ...]
    px: int

    @cached_property
    def _placed(self) -> list[tuple[float, Run]]:
        starts = accumulate((run.advance() for run in self.runs), initial=0.0)
        return list(zip(starts, self.runs, strict=False))

    @cached_property
    def ink(self) -> tuple[float, float, float, float]:
        boxes = [(x, run.ink()) for x, run in self._placed]
        return (
            min(x + box[0] for x, box in boxes),
            min(box[1] for _, box in boxes),
            max(x + box[2] for x, box in boxes),
            max(box[3] for _, box in boxes),
        )

    @property
    def width(self) -> float:
        return self.ink[2] - self.ink[0]

    def strip(self, width: int, inverse: bool = False, tight: bool = False) -> Image:
        """As wide as the paper, the line in its middle, nothing of it cut off. `tight`: as high as its ink alone;
        `inverse`: white on a black bar."""
        left, top, _, bottom = self.ink
        if inverse or tight:
            around = _BAR * self.px if inverse else 0.0
            rise, fall = around - top, bottom + around
        else:
            rise, fall = max(_RISE * self.px, -top), max(_FALL * self.px, bottom) + _LEADING * self.px
        paper, colour = (BLACK, WHITE) if inverse else (WHITE, BLACK)
        image = new("L", (width, ceil(rise) + ceil(fall)), paper)
        canvas = Draw(image)
        shift = (width - self.width) / 2 - left
        for x, run in self._placed:
            run.draw(canvas, round(x + shift), ceil(rise), colour)
        return image


def plain(text: str) -> str:
    """What of a text is written: no control characters, single spaces; those that hold words together stay."""
    held = text.replace("\u202f", _HELD)
    spaced = "".join(letter if letter == _HELD or category(letter) not in _SPACES else " " for letter in held)
    return normalize("NFC", " ".join(word for word in spaced.split(" ") if word))


def set_text(
    text: str, face: Face, width: int, rtl: bool = False, language: str = "", least_share: float = _LEAST_SHARE
) -> list[SetLine]:
    """Lines no wider than this, of a face no smaller than its `least_share`."""
    written = plain(text)
    fitting = _shrunk(written, face, width, language, least_share)
    return list(_lines(written, fitting, width, rtl, language)) if written else []


def _shrunk(text: str, face: Face, width: int, language: str, least_share: float) -> Face:
    """The face in which the longest word fits, as far as it can still be read."""
    widest = max((_width(word, face, language) for word in text.split()), default=0.0)
    share = max(min(1.0, width / widest if widest else 1.0), least_share)
    return face if share == 1.0 else face.sized(int(face.px * share))


def _lines(text: str, face: Face, width: int, rtl: bool, language: str) -> Iterator[SetLine]:
    rightwards = runs_rightwards(text, rtl)
    depths = levels(text, rightwards)
    pieces = list(_pieces(text, face, width, language))
    for start, end in _balanced(pieces, width, _width(" ", face, language)):
        if runs := _runs(text[start:end], depths[start:end], face, language):
            yield SetLine(tuple(runs), face.px)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stays on one line: a word, or a part of one that no line could hold."""

    start: int
    end: int
    width: float


def _balanced(pieces: list[_Piece], width: int, space: float) -> list[tuple[int, int]]:
    """As few lines as go, and no word alone on the last one where it need not be."""
    fewest = len(_broken(pieces, width, space))
    narrow, wide = 0, width
    while wide - narrow > _BALANCE_DOTS:
        middle = (narrow + wide) // 2
        fits = all(piece.width <= middle for piece in pieces) and len(_broken(pieces, middle, space)) == fewest
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return _broken(pieces, wide, space)


def _broken(pieces: list[_Piece], width: float, space: float) -> list[tuple[int, int]]:
    """Where lines begin and end, the space between them left out."""
    lines: list[tuple[int, int]] = []
    taken = 0.0
    for piece in pieces:
        gap = space if lines and piece.start > lines[-1][1] else 0.0
        if lines and taken + gap + piece.width <= width:
            lines[-1] = (lines[-1][0], piece.end)
            taken += gap + piece.width
        else:
            lines.append((piece.start, piece.end))
            taken = piece.width
    return lines


def _pieces(text: str, face: Face, width: int, language: str) -> Iterator[_Piece]:
    spaces = [-1, *(at for at, letter in enumerate(text) if letter == " "), len(text)]
    for before, after in pairwise(spaces):
        start = before + 1
        while start < after:
            end = _fitting(text, start, after, face, width, language)
            yield _Piece(start, end, _width(text[start:end], face, language))
            start = end


def _fitting(text: str, start: int, end: int, face: Face, width: int, language: str) -> int:
    """The end of what fits of a word: all of it, or as many letters as go."""
    while end > start + 1 and _width(text[start:end], face, language) > width:
        end -= 1
    return end


def _runs(text: str, depths: list[int], face: Face, language: str) -> list[Run]:
    spoken = [
        (Run(drawn, face.font(file), depth % 2 == 1, language or None), depth)
        for drawn, file, depth in _stretches(text, depths, face)
        if drawn
    ]
    return as_seen([run for run, _ in spoken], [depth for _, depth in spoken])


def _stretches(text: str, depths: list[int], face: Face) -> Iterator[tuple[str, str, int]]:
    """Stretches of one font and depth."""
    letters = zip(text, chosen(text, face.files), depths, strict=True)
    for (file, depth), of in groupby(letters, lambda letter: letter[1:]):
        yield "".join(letter for letter, _, _ in of if letter not in _UNDRAWN), file, depth


@lru_cache(maxsize=4096)
def _width(text: str, face: Face, language: str) -> float:
    """Of a word, in whatever order its runs are seen: how far it moves on, or how far its ink goes."""
    runs = _runs(text, levels(text, True), face, language)
    return max(sum(run.advance() for run in runs), SetLine(tuple(runs), face.px).width) if runs else 0.0
