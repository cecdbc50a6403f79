"""One event to all viewers: CPU a delivery, deliveries a second, and how long until the last one has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.stream.drive import Load, Reach, pace, saturate, warm_up
from benchmarks.stream.hall import COUNTERS, HALL, Hall
from benchmarks.stream.rivals import Source
from benchmarks.stream.rows import Row, bounded, compared
from benchmarks.stream.viewers import Viewers

ROUNDS = 3
SECONDS = 2.0
CALLS, CALLS_OF_OTHERS = 8, 6
FLOOR, OURS, NCHAN, BROADCAST = "raw C", "ours", "Nchan", "websockets.broadcast()"
CPU_MOST, CPU_NCHAN_MOST, SUSTAINED_LEAST, BROADCAST_LEAST = 1.2, 0.9, 0.85, 1.6
REACH_MOST, REACH_MORE_MS = 1.3, 3.0
MIDDLE = "p99 of the middle call"
WHATS = {"p50_ms": "p50", "p99_ms": "p99", "most_ms": "slowest", "middle_p99_ms": MIDDLE}

Party = tuple[Source, Viewers]


@dataclass(slots=True)
class Fanout:
    hall: Hall
    parties: Mapping[str, Party]
    loads: dict[str, list[Load]] = field(default_factory=dict)
    reaches: dict[str, list[Reach]] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        for party in self.parties.values():
            warm_up(*party)
        disordered = self.parties[OURS][1].disordered
        for n in range(ROUNDS):
            self._load_round(n)
        for n in range(ROUNDS):
            self._reach_round(n)
        yield from self._told_loads()
        yield from self._told_reaches()
        yield bounded("out of order, of all deliveries", "", self.parties[OURS][1].disordered - disordered, 0)

    def _order(self, n: int) -> Sequence[str]:
        """Ours and the floor side by side, each first in turn; the others after."""
        first = (FLOOR, OURS) if n % 2 else (OURS, FLOOR)
        return [*first, *(name for name in self.parties if name not in first)]

    def _load_round(self, n: int) -> None:
        self.hall.fill(HALL, 40 + COUNTERS)
        for name in self._order(n):
            self.loads.setdefault(name, []).append(saturate(*self.parties[name], SECONDS))

    def _reach_round(self, n: int) -> None:
        self.hall.fill(HALL, 40 + COUNTERS)
        for name in self._order(n):
            source, them = self.parties[name]
            calls = CALLS if name in (FLOOR, OURS) else CALLS_OF_OTHERS
            self.reaches.setdefault(name, []).append(pace(source, them, calls))

    def _told_loads(self) -> Iterator[Row]:
        cpu = {name: [load.cpu_us for load in loads] for name, loads in self.loads.items()}
        per_s = {name: [load.per_s for load in loads] for name, loads in self.loads.items()}
        goals = {FLOOR: CPU_MOST, NCHAN: CPU_NCHAN_MOST}
        for name in self._others():
            yield compared("CPU per delivery", "us", cpu[OURS], name, cpu[name], most=goals.get(name))
        least = {FLOOR: SUSTAINED_LEAST, BROADCAST: BROADCAST_LEAST}
        for name in self._others():
            yield compared("deliveries, saturated", "per s", per_s[OURS], name, per_s[name], least=least.get(name))

    def _told_reaches(self) -> Iterator[Row]:
        for name in self._others():
            for what, told in WHATS.items() if name == FLOOR else (("middle_p99_ms", MIDDLE),):
                ours, other = ([getattr(r, what) for r in self.reaches[who]] for who in (OURS, name))
                title = f"call to all viewers, {told}"
                yield compared(title, "ms", ours, name, other)
                if name == FLOOR and "p99" in what:
                    bound = REACH_MOST * median(other) + REACH_MORE_MS
                    yield bounded(f"{title} (1.3 x raw C + 3 ms)", "ms", median(ours), round(bound, 1))

    def _others(self) -> Iterator[str]:
        return (name for name in self.parties if name != OURS)
