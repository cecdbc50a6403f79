"""What a job works with, and how it gets that."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from queue_core.domain.cases import CaseRules
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Office
from queue_core.engine import Engine
from queue_core.office_file import default_config, read_office
from queue_core.settings import Settings, load_settings
from queue_core.store.access import store_at
from queue_core.store.opened import Store, open_store
from queue_core.store.records import Records


@dataclass(frozen=True, slots=True)
class Bench:
    """What a job works with."""

    settings: Settings
    office: Office
    store: Store
    engine: Engine
    cases: CaseRules

    def records(self, zone: ZoneId) -> Records:
        configured = self.office.get(zone)
        places = {place.id: place.services for place in configured.counters.values()} if configured else None
        return Records(self.store.client, zone, places, sessions=self.settings.archive_sessions)


def run(job: Callable[[Bench], Awaitable[None]]) -> None:
    asyncio.run(_on_bench(job))


async def _on_bench(job: Callable[[Bench], Awaitable[None]]) -> None:
    settings = load_settings()
    files = read_office(settings.config or default_config())
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            engine = Engine(files.office, store.zones(files.office))
            await job(Bench(settings, files.office, store, engine, files.site.cases))
