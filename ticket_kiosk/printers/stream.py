"""What a printer reads: the bytes of ESC/POS, cut into commands. Pure; knows as much as tickets need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ticket_kiosk.printers.status import Ask

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")
_LONGEST_REAL_TIME = 3
_RASTER = b"\x1dv0"
_RASTER_HEADER_BYTES = 8
_FEED_AND_CUT = frozenset((65, 66, 97, 98, 103, 104))


@dataclass(frozen=True, slots=True)
class Raster:
    width_bytes: int
    rows: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class Feed:
    lines: int


@dataclass(frozen=True, slots=True)
class Cut:
    pass


@dataclass(frozen=True, slots=True)
class Question:
    """Answered in turn."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A command that changes nothing on tickets."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A byte that no ticket should hold: a printer would print it, or do who knows what."""

    byte: int


Command = Raster | Feed | Cut | Question | Plain | Stray


class Stream:
    """One connection's bytes, as they come."""

    def __init__(self) -> None:
        self._waiting = b""
        self._last = b""

    def asked_at_once(self, data: bytes) -> list[Ask]:
        """Questions in real time: seen wherever they stand, even within a picture, as printers do."""
        seen = self._last + data
        found = [Ask(match[1][0]) for match in _REAL_TIME.finditer(seen)]
        ends = max((match.end() for match in _REAL_TIME.finditer(seen)), default=0)
        self._last = seen[max(ends, len(seen) - _LONGEST_REAL_TIME + 1) :]
        return found

    def commands(self, data: bytes) -> Iterator[Command]:
        """Those that are whole; the rest waits for more bytes."""
        self._waiting += data
        while self._waiting:
            found = _first(self._waiting)
            if found is None:
                return
            command, length = found
            self._waiting = self._waiting[length:]
            yield command


def _first(data: bytes) -> tuple[Command, int] | None:
    """The first command and its length in bytes, or None where it is not whole yet."""
    if data[:1] not in (b"\x10", b"\x1b", b"\x1d"):
        return (Feed(1) if data[:1] == b"\n" else Stray(data[0])), 1
    if data[:2] == b"\x1b@":
        return Plain(), 2
    if len(data) < 3:
        return None
    return _raster(data) if data[:3] == _RASTER else _short(data)


def _short(data: bytes) -> tuple[Command, int] | None:
    kind, value = data[:2], data[2]
    if kind in (b"\x10\x04", b"\x1da"):
        return Plain(), 3
    if kind == b"\x1bd":
        return Feed(value), 3
    if kind == b"\x1dr":
        return Question(), 3
    if kind == b"\x1dV":
        length = 4 if value in _FEED_AND_CUT else 3
        return (Cut(), length) if len(data) >= length else None
    return Stray(data[0]), 1


def _raster(data: bytes) -> tuple[Command, int] | None:
    if len(data) < _RASTER_HEADER_BYTES:
        return None
    width_bytes, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
    end = _RASTER_HEADER_BYTES + width_bytes * rows
    return (Raster(width_bytes, rows, data[_RASTER_HEADER_BYTES:end]), end) if len(data) >= end else None
