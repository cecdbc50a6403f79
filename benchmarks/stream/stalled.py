"""Fifty clients that read nothing: what they cost the process and the kernel, and what others feel."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stream import cores, rivals
from benchmarks.stream.drive import Reach, pace, saturate, warm_up
from benchmarks.stream.hall import STALL, Hall
from benchmarks.stream.rivals import Source
from benchmarks.stream.rows import Row
from benchmarks.stream.viewers import viewers

STALLED, OTHERS = 50, 300
RECEIVE_BUFFER = 4096
EVENTS = 100
SECONDS = 10.0
GROWTH_MOST_MB, KERNEL_MOST_KB, MB, KB = 5.0, 150.0, 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Effect:
    growth_mb: float
    kernel_kb: float
    before: Reach
    during: Reach
    kib_sent: float


def rows(hall: Hall, programs: Path, frame_bytes: int) -> Iterator[Row]:
    ours = _effect(hall.source(STALL), programs)
    with rivals.broadcast(frame_bytes) as source:
        theirs = _effect(source, programs)
    name = f"{STALLED} stalled"
    told = f"each was sent {ours.kib_sent:,.0f} KiB, there {theirs.kib_sent:,.0f}"
    yield _row(f"{name}: the process grows", "MB", ours.growth_mb, theirs.growth_mb, GROWTH_MOST_MB, told)
    yield _row(f"{name}: kernel holds of each", "kB", ours.kernel_kb, theirs.kernel_kb, KERNEL_MOST_KB, told)
    p99s = f"{ours.before.p99_ms:.1f} -> {ours.during.p99_ms:.1f} ms"
    their = theirs.during.p99_ms / theirs.before.p99_ms
    yield _row(f"{name}: p99 of {OTHERS} others, during / before", "x", _ratio(ours), their, None, p99s)


def _effect(source: Source, programs: Path) -> Effect:
    with ExitStack() as stack:
        others = stack.enter_context(viewers(programs, source.port, source.path, OTHERS))
        warm_up(source, others)
        before = pace(source, others, EVENTS, 0)
        stack.enter_context(
            viewers(programs, source.port, source.path, STALLED, mode="wbx", receive_buffer=RECEIVE_BUFFER)
        )
        warm_up(source, others)
        pid, sent = source.pids[0], others.bytes
        resident = cores.resident_bytes(pid)
        saturate(source, others, SECONDS)
        during = pace(source, others, EVENTS, 0)
        growth = cores.resident_bytes(pid) - resident
        held = sorted(cores.queued_bytes(source.port))[-STALLED:]
        return Effect(growth / MB, sum(held) / len(held) / KB, before, during, (others.bytes - sent) / OTHERS / 1024)


def _ratio(effect: Effect) -> float:
    return effect.during.p99_ms / effect.before.p99_ms


def _row(name: str, unit: str, ours: float, theirs: float, most: float | None, spread: str) -> Row:
    goal = "" if most is None else f"<= {most:g} {unit}"
    holds = None if most is None else ours <= most
    return Row(name, unit, ours, "websockets.broadcast()", theirs, None, spread, goal, holds)
