"""An agent between a real office and a fake printer."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.ticket_kiosk.agent.rig import Rig, open_rig


@pytest.fixture(scope="session")
def page_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first agent fetched for its page."""
    return tmp_path_factory.mktemp("agent") / "static"


@pytest_asyncio.fixture
async def rig(valkey_url: str, tmp_path: Path, page_files: Path) -> AsyncIterator[Rig]:
    """Its page's files are there as after a start before: to fetch each of them took half of a test's preparation."""
    own = tmp_path / "agent" / "copies" / "static"
    _link(page_files, own)
    async with open_rig(valkey_url, tmp_path) as opened:
        await opened.ready()
        _link(own, page_files)
        yield opened


def _link(there: Path, here: Path) -> None:
    """A copy's file is never written to, only replaced."""
    if there.exists() and not here.exists():
        shutil.copytree(there, here, copy_function=os.link)
