"""What a command costs in the engine, after few and after many tickets of the day: python -m benchmarks.engine

One client, one command after another, every write synced to disk. The ratio is the cost after many tickets over the
cost after few: near 1 means that a command does not grow with the day.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from benchmarks.rows import Row, compared, share, table
from queue_core.domain.commands import CallNext, Command, Finish, Issue, OpenCounter
from queue_core.domain.model import SeriesId
from queue_core.domain.office import Series
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from queue_core.store.zone import ZoneStore
from tests.support.valkey import running_server
from tests.support.zones import NEW, NORMAL, ONE, zone

A = SeriesId("a")
ZONE = replace(zone(), series={**zone().series, A: Series(A, "A", 1, 99_999, 5)})
FEW = 10
RATIO_MOST = 1.5


class Office:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.keys = engine, 0

    async def do(self, command: Command) -> None:
        self.keys += 1
        await self.engine.do(ZONE.id, command, Once("benchmark", str(self.keys)))

    async def visit(self) -> None:
        await self.do(Issue(NEW, NORMAL))
        await self.do(CallNext(ONE))
        await self.do(Finish(ONE))

    async def measure(self, samples: int) -> Mapping[str, Sequence[float]]:
        """Milliseconds of issue, call-next and finish, one visitor waiting at a time."""
        commands: dict[str, Command] = {"issue": Issue(NEW, NORMAL), "call": CallNext(ONE), "finish": Finish(ONE)}
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(samples):
            for name, command in commands.items():
                begun = time.perf_counter()
                await self.do(command)
                taken[name].append(1000 * (time.perf_counter() - begun))
        return taken


async def run(url: str, many: int, samples: int) -> Sequence[Row]:
    client = connect(url)
    engine = Engine({ZONE.id: ZONE}, {ZONE.id: ZoneStore(client, ZONE.id)})
    await engine.open()
    office = Office(engine)
    await office.do(OpenCounter(ONE))
    for _ in range(FEW):
        await office.visit()
    few = await office.measure(samples)
    for _ in range(many - FEW - samples):
        await office.visit()
    rows = list(_told(few, await office.measure(samples), many))
    await client.aclose()
    return rows


def _told(few: Mapping[str, Sequence[float]], many: Mapping[str, Sequence[float]], tickets: int) -> Iterator[Row]:
    for name in few:
        ours, reference = [share(many[name], 0.5)], [share(few[name], 0.5)]
        yield compared(f"{name} after {tickets:,}", "ms", ours, f"after {FEW} tickets", reference, most=RATIO_MOST)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--engine", choices=("valkey", "redis"), default="valkey")
    asked = parser.parse_args()
    with running_server(asked.engine, "--appendonly", "yes", "--appendfsync", "always") as server:
        print(table(asyncio.run(run(server.url, asked.many, asked.samples))))


if __name__ == "__main__":
    main()
