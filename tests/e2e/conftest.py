"""An office for each test, and one that stays."""

from collections.abc import Iterator

import pytest

from tests.support.office_process import OfficeProcess, office_process


@pytest.fixture
def office() -> Iterator[OfficeProcess]:
    """Not started yet."""
    with office_process() as process:
        yield process
