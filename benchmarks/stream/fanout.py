"""One event to all viewers: CPU a delivery, deliveries a second, and how long until the last one has it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.bench import Bench
from benchmarks.rows import Row, alone, compared
from benchmarks.stream import rivals
from benchmarks.stream.drive import ALONE, Load, Reach, pace, saturate, warm_up
from benchmarks.stream.hall import COUNTERS, HALL, Hall
from benchmarks.stream.memory import MEMORY_MOST_KB, weighed
from benchmarks.stream.rivals import BROADCAST, FLOOR, NCHAN, OURS, Source
from benchmarks.stream.viewers import Viewers
from benchmarks.stream.waiting import issue_ms

SECONDS, SECONDS_ALONE = 2.0, 1.5
CALLS, CALLS_OF_OTHERS = 8, 4
CPU_MOST = {FLOOR: 1.2, NCHAN: 0.9}
SUSTAINED_LEAST = {FLOOR: 0.85, BROADCAST: 1.6}
REACH_MOST, REACH_MORE_MS = 1.3, 3.0
ISSUE_MOST = 3.0
VIEWERS_BUSY_MOST = 0.9

Party = tuple[Source, Viewers]


def rows(bench: Bench) -> Iterator[Row]:
    nobody = [issue_ms(bench.hall, bench.scale.samples)]
    with ExitStack() as stack:
        parties: dict[str, Party] = {}
        weights: dict[str, float] = {}
        for source in _sources(bench, stack):
            them, weights[source.name] = stack.enter_context(weighed(bench.folder, source, bench.scale.clients))
            parties[source.name] = source, them
        fanout = Fanout(bench.hall, parties)
        yield from fanout.rows(bench.scale.rounds)
        for name, kb in weights.items():
            if name not in (OURS, FLOOR):
                title = "memory per viewer"
                yield compared(title, "kB", [weights[OURS]], name, [kb])
        yield alone("memory per viewer", "kB", [weights[OURS]], "growth of the process", most=MEMORY_MOST_KB)
        bench.notes += fanout.notes()
        everybody = issue_ms(bench.hall, bench.scale.samples, calling=True)
    nobody.append(issue_ms(bench.hall, bench.scale.samples))
    for which, part in ((0, "p50"), (1, "p99")):
        quiet = [one[which] for one in nobody]
        watched = [everybody[which]] * len(quiet)
        most = ISSUE_MOST if part == "p99" else None
        yield compared(f"issue while all watch, {part}", "ms", watched, "while nobody watches", quiet, most=most)


def _sources(bench: Bench, stack: ExitStack) -> Iterator[Source]:
    yield bench.hall.source(HALL)
    yield stack.enter_context(rivals.floor(bench.folder, bench.frame_bytes))
    if rivals.nchan_is_there():
        yield stack.enter_context(rivals.nchan(bench.folder, bench.frame_bytes))
    else:
        bench.notes.append("Nchan: not installed (Debian: apt-get install nginx libnginx-mod-nchan)")
    yield stack.enter_context(rivals.broadcast(bench.frame_bytes))
    yield stack.enter_context(rivals.starlette_loop(bench.frame_bytes))


@dataclass(slots=True)
class Fanout:
    hall: Hall
    parties: Mapping[str, Party]
    alone: dict[str, list[Load]] = field(default_factory=dict)
    loads: dict[str, list[Load]] = field(default_factory=dict)
    reaches: dict[str, list[Reach]] = field(default_factory=dict)

    def rows(self, rounds: int) -> Iterator[Row]:
        for party in self.parties.values():
            warm_up(*party)
        disordered = self.parties[OURS][1].disordered
        for n in range(rounds):
            self._load_round(n)
        for n in range(rounds):
            self._reach_round(n)
        yield from self._told_loads()
        yield from self._told_reaches()
        yield alone(
            "lost or out of order, of all deliveries", "", [self.parties[OURS][1].disordered - disordered], most=0
        )

    def notes(self) -> Iterator[str]:
        """Where the viewers' core was full, deliveries a second say little about the server."""
        for name, loads in self.loads.items():
            busy = median(load.viewers_busy for load in loads)
            if busy > VIEWERS_BUSY_MOST:
                yield f"saturated by {name}: the viewers' process used {busy:.0%} of its core"

    def _order(self, n: int) -> Sequence[str]:
        """Ours and the floor side by side, each first in turn; the others after."""
        first = (FLOOR, OURS) if n % 2 else (OURS, FLOOR)
        return [*first, *(name for name in self.parties if name not in first)]

    def _load_round(self, n: int) -> None:
        self.hall.fill(HALL, 40 + COUNTERS)
        for name in self._order(n):
            self.alone.setdefault(name, []).append(saturate(*self.parties[name], SECONDS_ALONE, ALONE))
            self.loads.setdefault(name, []).append(saturate(*self.parties[name], SECONDS))

    def _reach_round(self, n: int) -> None:
        self.hall.fill(HALL, 40 + COUNTERS)
        for name in self._order(n):
            calls = CALLS if name in (FLOOR, OURS) else CALLS_OF_OTHERS
            self.reaches.setdefault(name, []).append(pace(*self.parties[name], calls))

    def _told_loads(self) -> Iterator[Row]:
        cpu = {name: [load.cpu_us for load in loads] for name, loads in self.alone.items()}
        per_s = {name: [load.per_s for load in loads] for name, loads in self.loads.items()}
        for name in self._others():
            yield compared("CPU per delivery", "us", cpu[OURS], name, cpu[name], most=CPU_MOST.get(name))
        together = ([load.cpu_us for load in self.loads[name]] for name in (OURS, FLOOR))
        yield compared("CPU per delivery, saturated", "us", next(together), FLOOR, next(together))
        for name in self._others():
            least = SUSTAINED_LEAST.get(name)
            yield compared("deliveries, saturated", "per s", per_s[OURS], name, per_s[name], least=least)

    def _told_reaches(self) -> Iterator[Row]:
        for what, title in (("p50_ms", "p50"), ("middle_p99_ms", "p99 of the middle call"), ("p99_ms", "p99 of all")):
            for name in [FLOOR] if what == "p99_ms" else self._others():
                ours, other = ([getattr(r, what) for r in self.reaches[who]] for who in (OURS, name))
                bounded = name == FLOOR and what == "middle_p99_ms"
                most = REACH_MOST + REACH_MORE_MS / median(other) if bounded else None
                goal_is = f"{REACH_MOST:g} x + {REACH_MORE_MS:g} ms" if bounded else ""
                yield compared(f"call to all viewers, {title}", "ms", ours, name, other, most=most, goal_is=goal_is)

    def _others(self) -> Iterator[str]:
        return (name for name in self.parties if name != OURS)
