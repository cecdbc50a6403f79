"""A Wartezone process to be killed: it holds an embedded store and writes what it says it has written."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from queue_core.store.embedded import EmbeddedStore

SCRIPT = """
import json, signal, sys
from pathlib import Path
import redis
from queue_core.store.embedded import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
store.start()
client = redis.Redis.from_url(store.url)
signal.signal(signal.SIGINT, lambda *_: print(client.incr("interrupts"), flush=True))
print(json.dumps({"server_pid": store.pid, "adopted": store.adopted}), flush=True)
for line in sys.stdin:
    while line == "flood\\n":
        print(client.rpush("acknowledged", "x"), flush=True)
    print(client.rpush("acknowledged", line.strip()), flush=True)
store.stop()
"""


@dataclass(slots=True)
class StoreOwner:
    process: subprocess.Popen[str]
    server_pid: int
    adopted: bool

    def write(self, value: str) -> int:
        """How many values the store has acknowledged."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{value}\n")
        self.process.stdin.flush()
        return int(self.read())

    def kill_while_writing(self, after: int) -> int:
        """Kill it in the middle of a stream of writes; how many had been acknowledged."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("flood\n")
        self.process.stdin.flush()
        for _ in range(after):
            count = self.read()
        self.process.kill()
        rest = self.process.stdout.read()  # communicate() would pass over what readline() has buffered
        self.process.wait()
        return int([count, *rest.splitlines()][-1])

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def store_owner(directory: Path) -> Iterator[StoreOwner]:
    """In a process group of its own, like a job of a shell."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        yield StoreOwner(process, **json.loads(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


@contextmanager
def running_store(directory: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(directory)
    store.start()
    try:
        yield store
    finally:
        store.stop()


def client_of(store: EmbeddedStore) -> redis.Redis:
    return redis.Redis.from_url(store.url, decode_responses=True)


def process_exists(pid: int) -> bool:
    """A process that ended and was not yet waited for does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
