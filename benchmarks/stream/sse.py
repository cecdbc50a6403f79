"""The same frames as server-sent events."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, compared
from benchmarks.stream import rivals
from benchmarks.stream.drive import ALONE, saturate, warm_up
from benchmarks.stream.fanout import CPU_MOST, SECONDS_ALONE
from benchmarks.stream.hall import HALL
from benchmarks.stream.memory import MEMORY_MOST_KB, weighed
from benchmarks.stream.rivals import OURS, Source
from benchmarks.stream.viewers import Viewers

MODE = "sb"


def rows(bench: Bench) -> Iterator[Row]:
    bench.hall.renew()
    with ExitStack() as stack:
        parties: list[tuple[Source, Viewers]] = []
        weights: dict[str, float] = {}
        for source in _sources(bench, stack):
            them, weights[source.name] = stack.enter_context(weighed(bench.folder, source, bench.scale.clients, MODE))
            warm_up(source, them)
            parties.append((source, them))
        taken: dict[str, list[float]] = {source.name: [] for source, _ in parties}
        for n in range(bench.scale.rounds):
            for source, them in parties if n % 2 else parties[::-1]:
                taken[source.name].append(saturate(source, them, SECONDS_ALONE, ALONE).cpu_us)
    title, ours = "SSE: CPU per delivery", taken.pop(OURS)
    for name, theirs in taken.items():
        yield compared(title, "us", ours, f"{name}, SSE", theirs, most=CPU_MOST[name])
    yield alone("SSE: memory per stream", "kB", [weights[OURS]], "growth of the process", most=MEMORY_MOST_KB)


def _sources(bench: Bench, stack: ExitStack) -> Iterator[Source]:
    yield bench.hall.source(HALL, sse=True)
    yield stack.enter_context(rivals.floor(bench.folder, bench.frame_bytes, sse=True))
    if rivals.nchan_is_there():
        yield stack.enter_context(rivals.nchan(bench.folder, bench.frame_bytes))
