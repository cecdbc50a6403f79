"""How long until the server is ready: on no data, on a day's log, on an endless day's."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import redis

from benchmarks.bench import Bench
from benchmarks.filler import EVENTS_A_VISIT, fill
from benchmarks.rows import Row, alone
from benchmarks.stream import cores
from benchmarks.stream.hall import LARGE, write_office
from queue_core.domain.model import ZoneId
from queue_core.office_file import load_office
from queue_core.store.embedded import EmbeddedStore
from tests.support.office_process import OfficeProcess, office_process

STARTS = 3
READY_MOST_S, ENDLESS_MOST_S = 3.0, 6.0
ENDLESS_WITHIN_S = 60.0
#: A job rewrites the store's file when its tail has grown; so much of the day came after it did.
TAIL = 0.05
#: An endless day is that of so many zones: the first is played, the others are copies of its keys.
ENDLESS_ZONES = 10
REWRITTEN_WITHIN_S, POLL_S = 60.0, 0.05


def rows(bench: Bench) -> Iterator[Row]:
    endless = bench.scale.events // EVENTS_A_VISIT
    with cores.everywhere():
        with office_process(config=str(bench.hall.config)) as office:
            yield alone("ready, empty", "s", _starts(office), "wartezone serve on no data", most=READY_MOST_S)
        yield _after(bench, bench.scale.day, 1, READY_MOST_S)
        yield _after(bench, endless, ENDLESS_ZONES, ENDLESS_MOST_S)


def _after(bench: Bench, visits: int, zones: int, most: float) -> Row:
    names = [f"{LARGE}-{n}" for n in range(zones)]
    config = write_office(bench.folder / f"day-{visits}", names)
    with office_process(config=str(config)) as office:
        _fill(office, config, names, visits)
        took_s = _starts(office)
    how = f"{visits:,} visits in {zones} zone{'s' if zones > 1 else ''}"
    return alone(f"ready after {EVENTS_A_VISIT * visits:,} events", "s", took_s, how, most=most)


def _starts(office: OfficeProcess) -> list[float]:
    took_s = []
    for _ in range(STARTS):
        took_s.append(office.start(ENDLESS_WITHIN_S))
        office.terminate()
    return took_s


def _fill(office: OfficeProcess, config: Path, names: Sequence[str], visits: int) -> None:
    first, zones, tail = ZoneId(names[0]), load_office(config), int(TAIL * visits)
    each = (visits - tail) // len(names)
    with _store(office.data) as (url, store):
        asyncio.run(fill(url, zones, first, range(each)))
        for key in list(store.scan_iter(f"{{{first}}}:*")):
            for name in names[1:]:
                store.copy(key, key.replace(first, name, 1))
        _write(store)
        asyncio.run(fill(url, zones, first, range(each, each + tail)))


@contextmanager
def _store(data: Path) -> Iterator[tuple[str, redis.Redis]]:
    """The office's own store, its disk left out."""
    embedded = EmbeddedStore(data)
    embedded.start()
    try:
        with redis.Redis.from_url(embedded.url, decode_responses=True) as store:
            store.config_set("appendonly", "no")
            yield embedded.url, store
    finally:
        embedded.stop()


def _write(store: redis.Redis) -> None:
    """From here on it has its file again, rewritten."""
    store.config_set("appendfsync", "no")
    store.config_set("appendonly", "yes")
    until = time.monotonic() + REWRITTEN_WITHIN_S
    while any(store.info("persistence")[f"aof_rewrite_{what}"] for what in ("scheduled", "in_progress")):
        if time.monotonic() > until:
            raise RuntimeError(f"the store's file was not written within {REWRITTEN_WITHIN_S:g} s")
        time.sleep(POLL_S)
