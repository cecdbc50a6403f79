"""A server that is asked to end loses nothing and leaves nobody behind; one that is killed leaves nobody either."""

import pytest

from tests.e2e.support.hall import SERVICES, ZONE, at_work, post
from tests.support.eventually import eventually_sync
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.slow

COMMANDS = 60
#: Deaths spread over the time that a start takes.
STARTS = 12
LONGEST_START_S = 2.0


@pytest.mark.alone
async def test_ending_under_load_loses_nothing_and_is_no_fault(office: OfficeProcess) -> None:
    office.start()
    async with at_work(office, seed=1) as hall:
        for _ in range(2):
            await hall.load.goes_on(COMMANDS)
            assert office.terminate() == 0
            assert office.processes() == {}
            office.start()
        await hall.load.goes_on(COMMANDS)


def test_no_process_outlives_a_server_that_is_killed_with_its_group(office: OfficeProcess) -> None:
    office.start()
    assert len(office.processes()) > 1
    office.kill_group()
    assert eventually_sync(lambda: not office.processes())


def test_the_store_of_a_killed_server_is_never_started_beside_another(office: OfficeProcess) -> None:
    office.start()
    for _ in range(3):
        office.kill_server()
        office.start()
        assert list(office.processes().values()).count("valkey-server") == 1


def test_a_server_killed_while_it_starts_leaves_what_the_next_one_needs(office: OfficeProcess) -> None:
    office.start()
    kiosk, wish = office.token("device", ZONE), {"service": SERVICES[0]}
    first = post(office, kiosk, "/tickets", wish, "key-first")
    office.kill_both()
    for started in range(1, STARTS + 1):
        office.die_while_starting(started * LONGEST_START_S / STARTS)
    office.start()
    assert list(office.processes().values()).count("valkey-server") == 1
    assert post(office, kiosk, "/tickets", wish, "key-first").content == first.content
    assert post(office, kiosk, "/tickets", wish, "key-second").json()["ticket"]["number"] == "A002"
