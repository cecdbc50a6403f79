"""All figures in one table: `make bench`, or python -m benchmarks [--quick] [--clients N] [--only PART,...] [--clone]

Builds its C programs, starts all servers on the loopback and the first core, all clients on the second, measures ours
and the references in turn, and ends by itself within ten minutes, with what was measured by then.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import chart, clone, day, document, house, office, rows, start, zones
from benchmarks.bench import QUICK, Bench, Scale
from benchmarks.rows import Row
from benchmarks.stream import cores, fanout, requests, returning, sse, stalled
from benchmarks.stream.drive import Lost
from benchmarks.stream.hall import CALM, HALL, STALL, WALL, hall
from benchmarks.stream.programs import NoCompiler, build
from benchmarks.stream.viewers import NotThere

Part = Callable[[Bench], Iterator[Row]]
PARTS: dict[str, Part] = {
    "fanout": fanout.rows,
    "sse": sse.rows,
    "returning": returning.rows,
    "stalled": stalled.rows,
    "requests": requests.rows,
    "office": office.rows,
    "house": house.rows,
    "day": day.rows,
    "zones": zones.rows,
    "start": start.rows,
}
CLONE = "clone"
#: Days of the other zones are played by the engine.
STAFFED = (HALL, CALM, STALL, WALL)
SECONDS_MOST = 590
FILES_SPARE = 2_000


class Ended(Exception):
    pass


def main() -> None:
    asked = _arguments().parse_args()
    scale = QUICK if asked.quick else Scale()
    scale = replace(scale, clients=_connectable(asked.clients or scale.clients))
    parts = asked.only.split(",") + ([CLONE] if asked.clone or asked.cold else [])
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _end)
    signal.alarm(SECONDS_MOST)
    run = _run(scale, {**PARTS, CLONE: lambda _: clone.first_page(cold=asked.cold)}, parts)
    print(f"{run.told}\n\n{rows.table(run.rows)}\n\n" + "\n".join(run.notes))
    if not asked.dry:
        rows.keep(run)
        document.write(run)
        chart.draw(run)
        print(f"\nalso in {rows.RESULTS}, {document.PAGE}, {chart.CHART}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few viewers, one round: whether it works, not how well")
    parser.add_argument("--clients", type=int, help=f"viewers; {Scale().clients}, quick {QUICK.clients}")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, of " + ", ".join(PARTS))
    parser.add_argument("--clone", action="store_true", help="also a clean clone, until its first page")
    parser.add_argument("--cold", action="store_true", help="the same with an empty pip cache")
    parser.add_argument("--dry", action="store_true", help="print only: leave results and docs as they are")
    return parser


def _connectable(clients: int) -> int:
    """So many as this system lets a process open."""
    reached = cores.allow_files(clients + FILES_SPARE) - FILES_SPARE
    if reached < clients:
        print(f"the limit of open files allows {reached} viewers only", file=sys.stderr)
    return min(clients, reached)


def _end(number: int, _frame: object) -> None:
    raise Ended(f"ended by {signal.Signals(number).name}: what was not measured by then is missing")


def _run(scale: Scale, known: dict[str, Part], parts: Sequence[str]) -> rows.Run:
    begun, measured = time.monotonic(), list[Row]()
    if not cores.are_two():
        print("one core only: clients and servers share it, ratios say little", file=sys.stderr)
    os.sched_setaffinity(0, {cores.CLIENT_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="wz-bench-") as name:
        folder = Path(name)
        try:
            build(folder)
        except NoCompiler as e:
            sys.exit(str(e))
        with hall(folder) as ours:
            bench = Bench(scale, folder, ours)
            try:
                ours.start()
                for zone in STAFFED:
                    ours.open(zone)
                for part in parts:
                    measured += _told(part, known[part](bench), begun)
            except (Ended, Lost, NotThere) as e:
                bench.notes.append(f"{type(e).__name__}: {e}")
    load = f"{scale.clients:,} viewers, {time.monotonic() - begun:.0f} s in all"
    return rows.finished(measured, bench.notes, load)


def _told(part: str, measured: Iterator[Row], begun: float) -> Iterator[Row]:
    for row in measured:
        print(f"{time.monotonic() - begun:4.0f} s  {' | '.join(rows.cells(row))}", file=sys.stderr)
        yield replace(row, part=part)


if __name__ == "__main__":
    main()
