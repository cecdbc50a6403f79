"""Screens that come and go for a long time: `make soak`, or python -m benchmarks.soak [--minutes 15] [--clients 5000]

Two calls a second over the API. None may be lost or out of order, memory and open files of the server must not grow.
Prints what it sees, ends with one line and, when something failed, with 1.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.rows import RESULTS, machine
from benchmarks.stream import cores
from benchmarks.stream.drive import EVERY_S
from benchmarks.stream.hall import HALL, Hall, hall
from benchmarks.stream.programs import build
from benchmarks.stream.viewers import Viewers, viewers

KEPT = RESULTS.with_name("soak.json")
#: Most by WebSocket, some as server-sent events.
SSE_SHARE = 0.2
WAITING = 40
#: So often nobody is called for a moment: whoever reads must then have had the last call.
QUIET_EVERY_S, QUIET_WITHIN_S = 30.0, 5.0
LOOK_EVERY_S = 10.0
#: Memory is compared from here on: pools, caches and allocator are warm.
WARM_S, WARM_PART = 180.0, 0.4
COMPARED_PART = 0.2
GROWTH_MOST, GROWTH_MOST_MB, MB = 0.05, 5.0, 1e6
FILES_MORE_MOST = 8
GONE_WITHIN_S = 30.0
#: Some have left again before the last has come.
PRESENT, SPARE_S = 0.8, 600.0
FILES_SPARE = 1_000
#: Counts of viewers that must stay at nothing.
FAULTS = {
    "disordered": "events did not follow the last one",
    "healed": "screens that had always read were healed by a snapshot",
    "closed": "screens that read were closed",
    "refused": "screens were refused",
    "unanswered": "goodbyes were not answered",
}
COUNTED = ("events", "snapshots", "resumed", "attempts", "left", "stalls", "cut", *FAULTS)


@dataclass(frozen=True, slots=True)
class Look:
    at_s: float
    resident_mb: float
    files: int
    watching: int


@dataclass(slots=True)
class Soak:
    hall: Hall
    parties: Sequence[Viewers]
    begun_s: float = field(default_factory=time.monotonic)
    calls: int = 0
    behind: int = 0
    looks: list[Look] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        clerk, lanes = self.hall.clerk(HALL), self.hall.source(HALL).lanes
        looked = quiet = due = time.monotonic()
        while (now := time.monotonic()) < self.begun_s + seconds:
            clerk.issue()
            lanes[self.calls % len(lanes)]()
            self.calls += 1
            if now > looked:
                self._look()
                looked = now + LOOK_EVERY_S
            if now > quiet + QUIET_EVERY_S:
                self._be_quiet()
                quiet = due = time.monotonic()
            due += EVERY_S
            time.sleep(max(0.0, due - time.monotonic()))
        self._be_quiet()

    def sum(self, name: str) -> int:
        return sum(getattr(them, name) for them in self.parties)

    def _look(self) -> None:
        pid = self.hall.pid
        at_s = time.monotonic() - self.begun_s
        look = Look(round(at_s, 1), cores.resident_bytes(pid) / MB, _files(pid), self.sum("following"))
        self.looks.append(look)
        told = f"{look.resident_mb:.1f} MB, {look.files:,} files, {look.watching:,} watch, {self.calls:,} calls"
        faults = ", ".join(f"{name} {self.sum(name)}" for name in FAULTS)
        print(f"{look.at_s:5.0f} s  {told}, behind {self.behind}, {faults}", file=sys.stderr)

    def _be_quiet(self) -> None:
        until = time.monotonic() + QUIET_WITHIN_S
        while (behind := self.sum("behind")) and time.monotonic() < until:
            time.sleep(0.05)
        self.behind += behind


def main() -> None:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--clients", type=int, default=5_000)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cores.allow_files(asked.clients + FILES_SPARE)
    os.sched_setaffinity(0, {cores.CLIENT_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="wz-soak-") as name, ExitStack() as stack:
        folder = Path(name)
        build(folder)
        ours = stack.enter_context(hall(folder, [HALL]))
        soak, faults = _soak(ours, folder, asked.clients, 60 * asked.minutes)
    verdict = "; ".join(faults) or "nothing lost, nothing out of order, memory and files flat"
    _keep(soak, verdict, faults)
    print(f"{'FAILED' if faults else 'held'} after {asked.minutes:g} min, {soak.calls:,} calls: {verdict}")
    sys.exit(bool(faults))


def _soak(ours: Hall, folder: Path, clients: int, seconds: float) -> tuple[Soak, list[str]]:
    ours.start()
    ours.open(HALL)
    ours.fill(HALL, WAITING)
    files = _files(ours.pid)
    some = int(SSE_SHARE * clients)
    with ExitStack() as stack:
        parties = [
            stack.enter_context(
                viewers(folder, source.port, source.path, count, mode=mode, live_s=seconds + SPARE_S, present=PRESENT)
            )
            for source, count, mode in (
                (ours.source(HALL), clients - some, "wbc"),
                (ours.source(HALL, sse=True), some, "sbc"),
            )
        ]
        soak = Soak(ours, parties)
        soak.run(seconds)
        counts = {name: soak.sum(name) for name in COUNTED}
    print(", ".join(f"{name} {count:,}" for name, count in counts.items()), file=sys.stderr)
    return soak, [*_faults(soak, counts), *_leaks(soak.looks, seconds), *_left_behind(ours, files)]


def _faults(soak: Soak, counts: dict[str, int]) -> Iterator[str]:
    for name, told in FAULTS.items():
        if counts[name]:
            yield f"{counts[name]} {told}"
    if soak.behind:
        yield f"{soak.behind} screens had not the last call once it was quiet"


def _leaks(looks: Sequence[Look], seconds: float) -> Iterator[str]:
    warm_s, span_s = min(WARM_S, WARM_PART * seconds), COMPARED_PART * seconds
    first = [look.resident_mb for look in looks if warm_s <= look.at_s <= warm_s + span_s]
    last = [look.resident_mb for look in looks if look.at_s >= seconds - span_s]
    if not first or not last:
        yield "too short to compare memory"
        return
    grown = median(last) - median(first)
    told = f"memory from {median(first):.1f} to {median(last):.1f} MB"
    print(told, file=sys.stderr)
    if grown > max(GROWTH_MOST * median(first), GROWTH_MOST_MB):
        yield f"{told} since minute {warm_s / 60:.1f}"


def _left_behind(ours: Hall, files: int) -> Iterator[str]:
    """All viewers have gone: nothing of them may stay."""
    until = time.monotonic() + GONE_WITHIN_S
    while True:
        more, streams = _files(ours.pid) - files, _streams(ours)
        if more <= FILES_MORE_MOST and not streams:
            return
        if time.monotonic() > until:
            yield f"{more} files and {streams} streams stay open after all have gone"
            return
        time.sleep(0.2)


def _files(pid: int) -> int:
    return len(list((cores.PROC / str(pid) / "fd").iterdir()))


def _streams(ours: Hall) -> int:
    with urllib.request.urlopen(f"{ours.office.address}/metrics") as page:
        lines = page.read().decode().splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith("wartezone_streams "))))


def _keep(soak: Soak, verdict: str, faults: Sequence[str]) -> None:
    kept = {
        "machine": machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "held": not faults,
        "verdict": verdict,
        "calls": soak.calls,
        "looks": [asdict(look) for look in soak.looks],
    }
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
