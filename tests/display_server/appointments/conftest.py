"""A small building whose halls give appointments."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.display_server.hall import Building, Hall, Screens, open_building, screens_in

_HALLS = 12


@pytest.fixture(scope="package")
def building() -> Iterator[Building]:
    with open_building(1, booked=_HALLS) as opened:
        yield opened


@pytest.fixture
def hall(building: Building) -> Hall:
    return building.booked_hall()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(hall: Hall, browser: Browser) -> AsyncIterator[Screens]:
    async with screens_in(browser, hall) as opened:
        yield opened
