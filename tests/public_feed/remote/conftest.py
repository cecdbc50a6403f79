"""An office whose zone gives numbers to whoever is at home, and asks afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from public_feed.remote.face import face as remote
from public_feed.survey.face import face as survey
from queue_core.domain.office import Remote, Survey
from tests.public_feed.street import FACES, Street, open_street
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

HOME = zone(remote=Remote(confirm_s=600, open_most=3, day_most=20, of_address=5), survey=Survey())


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, HOME, faces=[*FACES, remote, survey]) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def street(browser: Browser, valkey_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    async with open_street(browser, valkey_url, tmp_path, HOME, faces=[*FACES, remote, survey]) as opened:
        yield opened
