"""The agent as a process beside a real server process: killed, and started again."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.eventually import eventually_sync
from tests.support.kiosk_process import WITHIN_S, AgentProcess, agent_process
from tests.support.office_process import COMMAND, OfficeProcess, office_process
from tests.support.web_server import free_listener

pytestmark = pytest.mark.alone

SERVICE = "question"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[AgentProcess]:
    with office_process(log_level="warning") as office:
        office.start()
        with agent_process(office, tmp_path) as found:
            yield found


def draw(agent: AgentProcess, key: str) -> dict[str, Any]:
    url = f"{agent.page}/tickets?lang=en"
    answer = httpx.post(url, json={"service": SERVICE}, headers={"Idempotency-Key": key}, timeout=WITHIN_S)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def issued(office: OfficeProcess) -> list[str]:
    """The numbers of all tickets that the server ever issued and that were not taken back."""
    events = [json.loads(line) for line in office.wartezone("export-log", "--zone", "demo").splitlines()]
    gone = {event["ticket"] for event in events if event["type"] == "cancelled"}
    return [event["number"] for event in events if event["type"] == "issued" and event["ticket"] not in gone]


def test_killed_at_any_moment_of_draws_it_gives_each_key_one_number(agent: AgentProcess) -> None:
    """The server is killed in between as well; afterwards every key has one ticket, and no ticket has no key."""
    numbers: dict[str, str] = {}
    for n in range(12):
        key = f"k{n}"
        if n == 4:
            agent.office.kill_server()
        if n == 9:
            agent.office.start()
        numbers[key] = draw(agent, key)["number"]
        if n % 3 == 1:
            agent.kill()
            agent.start()
        assert draw(agent, key)["number"] == numbers[key]
    eventually_sync(lambda: agent.state()["server"] == "up", WITHIN_S)
    last = draw(agent, "last")["number"]
    eventually_sync(lambda: set(issued(agent.office)) == {*numbers.values(), last}, WITHIN_S)
    assert len(set(numbers.values())) == len(numbers)
    assert len(issued(agent.office)) == len(numbers) + 1


def test_it_shows_its_page_in_the_morning_without_a_server(agent: AgentProcess) -> None:
    agent.office.kill_server()
    agent.kill()
    agent.start()
    page = agent.get("/kiosk/entrance")
    assert page.is_success
    assert "data-kiosk" in page.text


def test_it_ends_when_it_is_told_to(agent: AgentProcess) -> None:
    begun = time.monotonic()
    agent.end()
    assert time.monotonic() - begun < WITHIN_S
    assert not agent.answers()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with free_listener() as taken:
        port = taken.getsockname()[1]
        where = ["--server", "http://127.0.0.1:9", "--kiosk", "x", "--data", str(tmp_path), "--port", str(port)]
        done = subprocess.run([COMMAND, "kiosk-agent", *where], capture_output=True, text=True, timeout=WITHIN_S)
    assert done.returncode != 0
    assert f"127.0.0.1:{port}" in done.stderr
