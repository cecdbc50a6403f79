"""One office with one client: what a clerk's request takes, and the wall's answer to it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator

from benchmarks import lobby
from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, share
from benchmarks.stream.hall import WALL

WARM_UP = 20
MEDIAN_MOST_MS = 15.0
FSYNCS = 200
FSYNC_BYTES = 300


def rows(bench: Bench) -> Iterator[Row]:
    yield from _disk()
    yield from _one_client(bench)
    if shutil.which("chromium"):
        yield from lobby.call_to_lobby(bench.hall)
    else:
        bench.notes.append("call to lobby page: no Chromium here (Debian: apt-get install chromium)")


def _disk() -> Iterator[Row]:
    """What no acknowledged write can be faster than."""
    took_ms = []
    with tempfile.TemporaryFile(prefix="wz-bench-") as file:
        for _ in range(FSYNCS):
            begun = time.perf_counter()
            file.write(bytes(FSYNC_BYTES))
            file.flush()
            os.fdatasync(file.fileno())
            took_ms.append(1000 * (time.perf_counter() - begun))
    yield from _told("disk, one fsync", took_ms, f"{FSYNC_BYTES} bytes appended, for comparison")


def _one_client(bench: Bench) -> Iterator[Row]:
    desk, samples = bench.hall.clerk(WALL), bench.scale.samples
    for _ in range(WARM_UP):
        desk.issue()
    how = f"one client, {samples} in a row, each on disk"
    yield from _told("issue by HTTP", [desk.issue().took_ms for _ in range(samples)], how, MEDIAN_MOST_MS)
    yield from _told("call by HTTP", [desk.call().took_ms for _ in range(samples)], how, MEDIAN_MOST_MS)


def _told(what: str, took_ms: list[float], how: str, most: float | None = None) -> Iterator[Row]:
    yield alone(f"{what}, p50", "ms", [share(took_ms, 0.5)], how, most=most)
    yield alone(f"{what}, p99", "ms", [share(took_ms, 0.99)], how)
