"""How events are made: as fast as viewers take them, or at a steady pace; and what that costs."""

import threading
import time
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.stream import cores
from benchmarks.stream.rivals import Source
from benchmarks.stream.viewers import POLL_S, Viewers

#: Events under way at once. With several a server always has the next one to send, and may send them together; alone,
#: each delivery is a write of its own.
SEVERAL, ALONE = 3, 1
DRAIN_WITHIN_S = 15.0
EVERY_S = 0.5
WARM_UP = 3


class Lost(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Load:
    """What a saturated server did: CPU a delivered message (all kinds), and messages a second; and how much of their
    core the viewers used meanwhile: near 1, they are what is measured."""

    cpu_us: float
    per_s: float
    viewers_busy: float


@dataclass(frozen=True, slots=True)
class Reach:
    """From the moment when an event is asked for until viewers have it: over all viewers and events together, and
    the p99 of the viewers of the middle event, which a busy machine disturbs less."""

    p50_ms: float
    p99_ms: float
    most_ms: float
    middle_p99_ms: float


def saturate(source: Source, them: Viewers, seconds: float, window: int = SEVERAL) -> Load:
    """Raises `Lost` when not every viewer got every event."""
    them.tell("measure", 0)
    fired, lock, failures = [0], threading.Lock(), list[BaseException]()
    events, messages, begun = them.events, them.messages, time.monotonic()
    cpu_s, viewers_s = cores.cpu_s(source.pids), cores.cpu_s([them.process.pid])

    def lane(number: int) -> None:
        fire = source.lanes[number]
        while time.monotonic() < begun + seconds:
            with lock:
                free = fired[0] - (them.events - events) / them.count < window
                fired[0] += free
            if not free:
                time.sleep(POLL_S)
                continue
            try:
                fire()
            except BaseException as e:
                failures.append(e)
                raise

    lanes = [threading.Thread(target=lane, args=(n,), daemon=True) for n in range(len(source.lanes))]
    for thread in lanes:
        thread.start()
    for thread in lanes:
        thread.join()
    if failures:
        raise failures[0]
    _expect_all(source, them, events + fired[0] * them.count)
    got, took_s = them.messages - messages, time.monotonic() - begun
    busy = (cores.cpu_s([them.process.pid]) - viewers_s) / took_s
    return Load(1e6 * (cores.cpu_s(source.pids) - cpu_s) / got, got / took_s, busy)


def pace(source: Source, them: Viewers, calls: int, every_s: float = EVERY_S) -> Reach:
    """So many events, one every `every_s`. Raises `Lost`."""
    each = []
    for n in range(calls):
        due, events, first = time.monotonic() + every_s, them.events, them.samples
        them.begin_event()
        source.lanes[n % len(source.lanes)]()
        _expect_all(source, them, events + them.count)
        each.append(them.latencies_ms(first))
        time.sleep(max(0.0, due - time.monotonic()))
    them.tell("measure", 0)
    together = np.concatenate(each)
    p50, p99 = np.percentile(together, [50, 99])
    middle = median(float(np.percentile(one, 99)) for one in each)
    return Reach(float(p50), float(p99), float(together.max()), middle)


def warm_up(source: Source, them: Viewers) -> None:
    pace(source, them, WARM_UP, 0.1)


def _expect_all(source: Source, them: Viewers, events: int) -> None:
    if not them.wait("events", events, DRAIN_WITHIN_S):
        raise Lost(f"{source.name}: {events - them.events} deliveries did not come within {DRAIN_WITHIN_S:g} s")
