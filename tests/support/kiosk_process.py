"""What stands at a visitor's hand, as real processes: the kiosk's agent, and a printer without paper."""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from queue_core.store.embedded.launcher import launcher_command
from tests.support.eventually import eventually_sync
from tests.support.office_process import COMMAND, LOOPBACK, OfficeProcess, free_port

WITHIN_S = 60.0
_LISTENING = re.compile(r"listening on (tcp://\S+),")


@dataclass
class AgentProcess:
    """Started again and again on the same folder and port. `printer` is where its printer listens, or nothing.
    `lends`: its kiosk has numbers for an outage."""

    office: OfficeProcess
    kiosk: str
    folder: Path
    token: Path
    port: int
    printer: str = ""
    lends: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/kiosk/{self.kiosk}"

    @property
    def log_path(self) -> Path:
        return self.token.with_name("agent.log")

    def start(self) -> None:
        where = ["--server", self.office.address, "--kiosk", self.kiosk, "--data", str(self.folder)]
        how = ["--port", str(self.port), *(["--printer", self.printer] if self.printer else [])]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WARTEZONE_")}
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                launcher_command(COMMAND, ["kiosk-agent", *where, *how], signal.SIGKILL),
                env={**environment, "WARTEZONE_DEVICE_TOKEN_FILE": str(self.token)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        eventually_sync(self.answers, within_s=WITHIN_S)

    def answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return self.get("/agent/state").is_success
        return False

    def wait_until_ready(self) -> None:
        """It has numbers and a page for an outage, and its printer, if any, has spoken."""

        def is_so() -> bool:
            told = self.state()
            is_printing = told["printer"]["state"] == "ready" or not self.printer
            is_ready = (
                (told["emergency_left"] or not self.lends) and is_printing and (self.folder / "copies/page").exists()
            )
            assert is_ready, told
            return True

        eventually_sync(is_so, WITHIN_S)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        assert self.process
        self.process.terminate()
        return self.process.wait(WITHIN_S)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://{LOOPBACK}:{self.port}{path}", timeout=WITHIN_S)

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = self.get("/agent/state").json()
        return told


@contextmanager
def agent_process(
    office: OfficeProcess,
    folder: Path,
    *,
    zone: str = "demo",
    kiosk: str = "entrance",
    printer: str = "",
    lends: bool = True,
) -> Iterator[AgentProcess]:
    """Ready for an outage. The office runs."""
    token = folder / "token"
    token.write_text(office.token("device", zone))
    agent = AgentProcess(office, kiosk, folder / "agent", token, free_port(), printer, lends)
    agent.start()
    try:
        agent.wait_until_ready()
        yield agent
    finally:
        agent.kill()


@dataclass(frozen=True)
class PrinterProcess:
    address: str
    papers: Path
    process: subprocess.Popen[str]

    def become(self, mood: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{mood}\n")
        self.process.stdin.flush()

    def printed(self) -> int:
        """How many tickets it has cut off."""
        return len(list(self.papers.glob("*.png")))


@contextmanager
def printer_process(papers: Path) -> Iterator[PrinterProcess]:
    """`wartezone printer fake`, which keeps its tickets as pictures."""
    process = subprocess.Popen(
        launcher_command(COMMAND, ["printer", "fake", "--port", "0", "--save", str(papers)], signal.SIGKILL),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        found = _LISTENING.search(process.stdout.readline())
        assert found, "the printer did not say where it listens"
        yield PrinterProcess(found[1], papers, process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        assert process.stdin
        process.stdin.close()
