"""What a viewer takes of the server's memory, and the same of a stream of server-sent events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stream import cores
from benchmarks.stream.rivals import Source
from benchmarks.stream.viewers import Viewers, viewers

#: So many of them come first, and fill what the process had taken before and no longer needs.
FIRST = 0.4
SETTLE_S = 1.0
MEMORY_MOST_KB = 16.0
KB = 1000


@contextmanager
def weighed(programs: Path, source: Source, clients: int, mode: str = "wb") -> Iterator[tuple[Viewers, float]]:
    """Viewers, and the kB by which each of the later ones made the process grow."""
    with viewers(programs, source.port, source.path, clients, mode=mode, present=FIRST) as them:
        first, before = them.following, _resident(source)
        them.expect(clients)
        time.sleep(SETTLE_S)
        yield them, (_resident(source) - before) / max(1, clients - first) / KB


def _resident(source: Source) -> int:
    return sum(cores.resident_bytes(pid) for pid in source.pids)
