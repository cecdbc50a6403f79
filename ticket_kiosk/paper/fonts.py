"""The fonts of the pages, for paper: which one has a character, at which size and weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from unicodedata import category

from PIL.ImageFont import FreeTypeFont, Layout, truetype

_VENDOR = files("queue_core.web") / "static" / "vendor"
_NOTO = (
    "noto-sans/noto-sans-latin-wght-normal.woff2",
    "noto-sans/noto-sans-latin-ext-wght-normal.woff2",
    "noto-sans/noto-sans-cyrillic-wght-normal.woff2",
    "noto-sans-arabic/noto-sans-arabic-arabic-wght-normal.woff2",
)
_ATKINSON = "atkinson-hyperlegible-next/atkinson-hyperlegible-next-latin-wght-normal.woff2"
TEXT = _NOTO
NUMBERS = (_ATKINSON, *_NOTO)

#: Stay with the letter before them: accents, and the marks that join or part letters.
_CLINGING = frozenset({"Mn", "Me", "Cf"})
_NO_CHARACTER = "\uffff"
_PROBE_PX = 16


@dataclass(frozen=True, slots=True)
class Face:
    """A kind of writing: fonts in the order in which they are asked for a character, `px` high, so bold."""

    files: tuple[str, ...]
    px: int
    weight: int

    def font(self, file: str) -> FreeTypeFont:
        return _loaded(file, self.px, self.weight)

    def sized(self, px: int) -> "Face":
        return Face(self.files, px, self.weight)


def chosen(text: str, among: Sequence[str]) -> list[str]:
    """The font of each character. Spaces and marks stay with their neighbour, so that words keep their shape; a
    character that no font has is the first one's, which draws a box."""
    found: list[str] = []
    for letter in text:
        before = found[-1] if found else ""
        stays = before and (category(letter) in _CLINGING or (not letter.isalnum() and _has(before, letter)))
        found.append(before if stays else next((file for file in among if _has(file, letter)), among[0]))
    return found


@cache
def _has(file: str, letter: str) -> bool:
    font = _probe(file)
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NO_CHARACTER))


@cache
def _probe(file: str) -> FreeTypeFont:
    with as_file(_VENDOR / file) as path:
        return truetype(path, _PROBE_PX, layout_engine=Layout.BASIC)


@cache
def _loaded(file: str, px: int, weight: int) -> FreeTypeFont:
    with as_file(_VENDOR / file) as path:
        font = truetype(path, px, layout_engine=Layout.RAQM)
    font.set_variation_by_axes([weight])
    return font
