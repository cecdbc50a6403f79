"""Cases on a real store."""

from collections.abc import AsyncIterator

import pytest

from queue_core.casework.casework import CaseOffice, case_office
from queue_core.store.audit import Audit
from queue_core.store.opened import Store, open_store
from tests.support.cases import RULES


@pytest.fixture
async def store(valkey_url: str) -> AsyncIterator[Store]:
    async with open_store(valkey_url) as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> CaseOffice:
    return case_office(RULES, store, b"the secret of this house, 32 bytes", Audit(store.client))
