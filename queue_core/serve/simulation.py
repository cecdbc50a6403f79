"""Office days in a throw-away store, on a clock of their own: nothing of a real office is touched."""

import json
import tempfile
from pathlib import Path

from queue_core.domain.office import Zone
from queue_core.engine import Engine
from queue_core.simulate.ids import SeededIds
from queue_core.simulate.office import DayPlayed, simulate
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records


async def play_alone(zone: Zone, days: int, seed: int, from_ms: int, log: Path | None) -> list[DayPlayed]:
    """Plays the zone's next `days` open days from `from_ms`; the log, as JSON lines, goes to `log`."""
    with tempfile.TemporaryDirectory(prefix="wartezone-") as folder:
        embedded = EmbeddedStore(Path(folder))
        embedded.start()
        try:
            async with open_store(embedded.url) as store:
                engine = Engine({zone.id: zone}, store.zones([zone.id]), ids=SeededIds(str(seed)))
                played = await simulate(engine, zone, days, seed, from_ms)
                if log:
                    await _write(store, zone, log)
                return played
        finally:
            embedded.stop()


async def _write(store: Store, zone: Zone, log: Path) -> None:
    with log.open("w", encoding="utf-8") as file:
        async for event in Records(store.client, zone.id).export():
            file.write(json.dumps(event.to_json(), ensure_ascii=False) + "\n")
