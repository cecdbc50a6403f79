"""Issuing by 1, 10 and 50 writers at once, every write synced to disk: python -m benchmarks.writers

Ours is the engine, which sends what waits together; the reference is the same FCALL by each writer for itself, through
the pool of the same client, its reply not even read. In turn, on one server. CPU is that of this process alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import uvloop

from benchmarks.engine import ZONE, A
from benchmarks.rows import Row, compared, table
from benchmarks.stream.references.moves import COUNTER, SERVICE, bare_moves, issue_of
from queue_core.domain.model import ZoneId
from queue_core.domain.office import CounterPlace, Office, Service, Zone
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from queue_core.store.zone import ZoneStore
from tests.support.valkey import running_server
from tests.support.zones import text

OURS, BARE = ZoneId("ours"), ZoneId("bare")
WRITERS = (1, 10, 50)
ROUNDS, COMMANDS = 5, 1_000
CPU_MOST = 1.3

Way = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Taken:
    cpu_us: float
    per_s: float


async def run(url: str, zones: Office) -> Sequence[Row]:
    client = connect(url)
    engine = Engine({OURS: zones[OURS]}, {OURS: ZoneStore(client, OURS)})
    await engine.open()
    bare = await bare_moves(url, zones, BARE)
    keys = count()

    async def issue() -> None:
        await engine.do(OURS, issue_of(engine, OURS), Once("benchmark", str(next(keys))))

    rows = [row for writers in WRITERS for row in _told(writers, *await _in_turn(issue, bare.issue, writers))]
    await client.aclose()
    await bare.client.aclose()
    return rows


async def _in_turn(ours: Way, theirs: Way, writers: int) -> tuple[list[Taken], list[Taken]]:
    taken: dict[Way, list[Taken]] = {ours: [], theirs: []}
    for way in taken:
        await _round(way, writers, COMMANDS // ROUNDS)
    for n in range(ROUNDS):
        for way in (ours, theirs) if n % 2 else (theirs, ours):
            taken[way].append(await _round(way, writers, COMMANDS))
    return taken[ours], taken[theirs]


async def _round(way: Way, writers: int, commands: int) -> Taken:
    async def write() -> None:
        for _ in range(commands // writers):
            await way()

    cpu_s, wall_s = time.process_time(), time.perf_counter()
    await asyncio.gather(*(write() for _ in range(writers)))
    cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    return Taken(1e6 * cpu_s / commands, commands / wall_s)


def _told(writers: int, ours: Sequence[Taken], bare: Sequence[Taken]) -> Iterator[Row]:
    name, rival = f"issue, {writers} writers", "bare FCALL by the pool"
    yield compared(f"{name}, CPU", "us", [t.cpu_us for t in ours], rival, [t.cpu_us for t in bare], most=CPU_MOST)
    yield compared(name, "per s", [t.per_s for t in ours], rival, [t.per_s for t in bare])


def main() -> None:
    with (
        running_server("valkey", "--appendonly", "yes", "--appendfsync", "always") as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        print(table(runner.run(run(server.url, {zone: _zone(zone) for zone in (OURS, BARE)}))))


def _zone(zone: ZoneId) -> Zone:
    service = Service(SERVICE, text("Visit"), A, minutes=5)
    counter = CounterPlace(COUNTER, text("Counter"), (SERVICE,))
    return replace(ZONE, id=zone, services={SERVICE: service}, counters={COUNTER: counter})


if __name__ == "__main__":
    main()
