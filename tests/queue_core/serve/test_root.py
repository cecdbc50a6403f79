"""`wartezone serve` as real processes: how it starts, what it prints, how it ends, what it outlives."""

import http.client
import json
import os
import re
import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.support.eventually import eventually_sync
from tests.support.office_process import STOP_WITHIN_S, OfficeProcess, office_process
from tests.support.valkey import binaries, running_server

pytestmark = pytest.mark.slow

ZONE = "demo"
SERVICE = "question"
PASSWORD = "correct horse battery"
BACK_WITHIN_S = 15.0


@pytest.fixture
def office() -> Iterator[OfficeProcess]:
    with office_process(log_level="warning") as office:
        yield office


def invitations(office: OfficeProcess) -> list[str]:
    return re.findall(r"http://\S+/welcome\S*", office.log())


def draw(office: OfficeProcess, token: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    path = f"{office.address}/api/v1/zones/{ZONE}/tickets"
    return httpx.post(path, json={"service": SERVICE}, headers=headers, timeout=10).status_code


def worker_pid(office: OfficeProcess) -> int:
    """The background worker: the one process of ours that is neither the server nor a store."""
    pids = [pid for pid, name in office.processes().items() if "python" in name and pid != office.server.pid]
    assert len(pids) == 1
    return pids[0]


def test_the_admin_link_is_printed_until_there_is_an_account(office: OfficeProcess) -> None:
    office.start()
    assert f"Wartezone is ready on {office.address}" in eventually_sync(office.log)
    [link] = eventually_sync(lambda: invitations(office))
    with httpx.Client(base_url=office.address, headers={"Origin": office.address}) as browser:
        page = browser.get(link)
        assert page.status_code == http.client.OK
        form = {
            "login": "anna",
            "password": PASSWORD,
            "again": PASSWORD,
            "code": httpx.URL(link).params.get("code", ""),
        }
        made = browser.post(link, data=form)
        assert made.status_code in {http.client.OK, http.client.SEE_OTHER}, made.text
    assert office.terminate() == 0
    office.start()
    eventually_sync(lambda: office.log().count("Wartezone is ready on") == 2)
    assert invitations(office) == [link]


def test_a_token_of_the_shell_opens_the_running_server_and_the_log_is_exported_beside_it(office: OfficeProcess) -> None:
    office.start()
    token = office.wartezone("token", "create", "--role", "device", "--zone", ZONE).strip()
    assert [draw(office, token, f"key-{n}") for n in range(3)] == [http.client.CREATED] * 3
    log = [json.loads(line) for line in office.wartezone("export-log", "--zone", ZONE).splitlines()]
    assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
    assert [line["type"] for line in log][:1] + [line["type"] for line in log][-3:] == ["epoch_started"] + [
        "issued"
    ] * 3
    token_id = office.wartezone("token", "list").split("\t")[0]
    office.wartezone("token", "revoke", token_id)
    assert eventually_sync(lambda: draw(office, token, "key-9") == http.client.UNAUTHORIZED)


def test_an_invitation_of_the_shell_leads_to_the_running_server(office: OfficeProcess) -> None:
    office.start()
    link = office.wartezone("invite", "--role", "counter", "--zone", ZONE).strip()
    assert link.startswith(f"{office.address}/welcome?code=")
    assert httpx.get(link).status_code == http.client.OK


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_even_twice_ends_it_without_a_fault_and_with_all_its_children(
    office: OfficeProcess, number: signal.Signals
) -> None:
    office.start()
    eventually_sync(lambda: worker_pid(office))
    for _ in range(2):
        os.killpg(office.server.pid, number)
    assert office.server.wait(STOP_WITHIN_S) == 0
    assert office.processes() == {}
    assert "Traceback" not in office.log()


def test_a_dead_worker_delays_nobody_and_comes_back(office: OfficeProcess) -> None:
    office.start()
    token = office.token("device", ZONE)
    first = eventually_sync(lambda: worker_pid(office))
    os.kill(first, signal.SIGKILL)
    assert draw(office, token, "while-it-is-dead") == http.client.CREATED
    assert eventually_sync(lambda: worker_pid(office), BACK_WITHIN_S) != first


def test_a_store_that_fails_for_good_ends_it_with_one_line(office: OfficeProcess) -> None:
    office.start()
    manifest = office.data / "appendonlydir" / "appendonly.aof.manifest"
    manifest.write_text("not a manifest\n")
    office.kill_store()
    assert office.server.wait(STOP_WITHIN_S) == 2
    assert office.processes() == {}
    last = office.log().splitlines()[-1]
    assert last.startswith("wartezone: the log in ")
    assert last.endswith("is damaged: its manifest. Restore a backup.")


@pytest.mark.parametrize("engine", sorted(binaries()))
def test_an_existing_store_serves_by_its_address(engine: str) -> None:
    with running_server(engine) as server, office_process(redis_url=server.url, log_level="warning") as office:
        office.start()
        token = office.token("device", ZONE)
        assert draw(office, token, "key-1") == http.client.CREATED
        eventually_sync(lambda: worker_pid(office))
        assert "valkey-server" not in office.processes().values()
        assert office.terminate() == 0
        assert server.process.poll() is None
        assert office.wartezone("export-log", "--zone", ZONE).count('"type": "issued"') == 1
