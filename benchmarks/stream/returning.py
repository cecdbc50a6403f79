"""Everybody comes back after a restart, as browsers do: with jitter, naming the last position."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.stream.drive import pace
from benchmarks.stream.hall import HALL, Hall
from benchmarks.stream.rows import Row, bounded
from benchmarks.stream.viewers import viewers

WITHIN_S = 60.0
BACK_MOST_S = 15.0
PART = 99


def rows(hall: Hall, programs: Path, clients: int) -> Iterator[Row]:
    source = hall.source(HALL)
    hall.fill(HALL, 20)
    with viewers(programs, source.port, source.path, clients, mode="wbr") as them:
        pace(source, them, 2, 0.2)
        disordered = them.disordered
        them.tell("since_ns", time.monotonic_ns())
        begun = time.monotonic()
        hall.office.terminate()
        stopped_s = time.monotonic() - begun
        hall.start()
        all_back = them.wait("following", clients, WITHIN_S)
        back_s = them.returns_s()
        first, p50, most_of, last = np.percentile(back_s, [0, 50, PART, 100])
        if all_back:
            pace(hall.source(HALL), them, 2, 0.2)
        spread = f"stopped {stopped_s:.1f} s, first {first:.1f} s, half {p50:.1f} s, last {last:.1f} s"
        name = f"{PART} % of {clients:,} back, from SIGTERM"
        yield bounded(name, "s", float(most_of) if all_back else float("inf"), BACK_MOST_S, spread)
        yield bounded("the same, from the first one back", "s", float(most_of - first), BACK_MOST_S)
        refused = f"{them.attempts - 2 * clients} further attempts, {them.refused} refused"
        yield bounded("gaps after coming back", "", them.disordered - disordered, 0, refused)
