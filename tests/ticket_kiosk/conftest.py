"""An office with a kiosk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.web_office import WebOffice, open_web_office
from ticket_kiosk.face import face


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as opened:
        yield opened
