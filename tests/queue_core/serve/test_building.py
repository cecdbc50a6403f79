"""A whole web process without its sockets: what is forecast is announced, shown, kept with the ticket, and counted."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from queue_core.domain.commands import Command, Issue, OpenCounter
from queue_core.domain.devices import Devices
from queue_core.domain.outcome import Outcome
from queue_core.domain.site import plain_site
from queue_core.engine import Once
from queue_core.office_file import OfficeFiles
from queue_core.serve.building import House, build
from queue_core.settings import Settings
from queue_core.store.opened import open_store
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE, zone

HALL = zone()


@pytest.fixture
async def house(valkey_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_store(valkey_url) as store:
        office = {HALL.id: HALL}
        files = OfficeFiles(plain_site(office), office, Devices(), ())
        house = build(Settings(data=tmp_path, estimate_pause_s=0.01), files, store, faces=[])
        await house.engine.open()
        parts = [asyncio.create_task(house.hub.run())]
        await house.hub.ready()
        parts += [asyncio.create_task(part) for part in (house.forecasting.run(), house.hindsight.run())]
        yield house
        await house.hub.close()
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def do(house: House, command: Command, key: str = "") -> Outcome:
    return await house.engine.do(HALL.id, command, Once("test", key) if key else None)


def shown(house: House) -> Mapping[str, int] | None:
    return house.hub.shown(HALL.id, NEW)


async def seen(house: House, seq: int) -> None:
    def told() -> bool:
        outlook = house.hub.forecast(HALL.id)
        return outlook is not None and outlook.as_of_seq >= seq

    await eventually(told)


async def test_what_was_shown_at_the_draw_is_kept_with_the_ticket_and_repeated(house: House) -> None:
    await do(house, OpenCounter(ONE))
    for n in range(8):
        await seen(house, house.hub.snapshot(HALL.id).seq)
        before = await eventually(lambda: shown(house))
        drawn = await do(house, Issue(NEW, NORMAL), f"draw-{n}")
        kept = drawn.events[0].data["estimate"]
        assert kept in (before, shown(house))
        assert kept["p10_s"] <= kept["p50_s"] <= kept["p90_s"]
        await seen(house, drawn.seq)
        again = await do(house, Issue(NEW, NORMAL), f"draw-{n}")
        assert (again.repeated, again.events) == (True, drawn.events)


async def test_figures_tell_of_forecasts_and_of_their_age(house: House) -> None:
    opened = await do(house, OpenCounter(ONE))
    await seen(house, opened.seq)
    text = house.app.state.metrics.text().decode()
    assert 'wartezone_forecasts_total{method="' in text
    assert 'wartezone_forecast_seconds_bucket{le="0.2",method="' in text
    age_s = float(text.split('wartezone_forecast_age_seconds{zone="hall"} ')[1].split()[0])
    assert 0 <= age_s < 60
    assert 'wartezone_forecast_within_ratio{zone="hall"}' not in text
