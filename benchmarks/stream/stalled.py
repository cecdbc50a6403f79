"""Fifty clients that read nothing: what they cost the process and the kernel, and what others feel."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, compared
from benchmarks.stream import cores, rivals
from benchmarks.stream.drive import Reach, pace, saturate, warm_up
from benchmarks.stream.hall import STALL
from benchmarks.stream.rivals import BROADCAST, Source
from benchmarks.stream.viewers import Viewers, viewers

STALLED, OTHERS = 50, 300
RECEIVE_BUFFER = 4096
EVENTS, EVERY_S = 60, 0.02
SECONDS = 10.0
GROWTH_MOST_MB, KERNEL_MOST_KB, MB, KB = 5.0, 150.0, 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Effect:
    growth_mb: float
    kernel_kb: float
    before: Reach
    during: Reach
    kib_sent: float


def rows(bench: Bench) -> Iterator[Row]:
    bench.hall.renew()
    ours = _effect(bench, bench.hall.source(STALL))
    with rivals.broadcast(bench.frame_bytes) as source:
        theirs = _effect(bench, source)
    name = f"{STALLED} stalled:"
    sent = f"each was sent {ours.kib_sent:,.0f} KiB (there {theirs.kib_sent:,.0f})"
    yield _beside(f"{name} the process grows", "MB", ours.growth_mb, theirs.growth_mb, GROWTH_MOST_MB, sent)
    yield _beside(f"{name} kernel holds of each", "kB", ours.kernel_kb, theirs.kernel_kb, KERNEL_MOST_KB, sent)
    for effect, whose in ((ours, ""), (theirs, f" ({BROADCAST})")):
        during, before = [effect.during.middle_p99_ms], [effect.before.middle_p99_ms]
        yield compared(f"{name} p99 of {OTHERS} others{whose}", "ms", during, "the same without them", before)


def _effect(bench: Bench, source: Source) -> Effect:
    with ExitStack() as stack:
        others = stack.enter_context(viewers(bench.folder, source.port, source.path, OTHERS))
        warm_up(source, others)
        before = _reach(bench, source, others)
        stack.enter_context(
            viewers(bench.folder, source.port, source.path, STALLED, mode="wbx", receive_buffer=RECEIVE_BUFFER)
        )
        warm_up(source, others)
        pid, sent = source.pids[0], others.bytes
        resident = cores.resident_bytes(pid)
        saturate(source, others, SECONDS)
        during = _reach(bench, source, others)
        growth = cores.resident_bytes(pid) - resident
        held = sorted(cores.queued_bytes(source.port))[-STALLED:]
        return Effect(growth / MB, sum(held) / len(held) / KB, before, during, (others.bytes - sent) / OTHERS / 1024)


def _reach(bench: Bench, source: Source, others: Viewers) -> Reach:
    """Of calls alone: nobody has to draw a ticket first."""
    bench.hall.fill(STALL, EVENTS + 10)
    return pace(source, others, EVENTS, EVERY_S)


def _beside(name: str, unit: str, ours: float, theirs: float, most: float, how: str) -> Row:
    return replace(alone(name, unit, [ours], f"{BROADCAST}; {how}", most=most), reference=theirs)
