"""A store that hangs: callers are told so in time, and what they repeat happens once."""

import asyncio
import time

import httpx
import pytest

from tests.e2e.support import ledger
from tests.e2e.support.client import Client, Tally, http_client
from tests.e2e.support.hall import SERVICES, ZONE, exported
from tests.support.eventually import eventually
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.alone

CALLERS = 8
TOLD_WITHIN_S = 5.0
BACK_WITHIN_S = 3.0


async def test_a_frozen_store_is_told_within_seconds_and_forgotten_when_it_thaws(office: OfficeProcess) -> None:
    office.start()
    async with http_client(office.address) as http:
        client = Client(http, ZONE, office.token("device", ZONE), Tally())
        keys, wish = [client.key() for _ in range(CALLERS)], {"service": SERVICES[0]}
        office.freeze_store()
        answers = await asyncio.gather(*(client.once("/tickets", wish, key) for key in keys))
        assert {answer.status for answer in answers} == {httpx.codes.SERVICE_UNAVAILABLE}
        assert all(answer.headers["Retry-After"].isdigit() for answer in answers)
        print("told after", ", ".join(f"{answer.took_s:.2f} s" for answer in answers))
        assert max(answer.took_s for answer in answers) <= TOLD_WITHIN_S
        await eventually(lambda: office.status("/readyz") == httpx.codes.SERVICE_UNAVAILABLE)

        office.thaw_store()
        thawed = time.monotonic()
        settled = await asyncio.gather(*(client.settle("/tickets", wish, key) for key in keys))
        assert {answer.status for answer in settled} == {httpx.codes.CREATED}
        await eventually(office.is_ready)
        assert time.monotonic() - thawed <= BACK_WITHIN_S
    drawn = {answer.json["ticket"]["id"] for answer in settled}
    log = exported(office)
    assert {e["ticket"] for e in log if e["type"] == "issued"} == drawn
    assert [e["type"] for e in log].count("issued") == len(drawn) == CALLERS
    assert ledger.gaps(log) == []
