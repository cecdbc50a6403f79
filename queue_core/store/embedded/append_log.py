"""The files of the append-only log, as a power cut may leave them."""

import os
from pathlib import Path

from queue_core.store.embedded.options import LOG_DIRECTORY, LOG_NAME

BLOCK_BYTES = 128 * 1024


def drop_zero_tail(directory: Path) -> int:
    """Cut the zeros off the newest file of the log; how many bytes that were.

    After a power cut a file system may have grown a file and not written its last blocks: zeros stand there. Valkey
    mends a log that ends within a command, but takes zeros for damage and does not start. Every command ends with a
    line break, so trailing zeros were never a whole command, and what was acknowledged lies before them.
    """
    newest = newest_file(directory)
    if newest is None or not newest.exists():
        return 0
    with newest.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        kept = _end_of_content(file.fileno(), size)
        if kept < size:
            file.truncate(kept)
            os.fsync(file.fileno())
    return size - kept


def drop_unfinished(directory: Path) -> None:
    """Remove what an interrupted rewriting wrote: Valkey leaves it, and it may hold what has been purged since."""
    for file in directory.glob("temp-*.*"):
        file.unlink()


def newest_file(directory: Path) -> Path | None:
    """The file that is being appended to: the last one of type "i" in the manifest."""
    manifest = directory / LOG_DIRECTORY / f"{LOG_NAME}.manifest"
    if not manifest.exists():
        return None
    names = [line.split()[1] for line in manifest.read_text(errors="replace").splitlines() if line.endswith("type i")]
    return directory / LOG_DIRECTORY / names[-1] if names else None


def _end_of_content(descriptor: int, size: int) -> int:
    end = size
    while end > 0:
        start = max(0, end - BLOCK_BYTES)
        if content := os.pread(descriptor, end - start, start).rstrip(b"\0"):
            return start + len(content)
        end = start
    return 0
