"""One building for the tests of a face, a hall of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.display_server.hall import WITH_SOUND, Building, Hall, Screens, open_building, open_screens
from tests.support.browser import chromium

_HALLS = 60


@pytest.fixture(scope="package")
def building() -> Iterator[Building]:
    with open_building(_HALLS) as opened:
        yield opened


@pytest.fixture
def hall(building: Building) -> Hall:
    return building.hall()


@pytest.fixture
async def screens(hall: Hall) -> AsyncIterator[Screens]:
    """A browser that was set up as a display's: sound needs no gesture."""
    async with open_screens(hall, WITH_SOUND) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def staff_browser() -> AsyncIterator[Browser]:
    """For tests that share the session's event loop, and with it one browser."""
    async with chromium() as browser:
        yield browser
