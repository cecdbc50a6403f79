"""An office for each test."""

from collections.abc import Iterator

import pytest

from tests.support.office_process import OfficeProcess, office_process


@pytest.fixture
def office() -> Iterator[OfficeProcess]:
    """Not started yet. Load comes from one address and in one burst: nobody is told to draw more slowly."""
    with office_process(draws_per_minute="0", draws_per_minute_of_address="0", log_level="warning") as process:
        yield process
        print(f"--- the server's log ends so:\n{process.log_tail()}")  # pytest shows it with a failed test
