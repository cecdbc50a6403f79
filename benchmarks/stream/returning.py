"""Everybody comes back after a restart, as browsers do: when asked to, or with jitter, from where they were."""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone
from benchmarks.stream.drive import pace
from benchmarks.stream.hall import HALL
from benchmarks.stream.viewers import NotThere, viewers

WITHIN_S = 60.0
BACK_MOST_S = 15.0
PART = 99


def rows(bench: Bench) -> Iterator[Row]:
    hall, clients = bench.hall, bench.scale.clients
    source = hall.source(HALL)
    hall.fill(HALL, 20)
    with viewers(bench.folder, source.port, source.path, clients, mode="wbr") as them:
        pace(source, them, 2, 0.2)
        disordered = them.disordered
        them.tell("since_ns", time.monotonic_ns())
        begun = time.monotonic()
        hall.office.terminate()
        stopped_s = time.monotonic() - begun
        ready_s = stopped_s + hall.start()
        if not them.wait("following", clients, WITHIN_S):
            raise NotThere(f"{them.following} of {clients} viewers came back within {WITHIN_S:g} s")
        first, half, most_of, last = np.percentile(them.returns_s(), [0, 50, PART, 100])
        pace(hall.source(HALL), them, 2, 0.2)
        how = f"after SIGTERM: stopped {stopped_s:.1f} s, ready {ready_s:.1f} s, first {first:.1f} s, half {half:.1f} s"
        title = f"{PART} % of {clients:,} back"
        yield alone(title, "s", [float(most_of)], f"{how}, last {last:.1f} s", most=BACK_MOST_S)
        refused = f"{them.attempts - 2 * clients:,} further attempts, {them.refused:,} refused"
        yield alone("gaps after coming back", "", [them.disordered - disordered], refused, most=0)
