"""The agent as a process beside a real server process: killed, and started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.store.embedded.launcher import launcher_command
from tests.support.eventually import eventually_sync
from tests.support.office_process import OfficeProcess, free_port, office_process
from tests.support.web_server import free_listener

pytestmark = pytest.mark.alone

RUN = "from ticket_kiosk.agent.command import kiosk_agent; import typer; typer.run(kiosk_agent)"
SERVICE = "question"
WITHIN_S = 60.0


@dataclass
class Agent:
    office: OfficeProcess
    folder: Path
    token: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        where = ["--server", self.office.address, "--kiosk", "entrance", "--data", str(self.folder)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WARTEZONE_")}
        self.process = subprocess.Popen(
            launcher_command(Path(sys.executable), ["-c", RUN, *where, "--port", str(self.port)], signal.SIGKILL),
            env={**environment, "WARTEZONE_DEVICE_TOKEN_FILE": str(self.token), "WARTEZONE_LOG_LEVEL": "error"},
            stdout=subprocess.DEVNULL,
        )
        eventually_sync(self.answers, within_s=WITHIN_S)

    def answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return self.get("/agent/state").is_success
        return False

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        assert self.process
        self.process.terminate()
        return self.process.wait(WITHIN_S)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=WITHIN_S)

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = self.get("/agent/state").json()
        return told

    def draw(self, key: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/kiosk/entrance/tickets?lang=en"
        answer = httpx.post(url, json={"service": SERVICE}, headers={"Idempotency-Key": key}, timeout=WITHIN_S)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with office_process(log_level="warning") as office:
        office.start()
        token = tmp_path / "token"
        token.write_text(office.token("device", "demo"))
        found = Agent(office, tmp_path / "agent", token, free_port())
        found.start()
        try:
            eventually_sync(
                lambda: found.state()["emergency_left"] and (found.folder / "copies/page").exists(), WITHIN_S
            )
            yield found
        finally:
            found.kill()


def issued(office: OfficeProcess) -> list[str]:
    """The numbers of all tickets that the server ever issued and that were not taken back."""
    events = [json.loads(line) for line in office.wartezone("export-log", "--zone", "demo").splitlines()]
    gone = {event["ticket"] for event in events if event["type"] == "cancelled"}
    return [event["number"] for event in events if event["type"] == "issued" and event["ticket"] not in gone]


def test_killed_at_any_moment_of_draws_it_gives_each_key_one_number(agent: Agent) -> None:
    """The server is killed in between as well; afterwards every key has one ticket, and no ticket has no key."""
    numbers: dict[str, str] = {}
    for n in range(12):
        key = f"k{n}"
        if n == 4:
            agent.office.kill_server()
        if n == 9:
            agent.office.start()
        numbers[key] = agent.draw(key)["number"]
        if n % 3 == 1:
            agent.kill()
            agent.start()
        assert agent.draw(key)["number"] == numbers[key]
    eventually_sync(lambda: agent.state()["server"] == "up", WITHIN_S)
    last = agent.draw("last")["number"]
    eventually_sync(lambda: set(issued(agent.office)) == {*numbers.values(), last}, WITHIN_S)
    assert len(set(numbers.values())) == len(numbers)
    assert len(issued(agent.office)) == len(numbers) + 1


def test_it_shows_its_page_in_the_morning_without_a_server(agent: Agent) -> None:
    agent.office.kill_server()
    agent.kill()
    agent.start()
    page = agent.get("/kiosk/entrance")
    assert page.is_success
    assert "data-kiosk" in page.text


def test_it_ends_when_it_is_told_to(agent: Agent) -> None:
    begun = time.monotonic()
    agent.end()
    assert time.monotonic() - begun < WITHIN_S
    assert not agent.answers()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with free_listener() as taken:
        port = taken.getsockname()[1]
        where = ["--server", "http://127.0.0.1:9", "--kiosk", "x", "--data", str(tmp_path), "--port", str(port)]
        done = subprocess.run([sys.executable, "-c", RUN, *where], capture_output=True, text=True, timeout=WITHIN_S)
    assert done.returncode != 0
    assert f"127.0.0.1:{port}" in done.stderr
