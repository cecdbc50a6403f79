"""The figures of one office on one machine: `make bench`, or `python -m benchmarks.office [--cold] [--no-clone]`.

Everything runs on the default configuration of the store: each acknowledged command is on disk. The clients run on the
same machine as the server, so the figures are those of a small box that does everything.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import clone, day, lobby, requests
from benchmarks.rows import RESULTS, Row, keep, machine, share, table, told
from benchmarks.scene import few_zones_office
from tests.support.office_process import office_process

STARTS = 3
READY_MOST_S = 3.0
FSYNCS = 200
FSYNC_BYTES = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="clone and install with an empty pip cache")
    parser.add_argument("--no-clone", action="store_true", help="leave out the clean clone")
    options = parser.parse_args()
    rows = []
    for row in figures(cold=options.cold, cloned=not options.no_clone):
        print(f"{row.name}: {told(row)}", file=sys.stderr)
        rows.append(row)
    keep(rows)
    print(f"{machine()}\n\n{table(rows)}\n\nalso in {RESULTS}")
    sys.exit(any(not row.holds for row in rows))


def figures(*, cold: bool, cloned: bool) -> Iterator[Row]:
    if cloned:
        yield clone.first_page(cold=cold)
    yield from disk()
    yield ready_when_empty()
    with (
        tempfile.TemporaryDirectory(prefix="wz-bench-") as folder,
        office_process(config=str(few_zones_office(Path(folder)))) as office,
    ):
        office.start()
        yield from requests.one_client(office)
        yield from lobby.call_to_lobby(office)
        yield from day.filled(office)
        yield from day.cost_of_commands(office)
        office.terminate()
        yield Row(
            "ready on a day's log", office.start(), "s", READY_MOST_S, f"serve, {day.TICKETS:,} tickets in the log"
        )


def ready_when_empty() -> Row:
    took_s = []
    for _ in range(STARTS):
        with office_process() as office:
            took_s.append(office.start())
    return Row("ready, empty", share(took_s, 0.5), "s", READY_MOST_S, f"serve on no data, median of {STARTS}")


def disk() -> Iterator[Row]:
    """What no acknowledged write can be faster than."""
    took_ms = []
    with tempfile.TemporaryFile(prefix="wz-bench-") as file:
        for _ in range(FSYNCS):
            begun = time.perf_counter()
            file.write(bytes(FSYNC_BYTES))
            file.flush()
            os.fdatasync(file.fileno())
            took_ms.append(1000 * (time.perf_counter() - begun))
    how = f"{FSYNC_BYTES} bytes appended, for comparison"
    yield Row("disk, one fsync p50", share(took_ms, 0.5), "ms", None, how)
    yield Row("disk, one fsync p99", share(took_ms, 0.99), "ms", None, how)


if __name__ == "__main__":
    main()
