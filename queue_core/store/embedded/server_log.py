"""What the server says: its log file, bounded, and the part of it that tells why it ended."""

import os
import re
import signal
from pathlib import Path
from typing import BinaryIO

from queue_core.store.embedded.options import LOG_DIRECTORY, LOG_NAME, server_binary
from queue_core.store.failures import ForeignVersion, LogCorrupt, StorageFull, StoreDidNotStart, StoreDied, StoreFailure

ROTATE_FROM_BYTES = 1_000_000
TAIL_BYTES = 16_000
TAIL_LINES = 12
# A store that ran out of room needs some before a new try is worth it.
MIN_FREE_BYTES = 4_000_000

STORAGE_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|Short write while writing to the AOF"
)
FOREIGN = re.compile(
    r"Can't handle RDB format version \S+"
    r"|Can't handle foreign type or opcode .*|Unsupported foreign data type.*|Unknown object type \d+.*"
    r"|(?<=error: )unknown command '[^']*'"
)
DAMAGED_FILE = re.compile(
    r"(?:reading the append only file|Unable to obtain the AOF file|The append log file|Error reading the AOF file"
    rf"|Checking RDB file|RDB base file) ({re.escape(LOG_NAME)}[\w.]*)"
)
DAMAGED_MANIFEST = re.compile(r"AOF MANIFEST FILE ERROR|AOF manifest file \S+ doesn't exist")
WARNING = re.compile(r"^\d+:\S+ .*? # (.*)$")


class ServerLog:
    """One file for all that the server prints; `open_for_run` marks where a new run begins."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / "valkey.log"
        self._run_begins = 0

    def open_for_run(self) -> BinaryIO:
        if self.path.exists() and self.path.stat().st_size > ROTATE_FROM_BYTES:
            self.path.replace(self.path.with_suffix(".log.1"))
        file = self.path.open("ab")
        self._run_begins = file.tell()
        return file

    def join_run(self) -> None:
        """Begin here: what stands above was said before we adopted the server."""
        self._run_begins = self.path.stat().st_size if self.path.exists() else 0

    def tail(self) -> str:
        """The last lines of this run."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self._run_begins, size - TAIL_BYTES))
            return file.read().decode(errors="replace")

    def failure(self, exit_code: int | None, was_ready: bool) -> StoreFailure:
        """Why this run ended; `exit_code` None where the server was no child of ours."""
        tail = self.tail()
        lines = "\n".join(tail.splitlines()[-TAIL_LINES:])
        if STORAGE_FULL.search(lines):
            return StorageFull(self.directory, free_bytes(self.directory))
        if foreign := FOREIGN.search(tail):
            return ForeignVersion(self.directory, foreign.group())
        if not was_ready and (damaged := DAMAGED_FILE.search(tail)):
            return self._corrupt(damaged.group(1), tail)
        if not was_ready and DAMAGED_MANIFEST.search(tail):
            return self._corrupt("its manifest", tail)
        reason = _ending(exit_code, tail)
        return StoreDied(reason, lines) if was_ready else StoreDidNotStart(reason, lines)

    def _corrupt(self, name: str, tail: str) -> LogCorrupt:
        file = self.directory / LOG_DIRECTORY / name
        mend = (
            f"bash -c 'exec -a valkey-check-aof {server_binary()} --fix {file}'" if name.endswith(".incr.aof") else None
        )
        return LogCorrupt(self.directory, name, mend, tail)


def free_bytes(directory: Path) -> int:
    room = os.statvfs(directory)
    return room.f_bavail * room.f_frsize


def _ending(exit_code: int | None, tail: str) -> str:
    if exit_code is not None and exit_code < 0:
        return f"killed by {signal.Signals(-exit_code).name}"
    said = [match.group(1) for line in tail.splitlines() if (match := WARNING.match(line))]
    ending = f"exit code {exit_code}" if exit_code is not None else "it ended"
    return f"{ending}, last words: {said[-1]}" if said else ending
