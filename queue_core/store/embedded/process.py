"""The server's process: our own child, or an orphan that an earlier parent left behind."""

import contextlib
import os
import signal
import subprocess
import time
from typing import Protocol

from queue_core.store.embedded.lock import FileLock

POLL_S = 0.005


class ServerProcess(Protocol):
    @property
    def pid(self) -> int: ...
    @property
    def exit_code(self) -> int | None: ...
    def alive(self) -> bool: ...
    def send(self, number: signal.Signals) -> None: ...


class Child:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)


class Orphan:
    """No child of ours, so we cannot wait for it: it lives as long as it holds its lock."""

    exit_code = None

    def __init__(self, pid: int, lock: FileLock) -> None:
        self.pid = pid
        self._lock = lock

    def alive(self) -> bool:
        return not self._lock.is_free()

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def end(process: ServerProcess, within_s: float) -> None:
    """Ask it to write what it holds and go; kill it where it does not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + within_s
        if process.alive():
            process.send(number)
        while process.alive() and time.monotonic() < deadline:
            time.sleep(POLL_S)


def end_leftovers(pid: int) -> None:
    """Kill what a dead server left in its session: a rewriting of its log, which would hold its lock until done."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    except PermissionError:
        return  # somebody else's by now
