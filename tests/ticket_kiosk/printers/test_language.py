"""What goes out to a printer is a picture and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from PIL.Image import frombytes
from PIL.ImageChops import logical_xor

from tests.ticket_kiosk.printers.pictures import ticket
from ticket_kiosk.printers.language import Language, harmless
from ticket_kiosk.printers.stream import Cut, Feed, Plain, Raster, Stream


class Paper:
    """A line that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def heard(self, until_s: float) -> bytes:  # noqa: ARG002
        return b""

    def close(self) -> None: ...


def sent(height: int) -> list[bytes]:
    paper = Paper()
    Language(paper).ticket(ticket(height))
    return paper.sent


def test_a_ticket_is_an_initialisation_bands_a_feed_and_a_cut() -> None:
    kinds = [type(command) for data in sent(300) for command in Stream().commands(data)]
    assert kinds == [Plain, Raster, Raster, Raster, Feed, Cut]


def test_the_bands_together_are_the_picture() -> None:
    dots = b"".join(c.dots for data in sent(300) for c in Stream().commands(data) if isinstance(c, Raster))
    assert bytes(255 - value for value in dots) == harmless(ticket(300)).tobytes()


def test_no_picture_spells_a_command_that_printers_obey_at_once() -> None:
    evil = bytes(255 - value for value in b"\x10\x04\x01\x10\x14\x08\x10\x05\x02\x10\x10\x14" * 72)
    for data in (evil, bytes(range(256)) * 9):
        picture = frombytes("1", (576, len(data) // 72), data[: len(data) // 72 * 72])
        paper = Paper()
        Language(paper).ticket(picture)
        assert not Stream().asked_at_once(b"".join(paper.sent))
        assert not any(bytes((0x10, at_once)) in data for data in paper.sent for at_once in (0x04, 0x05, 0x14))


def test_at_most_a_dot_in_thousands_is_added_and_none_is_lost() -> None:
    picture = ticket(1000)
    changed = logical_xor(picture, harmless(picture)).histogram()[255]
    assert 0 < changed < picture.width * picture.height / 10_000


def test_nothing_of_it_stays_in_the_folder_for_temporary_files(tmp_path: Path) -> None:
    """An agent starts every day for years."""
    program = [sys.executable, "-c", "import ticket_kiosk.printers.language"]
    subprocess.run(program, env={**os.environ, "TMPDIR": str(tmp_path)}, check=True, timeout=120)
    assert list(tmp_path.iterdir()) == []
