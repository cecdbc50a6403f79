"""An office with a kiosk, and the kiosk in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.web_office import WebOffice, open_web_office
from tests.ticket_kiosk.terminal import Terminal, open_terminal, open_visit
from ticket_kiosk.face import face


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as opened:
        yield opened


@pytest_asyncio.fixture
async def terminal(valkey_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with open_terminal(valkey_url, tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture
async def visit(valkey_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with open_visit(valkey_url, tmp_path) as opened:
        yield opened
