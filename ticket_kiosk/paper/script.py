"""The order in which mixed scripts are read: the Unicode bidirectional algorithm, as FriBidi has it.

Pillow's own layout asks the same library, but for one font at a time; a ticket mixes fonts within a line.
"""

import ctypes
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import TypeVar
from unicodedata import bidirectional

from PIL import features

from queue_core.domain.errors import WartezoneError

#: Debian's name of the library, and what others call it.
PACKAGE = "libfribidi0"
_LIBRARIES = ("libfribidi.so.0", "libfribidi.so", "libfribidi.0.dylib", "libfribidi.dylib", "fribidi-0.dll")
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 0x110, 0x111
_STRONG_RTL = frozenset({"R", "AL"})

Item = TypeVar("Item")


class PaperUnready(WartezoneError):
    """This machine cannot set a ticket in every script."""


def require_scripts() -> None:
    """Raises `PaperUnready` where Arabic would be drawn letter by letter, or in the wrong order."""
    if not features.check("raqm"):
        raise PaperUnready(f"tickets cannot be drawn without the library FriBidi (Debian: apt-get install {PACKAGE})")
    _library()


def runs_rightwards(text: str, rtl: bool) -> bool:
    """Whether the line begins at the left. `rtl`: its language does not; only a text without any letter of such a
    script, as a name that nobody translated, is then set the other way."""
    kinds = {bidirectional(letter) for letter in text}
    foreign = bool(kinds & _STRONG_RTL)
    return not foreign if rtl else not foreign or "L" in kinds


def levels(text: str, rightwards: bool) -> list[int]:
    """How deep each character is embedded; odd ones run from right to left."""
    length = len(text)
    characters = (ctypes.c_uint32 * length)(*map(ord, text))
    base = ctypes.c_uint32(_LEFT_TO_RIGHT if rightwards else _RIGHT_TO_LEFT)
    found = (ctypes.c_int8 * length)()
    if length and not _library().fribidi_log2vis(characters, length, ctypes.byref(base), None, None, None, found):
        raise PaperUnready("FriBidi ran out of memory")
    return list(found)


def as_seen(items: Sequence[Item], depths: Sequence[int]) -> list[Item]:
    """Items of one line from left to right (rule L2: every stretch of a depth or deeper is turned, deepest first)."""
    seen = list(zip(depths, items, strict=True))
    for depth in range(max(depths, default=0), 0, -1):
        seen = _turned(seen, depth)
    return [item for _, item in seen]


def _turned(seen: list[tuple[int, Item]], depth: int) -> list[tuple[int, Item]]:
    stretches = groupby(seen, lambda pair: pair[0] >= depth)
    return [pair for deep, of in stretches for pair in (reversed(list(of)) if deep else of)]


@cache
def _library() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.fribidi_log2vis.restype = ctypes.c_int8
        return library
    raise PaperUnready(f"the library FriBidi is missing (Debian: apt-get install {PACKAGE})")
