"""An office with the pages for everybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.public_feed.street import FACES, Street, open_street
from tests.support.web_office import WebOffice, open_web_office


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    async with open_street(browser, valkey_url, tmp_path) as opened:
        yield opened
