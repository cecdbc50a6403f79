"""A thousand zones on one hub: what an event of one of them costs, what they cost while nothing happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import fmean

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, compared
from benchmarks.stream import cores
from benchmarks.stream.drive import Lost, warm_up
from benchmarks.stream.hall import COUNTERS, Hall, hall
from benchmarks.stream.viewers import Viewers, viewers

FEW, VIEWERS = 4, 10
ROUNDS, CALLS, PAUSE_S = 4, 60, 0.02
SETTLE_S, REST_S, SHOWN_WITHIN_S = 5.0, 2.5, 10.0
COST_MOST = 1.5


@dataclass(slots=True)
class Site:
    """`at_rest`: shares of a core; `busy`: CPU of a round of calls and how long it took."""

    hall: Hall
    zone: str
    ready_s: float
    them: Viewers
    at_rest: list[float] = field(default_factory=list)
    busy: list[tuple[float, float]] = field(default_factory=list)

    def rest(self) -> None:
        cpu_s = cores.cpu_s([self.hall.pid])
        time.sleep(REST_S)
        self.at_rest.append((cores.cpu_s([self.hall.pid]) - cpu_s) / REST_S)

    def calls(self) -> None:
        self.hall.fill(self.zone, CALLS + COUNTERS)
        source, events = self.hall.source(self.zone), self.them.events
        cpu_s, begun = cores.cpu_s(source.pids), time.monotonic()
        for _ in range(CALLS):
            source.lanes[0]()
            time.sleep(PAUSE_S)
        if not self.them.wait("events", events + CALLS * VIEWERS, SHOWN_WITHIN_S):
            raise Lost(f"calls of {self.zone} did not reach its viewers")
        self.busy.append((cores.cpu_s(source.pids) - cpu_s, time.monotonic() - begun))

    @property
    def call_us(self) -> list[float]:
        """CPU of the server for a call, without what it takes at rest anyway."""
        return [1e6 * (cpu_s - fmean(self.at_rest) * took_s) / CALLS for cpu_s, took_s in self.busy]


def rows(bench: Bench) -> Iterator[Row]:
    zones = bench.scale.zones
    with _site(bench, FEW) as few, _site(bench, zones) as many:
        time.sleep(SETTLE_S)
        for n in range(ROUNDS):
            for site in (few, many) if n % 2 else (many, few):
                site.rest()
                site.calls()
        title, rival = f"{zones:,} zones:", f"{FEW} zones"
        yield compared(f"{title} an event of one, CPU", "us", many.call_us, rival, few.call_us, most=COST_MOST)
        idle = alone(f"{title} of a core, at rest", "%", [100 * fmean(many.at_rest)], rival)
        yield replace(idle, reference=100 * fmean(few.at_rest))
        yield replace(alone(f"{title} ready, empty", "s", [many.ready_s], rival), reference=few.ready_s)


@contextmanager
def _site(bench: Bench, count: int) -> Iterator[Site]:
    names = [f"zone-{n}" for n in range(count)]
    folder = bench.folder / f"zones-{count}"
    folder.mkdir()
    with hall(folder, names) as ours:
        with cores.everywhere():
            ready_s = ours.office.start()
        cores.pin(ours.office.processes(), cores.SERVER_CORE)
        zone = names[count // 2]
        ours.open(zone)
        source = ours.source(zone)
        with viewers(bench.folder, source.port, source.path, VIEWERS) as them:
            warm_up(source, them)
            yield Site(ours, zone, ready_s, them)
