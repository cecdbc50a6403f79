"""A hall whose desks ask for reasons and outcomes."""

from collections.abc import AsyncIterator

import pytest

from tests.display_server.hall import Building, Hall, Screens, open_screens


@pytest.fixture
def worded(building: Building) -> Hall:
    return building.worded_hall()


@pytest.fixture
async def worded_screens(worded: Hall) -> AsyncIterator[Screens]:
    async with open_screens(worded) as opened:
        yield opened
