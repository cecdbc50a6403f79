"""Cases on a real store."""

from collections.abc import AsyncIterator

import pytest

from queue_core.casework.casework import CaseOffice, case_office
from queue_core.real_clock import real_ms
from queue_core.store.audit import Audit
from queue_core.store.opened import Store, open_store
from tests.support.cases import RULES


@pytest.fixture
async def store(valkey_url: str) -> AsyncIterator[Store]:
    async with open_store(valkey_url) as opened:
        yield opened


class Clock:
    def __init__(self) -> None:
        self.later_ms = 0

    def __call__(self) -> int:
        return real_ms() + self.later_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(store: Store, clock: Clock) -> CaseOffice:
    return case_office(RULES, store, b"the secret of this house, 32 bytes", Audit(store.client), clock)
