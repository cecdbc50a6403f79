"""A day ends while the server is down: the next command is in the new day, and the old day ended once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from queue_core.domain.model import ZoneId
from queue_core.engine import Engine
from queue_core.office_file import default_config, load_office
from queue_core.store.access import store_at
from queue_core.store.opened import open_store
from tests.e2e.support import ledger
from tests.e2e.support.hall import COUNTERS, SERVICES, ZONE, exported, post
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.slow

HOUR_MS = 3_600_000


def sleep_over_night(data: Path) -> None:
    """The zone's clock stands an hour after the end of its business day when the server comes back."""

    async def set_clock(url: str) -> None:
        zones = load_office(default_config())
        async with open_store(url) as store:
            engine = Engine(zones, store.zones(zones))
            snapshot, _ = await engine.read(ZoneId(ZONE))
            await engine.set_clock(ZoneId(ZONE), snapshot.day_to_ms + HOUR_MS, 1.0)

    with store_at(data, None) as url:
        asyncio.run(set_clock(url))


@pytest.mark.parametrize("ends", [OfficeProcess.terminate, OfficeProcess.kill_both])
def test_a_day_that_ended_while_the_server_was_down_ends_once(
    office: OfficeProcess, ends: Callable[[OfficeProcess], object]
) -> None:
    office.start()
    kiosk, desk = office.token("device", ZONE), office.token("counter", ZONE)
    wish, counter = {"service": SERVICES[0]}, f"/counters/{COUNTERS[0]}"
    yesterday = [post(office, kiosk, "/tickets", wish, f"key-{n}").json()["ticket"] for n in range(3)]
    assert post(office, desk, f"{counter}/open", {}, "key-open").status_code == httpx.codes.OK
    assert post(office, desk, f"{counter}/call-next", {}, "key-call").status_code == httpx.codes.OK

    ends(office)
    sleep_over_night(office.data)
    office.start()

    first = post(office, kiosk, "/tickets", wish, "key-today").json()["ticket"]
    closed = post(office, desk, f"{counter}/call-next", {}, "key-call-today")
    late = post(office, kiosk, "/tickets", wish, "key-0")
    assert first["number"] == yesterday[0]["number"], "numbers begin anew"
    assert (closed.status_code, closed.json()["code"]) == (httpx.codes.CONFLICT, "counter_closed")
    assert late.json()["ticket"]["id"] == yesterday[0]["id"], "a repeat past day end is the same ticket"

    log = exported(office)
    kinds = [event["type"] for event in log]
    expired = [event["ticket"] for event in log if event["type"] == "expired"]
    assert kinds.count("day_rolled") == 1
    assert sorted(expired) == sorted(ticket["id"] for ticket in yesterday)
    assert kinds.index("day_rolled") < next(i for i, e in enumerate(log) if e.get("ticket") == first["id"])
    assert ledger.gaps(log) == []
    assert ledger.faults(log) == []
