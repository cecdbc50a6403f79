"""Sounds that were made once: the newest in memory, more in a folder, both bounded. One thread writes a folder."""

import hashlib
import os
import tempfile
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from queue_core.speech.wave import SUFFIX

#: So much is freed at once when the folder is full, so that not every new sound makes it look around.
_LEFT_AFTER_CLEARING = 0.75


def sound_key(edition: str, language: str, text: str) -> str:
    return hashlib.sha256("\0".join((edition, language, text)).encode()).hexdigest()[:40]


class KeptInMemory:
    def __init__(self, bytes_most: int) -> None:
        self._bytes_most, self._bytes = bytes_most, 0
        self._sounds: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        if key in self._sounds:
            self._sounds.move_to_end(key)
        return self._sounds.get(key)

    def put(self, key: str, sound: bytes) -> None:
        if key in self._sounds or len(sound) > self._bytes_most:
            return
        self._sounds[key] = sound
        self._bytes += len(sound)
        while self._bytes > self._bytes_most:
            self._bytes -= len(self._sounds.popitem(last=False)[1])


class KeptOnDisk:
    """A full or read-only disk costs time, never a word: what cannot be kept is made again."""

    def __init__(self, folder: Path, bytes_most: int) -> None:
        self._folder, self._bytes_most = folder, bytes_most
        self._bytes: int | None = None

    def get(self, key: str) -> bytes | None:
        path = self._folder / f"{key}{SUFFIX}"
        try:
            sound = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return sound

    def put(self, key: str, sound: bytes) -> None:
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / f"{key}{SUFFIX}", sound)
            self._bytes = self._size() if self._bytes is None else self._bytes + len(sound)
            if self._bytes > self._bytes_most:
                self._clear()

    def _write(self, path: Path, sound: bytes) -> None:
        """Whole or not at all, also where several processes make the same sound."""
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sound)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def _clear(self) -> None:
        """What was not asked for the longest goes first."""
        found = sorted((s.st_mtime, s.st_size, path) for path in self._folder.iterdir() for s in [path.stat()])
        self._bytes = sum(size for _, size, _ in found)
        for _, size, path in found:
            if self._bytes <= self._bytes_most * _LEFT_AFTER_CLEARING:
                return
            path.unlink(missing_ok=True)
            self._bytes -= size
