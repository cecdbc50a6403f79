"""What must be so behind any proxy."""

import http.client
import json
import re
import time
from collections.abc import Callable, Mapping
from itertools import takewhile

import pytest
from websockets.exceptions import InvalidStatus

from tests.deploy.proxy import Proxied
from tests.e2e.support.hall import SERVICES, ZONE
from tests.support.eventually import eventually_sync

PASSWORD = "correct horse battery"
WISH = {"service": SERVICES[0]}
FAR, FURTHER = "127.0.0.2", "127.0.0.3"


def call_somebody(proxied: Proxied, by: str) -> None:
    """One visitor draws, counter 1 calls; `by` makes the keys of this test."""
    kiosk, desk = proxied.office.token("device", ZONE), proxied.office.token("counter", ZONE)
    steps: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("tickets", kiosk, WISH),
        ("counters/1/open", desk, {}),
        ("counters/1/call-next", desk, {"current": "finish"}),
    )
    with proxied.client() as client:
        for step, token, body in steps:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{by}-{step}"}
            answer = client.post(f"/api/v1/zones/{ZONE}/{step}", json=body, headers=headers)
            assert answer.is_success or answer.status_code == http.client.CONFLICT, answer.text


def within(seconds: float) -> Callable[[object], bool]:
    """Heartbeats let no stream be silent; this ends the wait for what does not come."""
    until = time.monotonic() + seconds
    return lambda _line: time.monotonic() < until


class Proxy:
    """Tests of whatever proxy gives `proxied`; inherited by those of each."""

    def test_pages_come_and_are_not_kept(self, proxied: Proxied) -> None:
        with proxied.client() as client:
            page = client.get("/")
            assert page.status_code == http.client.OK
            assert "X-Cache" not in page.headers
            assert f"wss://localhost:{proxied.port}" in page.headers["Content-Security-Policy"]
            assert client.get("/metrics").status_code == http.client.NOT_FOUND

    def test_people_log_in(self, proxied: Proxied) -> None:
        link = re.findall(rf"{re.escape(proxied.origin)}(/welcome\S*)", proxied.office.log())[0]
        with proxied.client() as browser:
            form = {"login": "anna", "password": PASSWORD, "again": PASSWORD, "code": link.partition("code=")[2]}
            made = browser.post(link, data=form)
            assert made.status_code in {http.client.OK, http.client.SEE_OTHER}, made.text
            assert any(name.startswith("__Host-") for name in browser.cookies)
            board = browser.get("/board")
            assert board.status_code == http.client.OK
            assert "no-store" in board.headers["Cache-Control"]
        with proxied.client() as stranger:
            assert stranger.get("/board").status_code != http.client.OK

    def test_events_come_at_once_by_socket(self, proxied: Proxied) -> None:
        with proxied.stream() as stream:
            assert [json.loads(stream.recv(5))["type"] for _ in range(2)] == ["hello", "snapshot"]
            call_somebody(proxied, "by-socket")
            assert eventually_sync(lambda: json.loads(stream.recv(5))["type"] == "event", 10)

    def test_events_come_at_once_by_server_sent_events(self, proxied: Proxied) -> None:
        with proxied.client() as client, client.stream("GET", f"/api/v1/zones/{ZONE}/events?view=public") as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            assert next(line for line in takewhile(within(10), lines) if '"snapshot"' in line)
            call_somebody(proxied, "by-sse")
            assert next(line for line in takewhile(within(10), lines) if '"called"' in line)

    def test_clients_are_counted_by_their_own_address(self, proxied: Proxied) -> None:
        """The office takes one stream of each address."""
        with proxied.stream(FAR):
            with pytest.raises(InvalidStatus) as refused:
                proxied.stream(FAR).close()
            assert refused.value.response.status_code == http.client.TOO_MANY_REQUESTS
            with proxied.stream(FURTHER) as other:
                assert json.loads(other.recv(5))["type"] == "hello"
