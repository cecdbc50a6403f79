"""Our engine and a bare FCALL from the same client, block by block in turn, on a store without a disk: prints JSON.

python -m benchmarks.stream.references.engine_cost OFFICE
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import uvloop

from benchmarks.stream.references.moves import COUNTER, bare_moves, issue_of, next_of
from queue_core.domain.commands import Command, OpenCounter
from queue_core.domain.model import ZoneId
from queue_core.engine import Engine, Once
from queue_core.office_file import load_office
from queue_core.store.connection import connect
from queue_core.store.zone import ZoneStore
from tests.support.valkey import running_server

OURS, BARE = ZoneId("hall"), ZoneId("bare")
BLOCKS, COMMANDS = 8, 250


async def main(url: str, office_path: Path) -> dict[str, list[tuple[float, float]]]:
    """Per block the CPU and the wall microseconds of a command."""
    office = load_office(office_path)
    client = connect(url)
    engine = Engine({OURS: office[OURS]}, {OURS: ZoneStore(client, OURS)})
    await engine.open()
    keys = count()

    async def do(command: Command) -> None:
        await engine.do(OURS, command, Once("bench", f"{next(keys):032d}"))

    await do(OpenCounter(COUNTER))
    bare = await bare_moves(url, office, BARE)
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "bare_issue": bare.issue,
        "issue": lambda: do(issue_of(engine, OURS)),
        "bare_call": bare.call,
        "call": lambda: do(next_of()),
    }
    for way in ways.values():
        await _block(way)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for block in range(BLOCKS):
        for pair in (("bare_issue", "issue"), ("bare_call", "call")):
            for name in pair if block % 2 else pair[::-1]:
                taken[name].append(await _block(ways[name]))
    await client.aclose()
    await bare.client.aclose()
    return taken


async def _block(way: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    for _ in range(COMMANDS):
        await way()
    return 1e6 * (time.process_time() - cpu_s) / COMMANDS, 1e6 * (time.perf_counter() - wall_s) / COMMANDS


if __name__ == "__main__":
    with running_server("valkey") as server, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(main(server.url, Path(sys.argv[1])))))
