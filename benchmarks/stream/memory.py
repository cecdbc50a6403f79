"""What a viewer takes of the server's memory, and the same of a stream of server-sent events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stream import cores
from benchmarks.stream.rivals import Source
from benchmarks.stream.viewers import Viewers, viewers

SETTLE_S = 1.0
KB = 1000


@contextmanager
def weighed(programs: Path, source: Source, clients: int, mode: str = "wb") -> Iterator[tuple[Viewers, float]]:
    """Viewers, and the kB by which each made the process grow."""
    before = sum(cores.resident_bytes(pid) for pid in source.pids)
    with viewers(programs, source.port, source.path, clients, mode=mode) as them:
        time.sleep(SETTLE_S)
        grown = sum(cores.resident_bytes(pid) for pid in source.pids) - before
        yield them, grown / clients / KB
