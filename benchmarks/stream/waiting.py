"""What issuing takes while nobody, and while everybody watches."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.stream.hall import CALM, HALL, Hall
from benchmarks.stream.rivals import Source

ISSUES = 300
PAUSE_S = 0.01


def issue_p99_ms(hall: Hall) -> tuple[float, float]:
    """p50 and p99 of issuing in the calm zone while the hall calls twice a second."""
    clerk, took_ms = hall.clerk(CALM), list[float]()
    hall.fill(HALL, 40)
    with _calling(hall.source(HALL)):
        for _ in range(ISSUES):
            begun = time.perf_counter()
            clerk.issue()
            took_ms.append(1000 * (time.perf_counter() - begun))
            time.sleep(PAUSE_S)
    p50, p99 = np.percentile(took_ms, [50, 99])
    return float(p50), float(p99)


@contextmanager
def _calling(source: Source) -> Iterator[None]:
    ended = threading.Event()

    def call() -> None:
        while not ended.wait(0.5):
            source.lanes[0]()

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    try:
        yield
    finally:
        ended.set()
        caller.join()
