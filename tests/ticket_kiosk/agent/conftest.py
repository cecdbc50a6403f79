"""An agent between a real office and a fake printer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.ticket_kiosk.agent.rig import Rig, open_rig


@pytest_asyncio.fixture
async def rig(valkey_url: str, tmp_path: Path) -> AsyncIterator[Rig]:
    async with open_rig(valkey_url, tmp_path) as opened:
        await opened.ready()
        yield opened
