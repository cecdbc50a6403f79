"""An office of several web processes, from outside: which there are, and whose a connection is."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.eventually import eventually_sync
from tests.support.office_process import LOOPBACK, OfficeProcess

PROC = Path("/proc")
_TRIES = 64
_REMOTE, _INODE = 2, 9
_WEB = (b"queue_core", b"web")


def started(office: OfficeProcess) -> None:
    """Until every web process serves, not only the first."""
    told = office.log().count("is ready on")
    office.start()
    eventually_sync(lambda: office.log().count("is ready on") > told, 30)


def web_pids(office: OfficeProcess) -> set[int]:
    return {pid for pid in office.processes() if _words(pid)[-3:-1] == _WEB}


class Line:
    """A kept connection of a client: all its requests go to one process."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
        self._http.connect()

    @property
    def local_port(self) -> int:
        return int(self._http.sock.getsockname()[1])

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        token: str = "",
        key: str = "",
        seat: str = "",
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Wartezone-Seat": seat} if seat else {}
        self._http.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._http.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._http.close()


@contextmanager
def a_line_to_each(office: OfficeProcess) -> Iterator[dict[int, Line]]:
    """One connection to every web process: the kernel deals them out, so open until all were met."""
    lines: dict[int, Line] = {}
    spare: list[Line] = []
    try:
        pids = web_pids(office)
        for _ in range(_TRIES):
            line = Line(office.port)
            owner = eventually_sync(partial(owner_of, line.local_port, pids))
            assert owner is not None
            if owner in lines:
                spare.append(line)
            else:
                lines[owner] = line
            if len(lines) == len(pids):
                break
        yield lines
    finally:
        for line in (*lines.values(), *spare):
            line.close()


def owner_of(client_port: int, pids: set[int]) -> int | None:
    """Which of these processes has accepted the connection from that port of the loopback."""
    mine = {inode for remote, inode in _connections() if remote == client_port}
    return next((pid for pid in pids if mine & _sockets(pid)), None)


def _connections() -> Iterator[tuple[int, str]]:
    for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]:
        columns = line.split()
        yield int(columns[_REMOTE].partition(":")[2], 16), columns[_INODE]


def _sockets(pid: int) -> set[str]:
    found = set()
    for descriptor in (PROC / str(pid) / "fd").iterdir():
        try:
            kind, _, inode = str(descriptor.readlink()).partition(":")
        except FileNotFoundError:
            continue
        if kind == "socket":
            found.add(inode.strip("[]"))
    return found


def _words(pid: int) -> tuple[bytes, ...]:
    try:
        return tuple((PROC / str(pid) / "cmdline").read_bytes().rstrip(b"\0").split(b"\0"))
    except FileNotFoundError:
        return ()
