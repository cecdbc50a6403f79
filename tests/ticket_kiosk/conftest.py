"""An office with a kiosk, and the kiosk in a browser."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone
from tests.ticket_kiosk.terminal import Terminal, VisitOf, half_a_day_from_now, open_terminal, open_visit
from ticket_kiosk.face import face


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    hall = zone(day_starts=half_a_day_from_now())
    async with open_web_office(valkey_url, tmp_path, hall, faces=[face]) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def terminal(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with open_terminal(browser, valkey_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def visit_of(browser: Browser, valkey_url: str, tmp_path: Path) -> VisitOf:
    return partial(open_visit, browser, valkey_url, tmp_path)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(visit_of: VisitOf) -> AsyncIterator[Terminal]:
    async with visit_of() as opened:
        yield opened
