"""How long people have waited today, read from the log as far as it has come."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from queue_core.day_so_far import DaySoFar
from queue_core.domain.principal import Role
from queue_core.estimate.rhythm import FEWEST_VISITS
from tests.support.web_office import WebOffice, open_web_office


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path) as opened:
        yield opened


async def serve(office: WebOffice, visitors: int) -> None:
    for _ in range(visitors):
        await office.draw()
    for _ in range(visitors):
        answer = await office.command("counters/1/call-next", {"current": "finish"}, role=Role.COUNTER)
        assert answer.is_success, answer.text


async def test_before_anybody_was_called_nothing_is_told(office: WebOffice) -> None:
    await office.draw()
    assert await office.engine.today(office.zone.id) == {}


async def test_it_goes_on_where_it_had_come_to(office: WebOffice) -> None:
    await office.command("counters/1/open", role=Role.COUNTER)
    so_far = DaySoFar(office.hindsight, fresh_s=0)
    await serve(office, FEWEST_VISITS - 1)
    assert not any((await so_far.of(office.zone)).values()), "that many may be known to somebody"
    await serve(office, 1)
    assert any((await so_far.of(office.zone)).values())


async def test_many_who_ask_at_once_read_the_log_once_in_a_while(office: WebOffice) -> None:
    await office.command("counters/1/open", role=Role.COUNTER)
    so_far = DaySoFar(office.hindsight)
    first = await so_far.of(office.zone)
    await serve(office, FEWEST_VISITS)
    assert await so_far.of(office.zone) is first


async def test_without_hindsight_nothing_is_known(office: WebOffice) -> None:
    assert await DaySoFar(None).of(office.zone) == {}
