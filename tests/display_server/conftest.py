"""One building for the tests of a face, a hall of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.display_server.hall import Building, Hall, Screens, open_building, screens_in

_HALLS = 60


@pytest.fixture(scope="package")
def building() -> Iterator[Building]:
    with open_building(_HALLS) as opened:
        yield opened


@pytest.fixture
def hall(building: Building) -> Hall:
    return building.hall()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(hall: Hall, sounding_browser: Browser) -> AsyncIterator[Screens]:
    """In a browser that was set up as a display's."""
    async with screens_in(sounding_browser, hall) as opened:
        yield opened
