"""How a printer's tickets look: its width, and the office's logo."""

from dataclasses import dataclass
from pathlib import Path

from PIL import UnidentifiedImageError
from PIL.Image import Dither, Image, Resampling, new, open

from queue_core.domain.devices import PAPER_WIDTH_DOTS, PrinterPlace
from queue_core.domain.errors import WartezoneError
from ticket_kiosk.paper.script import require_scripts

_LOGO_WIDTH_SHARE = 0.7
_LOGO_HEIGHT_SHARE = 0.3
#: Drawings have few greys; photographs need dots to show theirs.
_GREYS = range(64, 192)
_MOST_GREY_SHARE = 0.15
_MIDDLE = 128


class LogoUnusable(WartezoneError):
    """The configured logo is no picture that can be read."""


@dataclass(frozen=True, slots=True)
class Style:
    """`logo` is one bit deep and fits the paper."""

    width_dots: int = PAPER_WIDTH_DOTS
    logo: Image | None = None


def style_of(printer: PrinterPlace, folder: Path | str) -> Style:
    """`folder` has the logo. Raises `LogoUnusable`, and `PaperUnready` where this machine can set no ticket."""
    require_scripts()
    if not printer.logo:
        return Style(printer.width_dots)
    try:
        return Style(printer.width_dots, _logo(Path(folder) / printer.logo, printer.width_dots))
    except (OSError, UnidentifiedImageError) as e:
        raise LogoUnusable(f"the logo {printer.logo} cannot be used on tickets: {e}") from e


def black_and_white(picture: Image) -> Image:
    """Every dot ink or none, by what is nearer."""
    return picture.point(lambda value: 255 if value >= _MIDDLE else 0).convert("1", dither=Dither.NONE)


def _logo(path: Path, width_dots: int) -> Image:
    with open(path) as read:
        drawn = read.convert("RGBA")
    flat = new("RGBA", drawn.size, "white")
    flat.alpha_composite(drawn)
    grey = flat.convert("L")
    grey.thumbnail((int(_LOGO_WIDTH_SHARE * width_dots), int(_LOGO_HEIGHT_SHARE * width_dots)), Resampling.LANCZOS)
    counts = grey.histogram()
    is_photograph = sum(counts[value] for value in _GREYS) > _MOST_GREY_SHARE * sum(counts)
    return grey.convert("1") if is_photograph else black_and_white(grey)
