"""The office that is measured: several equal zones, big enough for a busy day; and the client that measures."""

import http.client
import itertools
import json
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.office_process import LOOPBACK, OfficeProcess

SITE = """
[site]
name = { de = "Messamt", en = "Bench office" }
languages = ["de", "en"]
"""
ZONE = """
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
[[counter]]
id = "1"
name = { de = "Schalter 1", en = "Counter 1" }
services = ["*"]
"""
#: One zone for requests and the lobby, one for each size of day.
REQUESTS, SMALL, MIDDLE, LARGE = "requests", "small", "middle", "large"
SERVICE, COUNTER, DISPLAY = "visit", "1", f"lobby-{REQUESTS}"
CREATED, OK, AWAY = 201, 200, 503
ATTEMPTS = 5


def few_zones_office(folder: Path) -> Path:
    (folder / "site.toml").write_text(SITE)
    for zone in (REQUESTS, SMALL, MIDDLE, LARGE):
        (folder / f"{zone}.toml").write_text(ZONE.replace("ID", zone))
    return folder


def shown_position(office: OfficeProcess, zone: str) -> str:
    """Up to which event of the zone the server's screens are."""
    with urllib.request.urlopen(f"{office.address}/api/v1/zones/{zone}") as page:
        shown = json.load(page)
    return f"{shown['epoch']}-{shown['seq']}"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any
    begun_ms: float
    took_ms: float


class OneClient:
    """One connection, one request at a time, as little of a client as possible."""

    def __init__(self, office: OfficeProcess, zone: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(LOOPBACK, office.port, timeout=10)
        self._zone = f"/api/v1/zones/{zone}"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._keys = (f"bench-{time.time_ns()}-{n}" for n in itertools.count())

    def post(self, path: str, body: Mapping[str, Any]) -> Reply:
        """Repeats a command with its key while the store is away (a crowded disk); the time of all attempts counts."""
        headers = {**self._headers, "Idempotency-Key": next(self._keys)}
        begun_ms, begun = 1000 * time.time(), time.perf_counter()
        status, raw = AWAY, b""
        for _ in range(ATTEMPTS):
            self._connection.request("POST", f"{self._zone}{path}", json.dumps(body).encode(), headers)
            answer = self._connection.getresponse()
            status, raw = answer.status, answer.read()
            if status != AWAY:
                break
        took_ms = 1000 * (time.perf_counter() - begun)
        return Reply(status, json.loads(raw) if raw else None, begun_ms, took_ms)

    def issue(self) -> Reply:
        return self._expect(CREATED, self.post("/tickets", {"service": SERVICE}))

    def at_counter(self, verb: str, **body: str) -> Reply:
        return self._expect(OK, self.post(f"/counters/{COUNTER}/{verb}", body))

    @staticmethod
    def _expect(status: int, reply: Reply) -> Reply:
        if reply.status != status:
            raise RuntimeError(f"{reply.status}: {reply.body}")
        return reply
