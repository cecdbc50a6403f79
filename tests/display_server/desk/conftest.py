"""A building whose desks are tried, partly such that ask for reasons and outcomes, in one browser for all tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.display_server.hall import Building, Hall, Screens, open_building, screens_in

_HALLS, _WORDED_HALLS = 60, 30


@pytest.fixture(scope="package")
def building() -> Iterator[Building]:
    with open_building(_HALLS, _WORDED_HALLS) as opened:
        yield opened


@pytest.fixture
def worded(building: Building) -> Hall:
    return building.worded_hall()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(hall: Hall, browser: Browser) -> AsyncIterator[Screens]:
    async with screens_in(browser, hall) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def worded_screens(worded: Hall, browser: Browser) -> AsyncIterator[Screens]:
    async with screens_in(browser, worded) as opened:
        yield opened
