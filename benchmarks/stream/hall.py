"""Our server under test: an office of equal zones on the embedded store, its limits raised, on the server's core."""

import http.client
import itertools
import json
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.stream import cores
from benchmarks.stream.rivals import OURS, Lane, Source
from tests.support.office_process import LOOPBACK, OfficeProcess, office_process

#: Viewers follow the hall; nobody follows the calm zone; stalled clients have one of their own, and so has bare FCALL.
HALL, CALM, STALL, BARE = "hall", "calm", "stall", "bare"
#: Of people: one with a wall, one for each size of day.
WALL, SMALL, MIDDLE, LARGE = "wall", "small", "middle", "large"
ZONES = (HALL, CALM, STALL, BARE, WALL, SMALL, MIDDLE, LARGE)
SERVICE, COUNTERS, DISPLAY = "visit", 4, f"lobby-{WALL}"
_SITE = '[site]\nname = { de = "Messamt", en = "Bench office" }\nlanguages = ["de", "en"]\n'
_ZONE = """
[zone]
id = "ID"
name = { de = "Zone ID", en = "Zone ID" }
kiosks = ["kiosk-ID"]
displays = ["lobby-ID"]
[hours]
always = true
[[class]]
id = "normal"
name = { de = "Alle", en = "Everybody" }
[[series]]
id = "a"
prefix = "A"
last = 99999
digits = 5
[[service]]
id = "visit"
name = { de = "Besuch", en = "Visit" }
series = "a"
visit_minutes = 5
"""
_COUNTER = """
[[counter]]
id = "NO"
name = { de = "Schalter NO", en = "Counter NO" }
services = ["*"]
"""
_UNLIMITED = {
    "stream_clients_most": "60000",
    "stream_clients_per_ip_most": "60000",
    "draws_per_minute": "0",
    "draws_per_minute_of_address": "0",
}
CREATED, OK, AWAY = 201, 200, 503
ATTEMPTS = 5
IDLE_MOST_S = 5.0


def write_office(folder: Path, zones: Iterable[str] = ZONES) -> Path:
    folder.mkdir()
    (folder / "site.toml").write_text(_SITE)
    counters = "".join(_COUNTER.replace("NO", str(n)) for n in range(1, COUNTERS + 1))
    for zone in zones:
        (folder / f"{zone}.toml").write_text(_ZONE.replace("ID", zone) + counters)
    return folder


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any
    begun_ms: float
    took_ms: float


@dataclass(slots=True)
class Clerk:
    """One kept connection to one zone's API; one thread at a time."""

    port: int
    zone: str
    token: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _used_s: float = field(default_factory=time.monotonic)
    _connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)

    def post(self, path: str, body: Mapping[str, Any]) -> Reply:
        """Repeats a command with its key while the store is away (a crowded disk); the time of all attempts counts."""
        if time.monotonic() - self._used_s > IDLE_MOST_S:
            self._connection.close()  # the server is about to, and it dials again
        key = f"bench-{id(self)}-{time.monotonic_ns()}-{next(self._numbers)}"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        begun_ms, begun = 1000 * time.time(), time.perf_counter()
        status, raw = AWAY, b""
        for _ in range(ATTEMPTS):
            self._connection.request("POST", f"/api/v1/zones/{self.zone}{path}", json.dumps(body).encode(), headers)
            answer = self._connection.getresponse()
            status, raw = answer.status, answer.read()
            if status != AWAY:
                break
        self._used_s = time.monotonic()
        took_ms = 1000 * (time.perf_counter() - begun)
        return Reply(status, json.loads(raw) if raw else None, begun_ms, took_ms)

    def issue(self) -> Reply:
        return self._expect(CREATED, self.post("/tickets", {"service": SERVICE}))

    def at_counter(self, verb: str, counter: int = 1, **body: str) -> Reply:
        return self._expect(OK, self.post(f"/counters/{counter}/{verb}", body))

    def call(self, counter: int = 1) -> Reply:
        """One visit ends and the next visitor is called: one event for the public."""
        return self.at_counter("call-next", counter, current="finish")

    @staticmethod
    def _expect(wanted: int, reply: Reply) -> Reply:
        if reply.status != wanted:
            raise RuntimeError(f"{reply.status}: {reply.body}")
        return reply


@dataclass(slots=True)
class Hall:
    office: OfficeProcess
    config: Path
    tokens: dict[str, str] = field(default_factory=dict)
    _waiting: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> float:
        """How long until it was ready, on its one core."""
        with cores.on_core(cores.SERVER_CORE):
            return self.office.start()

    def renew(self) -> None:
        """Another process on the same data: what the last one had taken of memory and given back would hide growth."""
        self.office.terminate()
        self.start()

    @property
    def pid(self) -> int:
        return self.office.server.pid

    def clerk(self, zone: str) -> Clerk:
        if zone not in self.tokens:
            self.tokens[zone] = self.office.token("supervisor", zone)
        return Clerk(self.office.port, zone, self.tokens[zone])

    def open(self, zone: str) -> None:
        clerk = self.clerk(zone)
        for counter in range(1, COUNTERS + 1):
            clerk.at_counter("open", counter)

    def source(self, zone: str, *, sse: bool = False) -> Source:
        how = "events" if sse else "stream"
        lanes = [self._lane(zone, counter) for counter in range(1, COUNTERS + 1)]
        return Source(OURS, [self.pid], self.office.port, f"/api/v1/zones/{zone}/{how}?view=public", lanes)

    def fill(self, zone: str, least: int) -> None:
        """So many visitors wait there afterwards."""
        clerk = self.clerk(zone)
        while self._waiting.get(zone, 0) < least:
            clerk.issue()
            with self._lock:
                self._waiting[zone] = self._waiting.get(zone, 0) + 1

    def shown_position(self, zone: str) -> str:
        """Up to which event of the zone the server's screens are."""
        with urllib.request.urlopen(f"{self.office.address}/api/v1/zones/{zone}") as page:
            shown = json.load(page)
        return f"{shown['epoch']}-{shown['seq']}"

    def _lane(self, zone: str, counter: int) -> Lane:
        clerk = self.clerk(zone)

        def fire() -> None:
            with self._lock:
                nobody = self._waiting.get(zone, 0) < COUNTERS
                self._waiting[zone] = self._waiting.get(zone, 0) + (0 if nobody else -1)
            if nobody:
                clerk.issue()
            clerk.call(counter)

        return fire


@contextmanager
def hall(folder: Path, zones: Iterable[str] = ZONES) -> Iterator[Hall]:
    config = write_office(folder / "office", zones)
    with office_process(**_UNLIMITED, config=str(config)) as office:
        yield Hall(office, config)
