"""One reader for all who speak in whole, short frames."""

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from queue_core.live.reading import Readers, is_whole

PONG = Frame(Opcode.PONG, b"hello").serialize(mask=True)
CLOSE = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True)
TEXT = Frame(Opcode.TEXT, b"{}").serialize(mask=True)


# A frame's mask is random, so it cannot name a case.
@pytest.mark.parametrize(
    "data",
    [PONG, CLOSE, TEXT, Frame(Opcode.TEXT, b"x" * 125).serialize(mask=True)],
    ids=["pong", "close", "text", "longest"],
)
def test_one_short_frame_is_whole(data: bytes) -> None:
    assert is_whole(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PONG[:1],
        PONG[:-1],
        PONG + PONG,
        Frame(Opcode.TEXT, b"x" * 126).serialize(mask=True),
        Frame(Opcode.TEXT, b"{}", fin=False).serialize(mask=True),
        Frame(Opcode.PONG, b"hello!").serialize(mask=False),
        b"\x81\xfe" + bytes(130),
    ],
    ids=["nothing", "head", "cut", "two", "long", "fragment", "unmasked", "length_by_16_bits"],
)
def test_pieces_several_and_strange_ones_are_not(data: bytes) -> None:
    assert not is_whole(data)


def said(reader: ServerProtocol) -> list[bytes]:
    return [bytes(frame.data) for frame in reader.events_received() if isinstance(frame, Frame)]


def test_who_speaks_in_whole_frames_has_no_reader_of_its_own() -> None:
    readers = Readers()
    first, is_own = readers.read(None, PONG)
    assert not is_own
    assert said(first) == [b"hello"]
    second, is_own = readers.read(None, TEXT)
    assert (second, is_own) == (first, False)


def test_who_sends_pieces_has_one_and_disturbs_nobody() -> None:
    readers = Readers()
    own, is_own = readers.read(None, TEXT[:3])
    assert is_own
    shared, _ = readers.read(None, PONG)
    assert shared is not own
    assert own.events_received() == []
    assert readers.read(own, TEXT[3:]) == (own, True)
    assert said(own) == [b"{}"]


@pytest.mark.parametrize("data", [CLOSE, Frame(Opcode.CONT, b"x").serialize(mask=True)], ids=["close", "stray"])
def test_who_ends_takes_the_reader_along_and_the_others_get_a_new_one(data: bytes) -> None:
    readers = Readers()
    own, is_own = readers.read(None, data)
    assert is_own
    assert own.state is not OPEN
    other, is_own = readers.read(None, TEXT)
    assert other is not own
    assert not is_own
    assert said(other) == [b"{}"]
