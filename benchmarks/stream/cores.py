"""Who runs where, and what it costs there: pinning, CPU time and memory of processes by /proc."""

import os
import resource
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: The server under test has the first core alone; clients and this driver share the second.
SERVER_CORE, CLIENT_CORE = 0, 1
PROC = Path("/proc")
PAGE_BYTES = resource.getpagesize()
_TCP_QUEUES, _TCP_LOCAL, _TCP_REMOTE = 4, 1, 2


def are_two() -> bool:
    return {SERVER_CORE, CLIENT_CORE} <= os.sched_getaffinity(0)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started within runs there, if there is such a core."""
    before = os.sched_getaffinity(0)
    with suppress(OSError):
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def everywhere() -> Iterator[None]:
    """What is started within has the machine as its user would."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(pids: Iterable[int], core: int) -> None:
    """Whole processes, threads included."""
    for pid in pids:
        for thread in _threads(pid):
            with suppress(OSError):
                os.sched_setaffinity(int(thread.name), {core})


def cpu_s(pids: Iterable[int]) -> float:
    """CPU time of these processes; the kernel counts it in nanoseconds."""
    return sum(int((thread / "schedstat").read_text().split()[0]) for pid in pids for thread in _threads(pid)) / 1e9


def resident_bytes(pid: int) -> int:
    return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE_BYTES


def children(pid: int) -> list[int]:
    return [int(child) for child in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def queued_bytes(server_port: int) -> list[int]:
    """What the kernel holds unsent for each connection of that server."""
    lines = [line.split() for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]]
    mine = [line for line in lines if int(line[_TCP_LOCAL].partition(":")[2], 16) == server_port]
    return [int(line[_TCP_QUEUES].partition(":")[0], 16) for line in mine if not line[_TCP_REMOTE].endswith(":0000")]


def allow_files(most: int) -> int:
    """Raises the limit of open files of this process and its children; answers what was reached."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted_hard in (max(most, hard), hard):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, wanted_hard), wanted_hard))
            break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _threads(pid: int) -> list[Path]:
    try:
        return list((PROC / str(pid) / "task").iterdir())
    except FileNotFoundError:
        return []
