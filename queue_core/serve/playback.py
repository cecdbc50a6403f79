"""A recorded log played again: in a throw-away store at once, or live through the API of a running server."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from queue_core.domain.calendar import business_day
from queue_core.domain.clock import ZoneClock
from queue_core.domain.events import Event
from queue_core.domain.frame import begin_epoch
from queue_core.domain.office import Zone
from queue_core.engine import Engine
from queue_core.evaluate.playback import Played, Report, moved_ms, play_log, weeks_ahead
from queue_core.filling import Filling
from queue_core.real_clock import real_ms
from queue_core.serve.demo import simulated_people
from queue_core.serve.simulation import write_log
from queue_core.settings import Settings
from queue_core.simulate.engine_port import EnginePort
from queue_core.simulate.http_port import HttpPort
from queue_core.simulate.ids import SeededIds
from queue_core.simulate.office import TIMEOUT_S
from queue_core.store.access import store_at
from queue_core.store.credentials import Credentials
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.opened import open_store
from queue_core.store.zone import Stamp

_NAME = "replay"


async def replay_alone(zone: Zone, events: Sequence[Event], log: TextIO | None) -> Played:
    """Plays the log in a store of its own, weeks later at the same weekday and time; what came of it goes to `log`."""
    with tempfile.TemporaryDirectory(prefix="wartezone-") as folder:
        embedded = EmbeddedStore(Path(folder))
        embedded.start()
        try:
            async with open_store(embedded.url) as store:
                await store.forego_disk()
                stores, ids = store.zones([zone.id]), SeededIds(_NAME)
                weeks = weeks_ahead(zone, events[0].at_ms, (await stores[zone.id].read()).now_ms)
                start_ms = moved_ms(zone, events[0].at_ms, weeks)
                await stores[zone.id].set_clock(start_ms, 0.0)
                epoch = begin_epoch(business_day(zone, start_ms), "fresh", after_epoch=start_ms // 1000 - 1)
                await stores[zone.id].run(epoch, Stamp(ids.command(), epoch.day), ())
                port = EnginePort(Engine({zone.id: zone}, stores, Filling(ids=ids)), zone.id, _NAME)
                with _bar(len(events)) as report:
                    played = await play_log(events, zone, port, _NAME, weeks, report)
                if log:
                    await write_log(store, zone, log)
                return played
        finally:
            embedded.stop()


async def replay_over(settings: Settings, zone: Zone, events: Sequence[Event], base_url: str, rate: float) -> Played:
    """Plays the log through the API at `base_url`, whose data `settings` name: the zone's clock is wound there."""
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            clocks = Engine({zone.id: zone}, store.zones([zone.id]))
            weeks = weeks_ahead(zone, events[0].at_ms, await clocks.set_clock(zone.id, 0, rate))
            start_ms = moved_ms(zone, events[0].at_ms, weeks)
            name = f"{_NAME}-{secrets.token_hex(4)}"
            async with simulated_people(Credentials(store.client), [zone]) as token:
                headers = {"Authorization": f"Bearer {token}"}
                async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=TIMEOUT_S) as client:
                    clock = ZoneClock(await clocks.set_clock(zone.id, start_ms, rate), real_ms(), rate)
                    with _bar(len(events)) as report:
                        return await play_log(events, zone, HttpPort(client, zone.id, clock, name), name, weeks, report)


@contextmanager
def _bar(many: int) -> Iterator[Report]:
    columns = (TextColumn("events played"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=many)
        yield lambda done: progress.update(task, completed=done)
