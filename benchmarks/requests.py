"""Issue and call over the HTTP API, by one client."""

from collections.abc import Iterator, Sequence

from benchmarks.rows import Row, share
from benchmarks.scene import REQUESTS, OneClient
from tests.support.office_process import OfficeProcess

WARM_UP = 20
COMMANDS = 300
MEDIAN_MOST_MS = 15.0


def one_client(office: OfficeProcess) -> Iterator[Row]:
    desk = OneClient(office, REQUESTS, office.token("supervisor", REQUESTS))
    kiosk = OneClient(office, REQUESTS, office.token("device", REQUESTS))
    desk.at_counter("open")
    for _ in range(WARM_UP):
        kiosk.issue()
    yield from _told("issue", [kiosk.issue().took_ms for _ in range(COMMANDS)])
    desk.at_counter("call-next")
    yield from _told("call", [desk.at_counter("call-next", current="finish").took_ms for _ in range(COMMANDS)])


def _told(what: str, took_ms: Sequence[float]) -> Iterator[Row]:
    how = f"HTTP API, one client, {len(took_ms)} in a row, each on disk"
    yield Row(f"{what} p50", share(took_ms, 0.5), "ms", MEDIAN_MOST_MS, how)
    yield Row(f"{what} p99", share(took_ms, 0.99), "ms", None, how)
