"""ESC/POS as python-escpos writes it, on a line of ours: a picture in bands, and the cut. No text ever goes out."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from escpos import capabilities  # type: ignore[import-untyped]
from escpos.escpos import Escpos  # type: ignore[import-untyped]
from PIL.Image import Image, frombytes

from ticket_kiosk.printers.line import Line

#: Sent at once: small enough for a printer with little memory to take within the timeout.
_BAND_DOTS = 128
#: DLE EOT, DLE ENQ, DLE DC4: obeyed at once wherever they stand, even between the dots of a picture.
_AT_ONCE = re.compile(rb"\x10([\x04\x05\x14])")
_ONE_MORE_DOT = 0b0000_0010
_EVERY_DOT = bytes(255 - value for value in range(256))


def _tidy() -> None:
    """The library writes what it knows of printers into a temporary folder at each start, for nobody. A lasting one is
    no help: who dies while writing there leaves half a file, and no later start gets past it."""
    with suppress(OSError):
        Path(capabilities.pickle_path).unlink()
        Path(capabilities.pickle_dir).rmdir()


_tidy()


class Language(Escpos):  # type: ignore[misc]
    """Raises `PrinterSilent`, as its line does."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        # The library's profile of an unknown printer would print a complaint with every picture.
        profile: Any = self.profile
        profile.profile_data = {**profile.profile_data, "media": {"width": {}}}

    def ticket(self, picture: Image, after_half: bool = False) -> None:
        """`after_half`: whatever hangs out is cut off first."""
        self.hw("INIT")
        if after_half:
            self.cut()
        self.image(harmless(picture), fragment_height=_BAND_DOTS)
        self.cut()

    def _raw(self, msg: bytes) -> None:
        self._line.send(msg)


def harmless(picture: Image) -> Image:
    """The same picture for every eye; where its dots would spell a command that printers obey at once, one is added."""
    dots = picture.tobytes().translate(_EVERY_DOT)
    safe = _AT_ONCE.sub(lambda found: bytes((found[0][0], found[0][1] | _ONE_MORE_DOT)), dots)
    return frombytes("1", picture.size, safe.translate(_EVERY_DOT))
