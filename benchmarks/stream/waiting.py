"""What issuing takes while nobody, and while everybody watches."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import numpy as np

from benchmarks.stream.drive import EVERY_S
from benchmarks.stream.hall import CALM, HALL, Hall
from benchmarks.stream.rivals import Source

PAUSE_S = 0.005


def issue_ms(hall: Hall, samples: int, *, calling: bool = False) -> tuple[float, float]:
    """p50 and p99 of issuing in the calm zone, while the hall calls twice a second or not. Nobody is kept waiting:
    a growing queue would make the next issue another one."""
    clerk, took_ms = hall.clerk(CALM), list[float]()
    hall.fill(HALL, 60)
    with _calling(hall.source(HALL)) if calling else nullcontext():
        for _ in range(samples):
            took_ms.append(clerk.issue().took_ms)
            clerk.call()
            time.sleep(PAUSE_S)
    p50, p99 = np.percentile(took_ms, [50, 99])
    return float(p50), float(p99)


@contextmanager
def _calling(source: Source) -> Iterator[None]:
    ended = threading.Event()

    def call() -> None:
        while not ended.wait(EVERY_S):
            source.lanes[0]()

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    try:
        yield
    finally:
        ended.set()
        caller.join()
