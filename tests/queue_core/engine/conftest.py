from collections.abc import AsyncIterator

import pytest

from tests.support.bench import Bench, bench_at


@pytest.fixture
async def bench(store_url: str) -> AsyncIterator[Bench]:
    """The zone of tests/support/zones.py on each engine's server, on a Wednesday morning, counters closed."""
    async with bench_at(store_url) as bench:
        yield bench
