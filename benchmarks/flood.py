"""Many requests of one address, as fast as they are answered, from a process of its own: python -m benchmarks.flood

For each line on its input, which names what is asked, it asks `FLOOD` times by `CONNECTIONS` connections and then
prints how often each status was answered. It builds and parses next to nothing, and whatever else runs on its core goes
first: it is to take the server's time, not that of the client which is measured beside it.
"""

import os
import re
import selectors
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

FLOOD, CONNECTIONS = 500, 10
#: Another address of the loopback than everybody else's.
OUTSIDE = "127.0.0.2"
GIVING_WAY = 19
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_BODY = b"service=new"
_READ_BYTES = 1 << 16


def requests_of(zone: str, host: str) -> dict[str, bytes]:
    """What may be asked: a number from home, the page where numbers are drawn."""
    form = f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(_BODY)}\r\n\r\n".encode() + _BODY
    draw, page = (f"{method} /z/{zone}/draw HTTP/1.1\r\nhost: {host}\r\n".encode() for method in ("POST", "GET"))
    return {"draw": draw + form, "page": page + b"\r\n"}


@dataclass(slots=True)
class Asker:
    """One connection with one request under way."""

    line: socket.socket
    received: bytes = b""

    def status(self) -> int | None:
        """Of the answer, when it is whole; then it is forgotten."""
        self.received += self.line.recv(_READ_BYTES)
        head, found, body = self.received.partition(_HEAD_END)
        length = _LENGTH.search(head)
        if not found or (length and len(body) < int(length[1])):
            return None
        self.received = b""
        return int(head.split(None, 2)[1])


class Flood:
    """A running flood process, as the driver sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdin
        assert process.stdout
        self._to, self._from = process.stdin, process.stdout
        self._done = selectors.DefaultSelector()
        self._done.register(self._from, selectors.EVENT_READ)

    def begin(self, what: str) -> None:
        print(what, file=self._to, flush=True)

    @property
    def is_under_way(self) -> bool:
        return not self._done.select(0)

    def answers(self) -> Counter[int]:
        return Counter(int(status) for status in self._from.readline().split())


@contextmanager
def flood_process(port: int, zone: str) -> Iterator[Flood]:
    command = [sys.executable, "-m", "benchmarks.flood", str(port), zone]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Flood(process)
        finally:
            process.kill()


def main() -> None:
    os.nice(GIVING_WAY)
    port, zone = int(sys.argv[1]), sys.argv[2]
    known = requests_of(zone, f"127.0.0.1:{port}")
    with selectors.DefaultSelector() as ready:
        for _ in range(CONNECTIONS):
            line = socket.create_connection(("127.0.0.1", port), source_address=(OUTSIDE, 0))
            ready.register(line, selectors.EVENT_READ, Asker(line))
        for line_in in sys.stdin:
            print(*_flooded(ready, known[line_in.strip()]), flush=True)


def _flooded(ready: selectors.BaseSelector, request: bytes) -> list[int]:
    answers: list[int] = []
    askers: list[Asker] = [key.data for key in ready.get_map().values()]
    for asker in askers:
        asker.line.sendall(request)
    left = FLOOD - len(askers)
    while len(answers) < FLOOD:
        for key, _ in ready.select():
            status = key.data.status()
            if status is None:
                continue
            answers.append(status)
            if left:
                left -= 1
                key.data.line.sendall(request)
    return answers


if __name__ == "__main__":
    main()
