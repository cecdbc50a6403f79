"""What the agent remembers: an append-only file, one JSON line a step, on the disk before anything is done about it."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from ticket_kiosk.agent.files import FOLDER, OWNER_ONLY

log = logging.getLogger(__name__)

Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """`torn`: the last line was cut off, so nobody acted upon it. `damaged`: how many others cannot be read."""

    steps: tuple[Step, ...]
    torn: bool = False
    damaged: int = 0


class Journal:
    """One writer. A step that `append` has returned from survives a kill and a power cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._size = 0

    def open(self) -> Remembered:
        """What is on the disk; a torn last line is cut away, a damaged one elsewhere stays out and is told of."""
        self._path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            log.warning("the journal's last line was torn: %d bytes are cut off", len(content) - whole)
            os.ftruncate(self._file, whole)
        self._size = whole
        lines = content[:whole].splitlines()
        steps = [_read(line) for line in lines]
        damaged = sum(step is None for step in steps)
        if damaged:
            log.error("%d of the journal's %d lines are damaged and left out", damaged, len(lines))
        _sync_folder(self._path.parent)
        return Remembered(tuple(step for step in steps if step is not None), whole < len(content), damaged)

    def append(self, *steps: Step) -> None:
        """All of them, in this order; returns when they are on the disk. On `OSError` (it is full) none is: half a line
        would spoil the next one."""
        content = b"".join(map(_line, steps))
        self._cut_off()
        try:
            _write(self._file, content)
            os.fsync(self._file)
        except OSError:
            with suppress(OSError):
                self._cut_off()
            raise
        self._size += len(content)

    def rewrite(self, steps: Iterable[Step]) -> None:
        """The same journal with these steps alone: either the old one or the new one is there, never half of one."""
        fresh = self._path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, OWNER_ONLY)
        try:
            _write(file, b"".join(map(_line, steps)))
            os.fsync(file)
            fresh.replace(self._path)
        except OSError:
            os.close(file)
            fresh.unlink(missing_ok=True)
            raise
        os.close(self._file)
        self._file, self._size = file, os.fstat(file).st_size
        _sync_folder(self._path.parent)

    def _cut_off(self) -> None:
        """Whatever stands behind the last step that was acted upon."""
        if os.fstat(self._file).st_size != self._size:
            os.ftruncate(self._file, self._size)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _line(step: Step) -> bytes:
    told = orjson.dumps(step)
    return b'{"crc":%d,"step":%s}\n' % (crc32(told), told)


def _read(line: bytes) -> Step | None:
    try:
        value = orjson.loads(line)
        step: Step = value["step"]
        return step if crc32(orjson.dumps(step)) == value["crc"] else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lines(path: Path) -> Iterator[Step]:
    """The readable steps of a journal that somebody else may be writing: for people who look at it."""
    yield from filter(None, map(_read, path.read_bytes().splitlines()))
