"""One building for a whole test run, a hall of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.display_server.hall import WITH_SOUND, Building, Hall, Screens, open_building, open_screens


@pytest.fixture(scope="session")
def building() -> Iterator[Building]:
    with open_building() as opened:
        yield opened


@pytest.fixture
def hall(building: Building) -> Hall:
    return building.hall()


@pytest.fixture
async def screens(hall: Hall) -> AsyncIterator[Screens]:
    """A browser that was set up as a display's: sound needs no gesture."""
    async with open_screens(hall, WITH_SOUND) as opened:
        yield opened
