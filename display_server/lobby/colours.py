"""A colour of the house that can be read: text on it has a contrast of 7:1, or the colour gives way. Pure."""

from dataclasses import dataclass

READABLE = 7.0
#: A step is too small to be seen; a hundred of them lead from any colour to black or white.
_STEPS = 100

Rgb = tuple[float, float, float]
WHITE: Rgb = (1.0, 1.0, 1.0)
BLACK: Rgb = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Background and text as CSS colours."""

    background: str
    text: str


def readable(accent: str) -> Pair:
    """`accent` (#rrggbb) with black or white text on it, whichever is easier to read. One between light and dark, on
    which neither can be read well, becomes so much darker or lighter that it can."""
    colour = _parsed(accent)
    text = max((BLACK, WHITE), key=lambda candidate: contrast(colour, candidate))
    away = BLACK if text == WHITE else WHITE
    for step in range(_STEPS + 1):
        moved = _between(colour, away, step / _STEPS)
        if contrast(_parsed(_written(moved)), text) >= READABLE:
            return Pair(_written(moved), _written(text))
    raise AssertionError("black on white can be read")


def contrast(one: Rgb, other: Rgb) -> float:
    """As WCAG 2 defines it: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _between(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parsed(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(colour: Rgb) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
