"""Viewers: one process of many connections, read through the board that it shares with us (c/board.h)."""

import mmap
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.stream import cores

_WORDS = [
    "since_ns",
    "measure",
    "end",
    "following",
    "messages",
    "events",
    "snapshots",
    "bytes",
    "disordered",
    "closed",
    "refused",
    "attempts",
    "resumed",
    "samples",
    "event_bytes",
    "left",
    "unanswered",
    "stalls",
    "cut",
    "healed",
    "behind",
]
_WORD = struct.Struct("<Q")
_HEAD_BYTES = _WORD.size * len(_WORDS)
_SAMPLES = 1 << 22
_RETURNS_AT = _HEAD_BYTES + 4 * _SAMPLES
POLL_S = 0.0005
LIVE_S = 900.0
COME_WITHIN_S = 90.0


class NotThere(Exception):
    pass


@dataclass(slots=True)
class Viewers:
    count: int
    process: subprocess.Popen[bytes]
    _board: mmap.mmap

    def __getattr__(self, name: str) -> int:
        """A figure of the board, as it is now."""
        if name not in _WORDS:
            raise AttributeError(name)
        return int(_WORD.unpack_from(self._board, _WORD.size * _WORDS.index(name))[0])

    def tell(self, name: str, value: int) -> None:
        _WORD.pack_into(self._board, _WORD.size * _WORDS.index(name), value)

    def begin_event(self) -> None:
        """From now on latencies are counted."""
        self.tell("since_ns", time.monotonic_ns())
        self.tell("measure", 1)

    def latencies_ms(self, first: int) -> npt.NDArray[np.float64]:
        """Those kept since `samples` was `first`."""
        ring = np.frombuffer(self._board, np.uint32, _SAMPLES, _HEAD_BYTES)
        return ring[np.arange(first, self.samples) % _SAMPLES] / 1000

    def returns_s(self) -> npt.NDArray[np.float64]:
        """When each viewer had its last connection, counted from `since_ns`."""
        return np.frombuffer(self._board, np.uint32, self.count, _RETURNS_AT) / 1000

    def wait(self, name: str, least: int, within_s: float) -> bool:
        """Until that figure is reached; whether it was."""
        until = time.monotonic() + within_s
        while getattr(self, name) < least:
            if time.monotonic() > until:
                return False
            time.sleep(POLL_S)
        return True

    def expect(self, present: int) -> None:
        """Raises `NotThere` when not so many come in time."""
        if not self.wait("following", present, COME_WITHIN_S):
            raise NotThere(f"{self.following} of {self.count} viewers came, {self.refused} were refused")

    def end(self) -> None:
        self.tell("end", 1)
        self.process.wait(10)


@contextmanager
def viewers(
    programs: Path,
    port: int,
    path: str,
    count: int,
    *,
    mode: str = "wb",
    receive_buffer: int = 0,
    live_s: float = LIVE_S,
    present: float = 1.0,
) -> Iterator[Viewers]:
    """`mode` as in load_client.c. Raises `NotThere` when not so large a part of them could come in time."""
    board_path = programs / f"board-{port}-{time.monotonic_ns()}"
    size = _RETURNS_AT + 4 * count
    with board_path.open("wb+") as file:
        file.truncate(size)
        board = mmap.mmap(file.fileno(), size)
    arguments = [board_path, port, path, count, mode, int(live_s), receive_buffer]
    with cores.on_core(cores.CLIENT_CORE):
        process = subprocess.Popen([programs / "load_client", *map(str, arguments)])
    them = Viewers(count, process, board)
    try:
        them.expect(int(present * count))
        yield them
    finally:
        process.kill()
        process.wait()
        board_path.unlink()
