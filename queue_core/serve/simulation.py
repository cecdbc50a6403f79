"""Office days in a throw-away store, on a clock of their own: nothing of a real office is touched."""

import json
import tempfile
from pathlib import Path
from typing import TextIO

from queue_core.domain.calendar import business_day
from queue_core.domain.frame import begin_epoch
from queue_core.domain.office import Zone
from queue_core.engine import Engine
from queue_core.filling import Filling, Ids
from queue_core.simulate.day import next_start_ms
from queue_core.simulate.ids import SeededIds
from queue_core.simulate.office import DayPlayed, simulate
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records
from queue_core.store.zone import Stamp, ZoneStore


async def play_alone(zone: Zone, days: int, seed: int, from_ms: int, log: TextIO | None) -> list[DayPlayed]:
    """Plays the zone's next `days` open days from `from_ms`; the log, as JSON lines, goes to `log`.

    One seed and one start give one log, byte for byte.
    """
    with tempfile.TemporaryDirectory(prefix="wartezone-") as folder:
        embedded = EmbeddedStore(Path(folder))
        embedded.start()
        try:
            async with open_store(embedded.url) as store:
                await store.forego_disk()
                stores, ids = store.zones([zone.id]), SeededIds(str(seed))
                await _begin(stores[zone.id], zone, from_ms, ids)
                played = await simulate(Engine({zone.id: zone}, stores, Filling(ids=ids)), zone, days, seed, from_ms)
                if log:
                    await write_log(store, zone, log)
                return played
        finally:
            embedded.stop()


async def _begin(store: ZoneStore, zone: Zone, from_ms: int, ids: Ids) -> None:
    """Begins the log at the first day's start: its epoch must not tell when somebody simulated."""
    start_ms = next_start_ms(zone, max(from_ms, (await store.read()).now_ms))
    if start_ms is not None:
        await store.set_clock(start_ms, 0.0)
        epoch = begin_epoch(business_day(zone, start_ms), "fresh", after_epoch=start_ms // 1000 - 1)
        await store.run(epoch, Stamp(ids.command(), epoch.day), ())


async def write_log(store: Store, zone: Zone, log: TextIO) -> None:
    async for event in Records(store.client, zone.id).export():
        log.write(json.dumps(event.to_json(), ensure_ascii=False) + "\n")
