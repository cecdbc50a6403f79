"""The stream against what others reach: python -m benchmarks.stream [--clients 10000] [--keep]

Builds its C programs, starts all servers on the loopback and the first core, all clients on the second, measures ours
and the references in turn, prints one table and ends by itself within ten minutes.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.stream import chart, cores, document, fanout, requests, returning, rivals, rows, stalled, waiting
from benchmarks.stream.drive import Lost, pace, saturate, warm_up
from benchmarks.stream.hall import CALM, HALL, STALL, Hall, hall
from benchmarks.stream.memory import weighed
from benchmarks.stream.programs import NoCompiler, build
from benchmarks.stream.rivals import Source
from benchmarks.stream.rows import Row, bounded, compared
from benchmarks.stream.viewers import NotThere, viewers

CLIENTS = 2_000
SECONDS_MOST = 590
PARTS = ("fanout", "requests", "sse", "returning", "stalled")
SSE_CLIENTS_MOST = 2_000
MEMORY_MOST_KB = 16.0
ISSUE_MOST = 3.0
FILES_SPARE = 2_000


@dataclass(slots=True)
class Bench:
    clients: int
    folder: Path
    hall: Hall
    notes: list[str] = field(default_factory=list)
    frame_bytes: int = 0

    def rows(self, parts: frozenset[str]) -> Iterator[Row]:
        self.hall.start()
        for zone in (HALL, CALM, STALL):
            self.hall.open(zone)
        self._probe()
        if "fanout" in parts:
            yield from self._fanout()
        if "requests" in parts:
            yield from requests.commands_in_the_engine(self.hall)
            yield from requests.reading(self.hall, self.folder)
            yield from requests.commands_over_http(self.hall, self.folder)
        if "sse" in parts:
            yield from self._sse()
        if "returning" in parts:
            yield from returning.rows(self.hall, self.folder, self.clients)
        if "stalled" in parts:
            self.hall.renew()
            yield from stalled.rows(self.hall, self.folder, self.frame_bytes)

    def _probe(self) -> None:
        """How long our frame of a call is: references send as many bytes."""
        source = self.hall.source(HALL)
        with viewers(self.folder, source.port, source.path, 1) as one:
            pace(source, one, 6, 0.05)
            self.frame_bytes = one.event_bytes
        self.notes.append(f"frame of a call: {self.frame_bytes} bytes, the same for all references")

    def _fanout(self) -> Iterator[Row]:
        idle = waiting.issue_p99_ms(self.hall)
        with ExitStack() as stack:
            parties: dict[str, fanout.Party] = {}
            weights: dict[str, float] = {}
            for source in self._sources(stack):
                them, weights[source.name] = stack.enter_context(weighed(self.folder, source, self.clients))
                parties[source.name] = source, them
            yield from fanout.Fanout(self.hall, parties).rows()
            yield self._memory(weights)
            served = waiting.issue_p99_ms(self.hall)
            yield compared("issue p50, all watching", "ms", [served[0]], "nobody watching", [idle[0]])
            yield compared("issue p99, all watching", "ms", [served[1]], "nobody watching", [idle[1]], most=ISSUE_MOST)

    def _sources(self, stack: ExitStack) -> Iterator[Source]:
        yield self.hall.source(HALL)
        yield stack.enter_context(rivals.floor(self.folder, self.frame_bytes))
        if rivals.nchan_is_there():
            yield stack.enter_context(rivals.nchan(self.folder, self.frame_bytes))
        else:
            self.notes.append("Nchan: not installed (Debian: apt-get install nginx libnginx-mod-nchan)")
        yield stack.enter_context(rivals.broadcast(self.frame_bytes))
        yield stack.enter_context(rivals.starlette_loop(self.frame_bytes))

    def _memory(self, weights: dict[str, float]) -> Row:
        others = ", ".join(
            f"{name} {kb:.1f}" for name, kb in weights.items() if name not in (fanout.OURS, fanout.FLOOR)
        )
        return bounded("memory per viewer", "kB", weights[fanout.OURS], MEMORY_MOST_KB, others)

    def _sse(self) -> Iterator[Row]:
        self.hall.renew()
        clients = min(self.clients, SSE_CLIENTS_MOST)
        with ExitStack() as stack:
            ours = self.hall.source(HALL, sse=True)
            floor = stack.enter_context(rivals.floor(self.folder, self.frame_bytes, sse=True))
            them, weight = stack.enter_context(weighed(self.folder, ours, clients, "sb"))
            others, _ = stack.enter_context(weighed(self.folder, floor, clients, "sb"))
            pairs = ((ours, them), (floor, others))
            for pair in pairs:
                warm_up(*pair)
            taken: tuple[list[float], list[float]] = [], []
            for n in range(fanout.ROUNDS):
                for k in (0, 1) if n % 2 else (1, 0):
                    taken[k].append(saturate(*pairs[k], fanout.SECONDS).cpu_us)
            name = f"SSE: CPU per delivery, {clients:,} streams"
            yield compared(name, "us", taken[0], "raw C, SSE", taken[1], most=fanout.CPU_MOST)
            yield bounded("SSE: memory per stream", "kB", weight, MEMORY_MOST_KB)


class Ended(Exception):
    pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, of " + ", ".join(PARTS))
    parser.add_argument("--no-page", action="store_true", help="leave docs/ as it is")
    asked = parser.parse_args()
    cores.allow_files(asked.clients + FILES_SPARE)
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _end)
    signal.alarm(SECONDS_MOST)
    if not cores.are_two():
        print("one core only: clients and servers share it, ratios say little", file=sys.stderr)
    os.sched_setaffinity(0, {cores.CLIENT_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    run = _run(asked.clients, frozenset(asked.only.split(",")))
    rows.keep(run)
    if not asked.no_page:
        document.write(run)
        chart.draw(run)
    print(f"{run.told}\n\n{rows.table(run.rows)}\n\n" + "\n".join(run.notes) + f"\n\nalso in {rows.RESULTS}")


def _end(number: int, _frame: object) -> None:
    raise Ended(f"ended by {signal.Signals(number).name}: what was not measured by then is missing")


def _run(clients: int, parts: frozenset[str]) -> rows.Run:
    begun, measured = time.monotonic(), list[Row]()
    with tempfile.TemporaryDirectory(prefix="wz-stream-") as name:
        folder = Path(name)
        try:
            build(folder)
        except NoCompiler as e:
            sys.exit(f"skipped: {e}")
        with hall(folder) as ours:
            bench = Bench(clients, folder, ours)
            try:
                for row in bench.rows(parts):
                    print(f"{time.monotonic() - begun:4.0f} s  {' | '.join(rows.cells(row))}", file=sys.stderr)
                    measured.append(row)
            except (Ended, Lost, NotThere) as e:
                bench.notes.append(f"{type(e).__name__}: {e}")
    return rows.finished(clients, time.monotonic() - begun, measured, bench.notes)


if __name__ == "__main__":
    main()
