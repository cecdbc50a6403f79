"""A printer's style: width, and a logo that fits and prints clean."""

from pathlib import Path

import pytest
from PIL import Image

from queue_core.domain.devices import PrinterPlace
from ticket_kiosk.paper import LogoUnusable, style_of


def test_without_a_logo_there_is_only_the_width() -> None:
    style = style_of(PrinterPlace("tcp://printer", width_dots=384), "")
    assert (style.width_dots, style.logo) == (384, None)


def test_a_logo_fits_the_paper_and_has_no_greys(tmp_path: Path) -> None:
    Image.new("RGBA", (2000, 500), (0, 60, 120, 255)).save(tmp_path / "logo.png")
    logo = style_of(PrinterPlace("tcp://printer", logo="logo.png"), str(tmp_path)).logo
    assert logo is not None
    assert logo.mode == "1"
    assert logo.width <= 576
    assert logo.getextrema() == (0, 0)


def test_what_is_transparent_stays_white(tmp_path: Path) -> None:
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(tmp_path / "logo.png")
    logo = style_of(PrinterPlace("tcp://printer", logo="logo.png"), str(tmp_path)).logo
    assert logo is not None
    assert logo.getextrema() == (255, 255)


def test_a_photograph_keeps_its_greys_as_dots(tmp_path: Path) -> None:
    Image.linear_gradient("L").save(tmp_path / "logo.png")
    logo = style_of(PrinterPlace("tcp://printer", logo="logo.png"), str(tmp_path)).logo
    assert logo is not None
    middle = logo.crop((0, logo.height // 2 - 4, logo.width, logo.height // 2 + 4)).convert("L").histogram()
    assert min(middle[0], middle[255]) > 0


@pytest.mark.parametrize("content", [b"no picture", None], ids=["no picture", "absent"])
def test_an_unusable_logo_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(LogoUnusable, match=r"the logo logo\.png cannot be used"):
        style_of(PrinterPlace("tcp://printer", logo="logo.png"), str(tmp_path))
