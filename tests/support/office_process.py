"""A whole Wartezone as real processes: started as a user starts it, killed as life kills it.

All processes of an office have their working directory below its home; that is how they are found, and how it is
certain that none outlives a test.
"""

import asyncio
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Grant, Role
from queue_core.store.access import store_at
from queue_core.store.credentials import Credentials
from queue_core.store.embedded.launcher import launcher_command
from queue_core.store.opened import open_store
from tests.support.eventually import eventually_sync

COMMAND = Path(sys.executable).with_name("wartezone")
STORE_PROGRAM = "valkey-server"
LOOPBACK = "127.0.0.1"
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 20.0
COMMAND_WITHIN_S = 60.0
POLL_S = 0.01
PROBE_WITHIN_S = 2.0
TAIL_CHARACTERS = 4000


class NotReady(AssertionError):
    pass


@dataclass(slots=True)
class OfficeProcess:
    """One office on a free port of the loopback; `start` may be called again after each death, on the same data."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    _server: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def server(self) -> subprocess.Popen[bytes]:
        assert self._server is not None, "not started"
        return self._server

    def start(self, within_s: float = READY_WITHIN_S) -> float:
        """Starts the server and waits until it is ready; how long that took, in seconds."""
        begun = time.monotonic()
        self.spawn()
        self.wait_until_ready(within_s)
        return time.monotonic() - begun

    def spawn(self) -> None:
        """From the main thread: the server dies with the thread that started it, should the tests be killed."""
        with self._log_path.open("ab") as log:
            self._server = subprocess.Popen(
                launcher_command(COMMAND, ["serve"], signal.SIGKILL),
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self, within_s: float = READY_WITHIN_S) -> None:
        deadline = time.monotonic() + within_s
        while not self.is_ready():
            if self.server.poll() is not None:
                raise NotReady(f"the server ended with {self.server.returncode}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise NotReady(f"not ready within {within_s} s:\n{self.log_tail()}")
            time.sleep(POLL_S)

    def is_ready(self) -> bool:
        return self.status("/readyz") == http.client.OK

    def status(self, path: str) -> int | None:
        """The status of a page; None where nobody answers."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PROBE_WITHIN_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def terminate(self) -> int:
        """Asks the server to end; its exit code."""
        self.server.terminate()
        return self.server.wait(STOP_WITHIN_S)

    def die_while_starting(self, after_s: float) -> None:
        """A start that does not live longer than this."""
        self.spawn()
        with suppress(subprocess.TimeoutExpired):
            self.server.wait(after_s)
        self.kill_server()

    def kill_server(self) -> None:
        self.server.kill()
        self.server.wait()

    def kill_group(self) -> None:
        """What a shell, make or a cgroup kills at once."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def kill_store(self) -> None:
        os.kill(self.store_pid, signal.SIGKILL)

    def kill_both(self) -> None:
        self.kill_store()
        self.kill_server()

    def freeze_store(self) -> None:
        os.kill(self.store_pid, signal.SIGSTOP)

    def thaw_store(self) -> None:
        os.kill(self.store_pid, signal.SIGCONT)

    @property
    def store_pid(self) -> int:
        """The embedded Valkey, not a child of it that rewrites its log."""
        stores = {pid for pid, program in self.processes().items() if program == STORE_PROGRAM}
        masters = [pid for pid in stores if _parent(pid) not in stores]
        assert len(masters) == 1, f"stores: {masters}\n{self.log_tail()}"
        return masters[0]

    def processes(self) -> dict[int, str]:
        """Every living process of this office: pid -> name of its program."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (program := _program_below(entry, self.home)):
                found[int(entry.name)] = program
        return found

    def wartezone(self, *arguments: str) -> str:
        """What a command prints that is run beside the server, as an administrator would."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_WITHIN_S,
        )
        assert done.returncode == 0, f"wartezone {' '.join(arguments)}: {done.returncode}\n{done.stderr[-2000:]}"
        return done.stdout

    def token(self, role: str, zone: str) -> str:
        """As `wartezone token create` makes one, but without a process; also where an event loop runs already."""
        with store_at(self.data, self.settings.get("redis_url")) as url, ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, _token(url, Grant(Role(role), frozenset({ZoneId(zone)}), role))).result()

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WARTEZONE_")}
        return {
            **inherited,
            "WARTEZONE_PORT": str(self.port),
            "WARTEZONE_DATA": str(self.data),
            "WARTEZONE_KIOSK_AGENT": "false",
            **{f"WARTEZONE_{name.upper()}": value for name, value in self.settings.items()},
        }

    def log(self) -> str:
        """All that the server has printed, of all its lives."""
        return self._log_path.read_text(errors="replace") if self._log_path.exists() else ""

    def log_tail(self) -> str:
        return self.log()[-TAIL_CHARACTERS:]

    def end(self) -> None:
        """Ends whatever still lives; a frozen or hanging process too."""
        for pid in self.processes():
            _kill(pid)
        if self._server:
            self._server.kill()
            self._server.wait()
        eventually_sync(lambda: not self._kill_rest())

    def _kill_rest(self) -> dict[int, str]:
        rest = self.processes()
        for pid in rest:
            _kill(pid)
        return rest

    @property
    def _log_path(self) -> Path:
        return self.home / "server.log"


@contextmanager
def office_process(**settings: str) -> Iterator[OfficeProcess]:
    """An office that was not started yet, in a home of its own (short: a socket's path must be)."""
    home = Path(tempfile.mkdtemp(prefix="wz-office-"))
    office = OfficeProcess(home, settings)
    try:
        yield office
    except BaseException as e:
        e.add_note(f"the server's log ends so:\n{office.log_tail()}")
        raise
    finally:
        office.end()
        shutil.rmtree(home, ignore_errors=True)


async def _token(url: str, grant: Grant) -> str:
    async with open_store(url) as store:
        return await Credentials(store.client).create_token(grant, by="test")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _program_below(process: Path, home: Path) -> str | None:
    """The name of its program, if the process works below `home`; a zombie works nowhere."""
    try:
        works_in = (process / "cwd").readlink()
        return (process / "exe").readlink().name if works_in.is_relative_to(home) else None
    except OSError:
        return None


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
