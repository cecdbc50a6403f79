"""Several web processes on one port: one truth through all of them, and each may die while the others serve."""

import http.client
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.e2e.support.hall import SERVICES, ZONE, at_work, stream_url
from tests.support.crew import Line, a_line_to_each, owner_of, started, web_pids
from tests.support.eventually import eventually, eventually_sync
from tests.support.office_process import COMMAND_WITHIN_S, OfficeProcess, free_port, office_process

pytestmark = pytest.mark.slow

WORKERS = 2
COMMANDS = 60
DOUBLE_CLICKS = 200
BACK_WITHIN_S = 60.0
TICKETS = f"/api/v1/zones/{ZONE}/tickets"
CALL = f"/api/v1/zones/{ZONE}/counters/1/call-next"
TICKETS_READ = 'wartezone_http_requests_total{method="GET",route="/api/v1/zones/{zone}/tickets/{ticket}"'
WISH = {"service": SERVICES[0]}
HER_SEAT, HIS_SEAT = "hers-0123456789abcdef", "his-0123456789abcdefg"


@pytest.fixture
def office() -> Iterator[OfficeProcess]:
    settings = {"draws_per_minute": "0", "draws_per_minute_of_address": "0", "log_level": "info"}
    with office_process(workers=str(WORKERS), stream_port=str(free_port()), **settings) as office:
        yield office


def test_what_one_process_does_the_others_know(office: OfficeProcess) -> None:
    started(office)
    kiosk, desk = office.token("device", ZONE), office.token("counter", ZONE)
    with a_line_to_each(office) as lines:
        one, other = lines.values()
        issued = one.ask("POST", TICKETS, WISH, kiosk, "key-1")
        assert issued[0] == http.client.CREATED
        assert other.ask("POST", TICKETS, WISH, kiosk, "key-1") == issued
        assert other.ask("POST", f"/api/v1/zones/{ZONE}/counters/1/open", {}, desk, "key-2")[0] == http.client.OK
        status, called = other.ask("POST", CALL, {}, desk, "key-3")
        assert status == http.client.OK
        assert b'"A001"' in called
        assert one.ask("POST", CALL, {}, desk, "key-3") == (status, called)
        assert one.ask("POST", CALL, {}, desk, "key-4")[0] == http.client.CONFLICT


def test_a_counter_taken_over_through_one_process_is_lost_in_the_other(office: OfficeProcess) -> None:
    started(office)
    hers, his = office.token("counter", ZONE), office.token("counter", ZONE)
    counter = f"/api/v1/zones/{ZONE}/counters/1"
    with a_line_to_each(office) as lines:
        one, other = lines.values()
        assert one.ask("PUT", f"{counter}/seat", {"seat": HER_SEAT}, hers)[0] == http.client.OK
        status, refused = other.ask("PUT", f"{counter}/seat", {"seat": HIS_SEAT}, his)
        assert (status, b"seat_taken" in refused) == (http.client.CONFLICT, True)
        assert one.ask("POST", f"{counter}/open", {}, hers, "key-1", f"1/{HER_SEAT}")[0] == http.client.OK
        assert other.ask("PUT", f"{counter}/seat", {"seat": HIS_SEAT, "take": True}, his)[0] == http.client.OK
        status, refused = one.ask("POST", CALL, {}, hers, "key-2", f"1/{HER_SEAT}")
        assert (status, b"seat_taken" in refused) == (http.client.CONFLICT, True)
        assert one.ask("PUT", f"{counter}/seat", {"seat": HER_SEAT}, hers)[0] == http.client.CONFLICT
        assert other.ask("POST", f"{counter}/pause", {}, his, "key-3", f"1/{HIS_SEAT}")[0] == http.client.OK


def test_a_stream_of_each_process_tells_what_came_through_any(office: OfficeProcess) -> None:
    started(office)
    kiosk = office.token("device", ZONE)
    pids, owners = web_pids(office), set[int | None]()
    with ExitStack() as stack, a_line_to_each(office) as lines:
        streams = []
        while len(owners) < WORKERS:
            streams.append(stack.enter_context(watching(stream_url(office))))
            owners.add(owner_of(streams[-1].socket.getsockname()[1], pids))
        for n, line in enumerate(lines.values(), start=1):
            line.ask("POST", TICKETS, WISH, kiosk, f"key-{n}")
            for stream in streams:
                eventually_sync(partial(tells, stream, f'"issued":{n}'), 10)


def watching(url: str, origin: str | None = None) -> ClientConnection:
    return connect(f"{url}?view=public", subprotocols=["wartezone.v1"], origin=origin, compression=None)  # type: ignore[list-item, arg-type]


def tells(stream: ClientConnection, words: str) -> bool:
    return words in _text(stream.recv(5))


def _text(frame: str | bytes) -> str:
    return str(frame).replace(" ", "")


def test_200_double_clicks_through_all_processes_make_200_tickets(office: OfficeProcess) -> None:
    started(office)
    kiosk = office.token("device", ZONE)
    with a_line_to_each(office) as lines, ThreadPoolExecutor(WORKERS) as pool:

        def clicks(line: Line) -> list[tuple[int, bytes]]:
            return [line.ask("POST", TICKETS, WISH, kiosk, f"click-{n}") for n in range(DOUBLE_CLICKS)]

        first, second = pool.map(clicks, lines.values())
    assert first == second
    assert {status for status, _ in first} == {http.client.CREATED}
    assert office.wartezone("export-log", "--zone", ZONE).count('"type": "issued"') == DOUBLE_CLICKS


def complete_without(office: OfficeProcess, killed: int) -> bool:
    return len(web_pids(office) - {killed}) == WORKERS


def test_the_figures_of_all_are_told_by_each(office: OfficeProcess) -> None:
    started(office)
    with a_line_to_each(office) as lines, ExitStack() as stack:
        for n in range(2 * WORKERS):
            stack.enter_context(watching(stream_url(office)))
            for line in lines.values():
                line.ask("GET", f"/api/v1/zones/{ZONE}/tickets/{n}")
        for line in lines.values():
            eventually_sync(partial(counted, line, "wartezone_streams", 2 * WORKERS))
            eventually_sync(partial(counted, line, TICKETS_READ, 2 * WORKERS * WORKERS))
        killed, left = lines
        os.kill(killed, signal.SIGKILL)
        eventually_sync(partial(counted, lines[left], TICKETS_READ, 2 * WORKERS * WORKERS))


def counted(line: Line, name: str, value: float) -> bool:
    _, text = line.ask("GET", "/metrics")
    [found] = [float(row.rpartition(" ")[2]) for row in text.decode().splitlines() if row.startswith(name)]
    return found == value


@pytest.mark.alone
async def test_web_processes_are_killed_under_load_and_nothing_is_lost(office: OfficeProcess) -> None:
    office.spawn()
    await eventually(lambda: "is ready on" in office.log(), BACK_WITHIN_S)
    async with at_work(office, seed=3) as hall:
        for _ in range(2 * WORKERS):
            await hall.load.goes_on(COMMANDS)
            killed = min(web_pids(office))
            os.kill(killed, signal.SIGKILL)
            await hall.load.goes_on(COMMANDS)
            await eventually(partial(complete_without, office, killed), BACK_WITHIN_S)
        assert hall.load.tally.away == 0
    assert office.server.poll() is None


@pytest.mark.alone
async def test_a_rolling_restart_under_load_loses_nothing_and_sends_nobody_away_for_good(office: OfficeProcess) -> None:
    office.spawn()
    await eventually(lambda: "is ready on" in office.log(), BACK_WITHIN_S)
    async with at_work(office, seed=4) as hall:
        await hall.load.goes_on(COMMANDS)
        before = web_pids(office)
        office.server.send_signal(signal.SIGUSR2)
        await eventually(lambda: "web processes are new" in office.log(), BACK_WITHIN_S)
        await hall.load.goes_on(COMMANDS)
        assert not before & web_pids(office)
        assert len(web_pids(office)) == WORKERS
        assert hall.load.tally.away == 0
    assert office.terminate() == 0


def test_asked_to_end_it_ends_without_a_fault_and_with_all_its_children(office: OfficeProcess) -> None:
    started(office)
    with watching(stream_url(office)):
        assert office.terminate() == 0
    assert office.processes() == {}
    assert "Traceback" not in office.log()


def test_no_process_outlives_a_parent_that_is_killed_and_the_next_start_finds_the_port_free(
    office: OfficeProcess,
) -> None:
    started(office)
    office.kill_server()
    started(office)
    office.kill_server()
    assert eventually_sync(lambda: not office.processes())


def test_a_second_server_is_refused_the_port_that_many_share(office: OfficeProcess) -> None:
    started(office)
    for workers in ("1", "2"):
        with office_process(workers=workers) as second:
            second.port = office.port
            second.spawn()
            assert second.server.wait(COMMAND_WITHIN_S) == 2
            assert f"cannot listen on 127.0.0.1:{office.port}" in second.log()


def test_one_invitation_and_one_welcome_are_printed(office: OfficeProcess) -> None:
    started(office)
    assert office.log().count("is ready on") == 1
    assert office.log().count("/welcome?code=") == 1


def test_streams_may_come_by_their_own_port_which_serves_nothing_else(office: OfficeProcess) -> None:
    started(office)
    port = int(office.settings["stream_port"])
    url = f"ws://127.0.0.1:{port}/api/v1/zones/{ZONE}/stream"
    for origin in (None, office.address):
        with watching(url, origin) as stream:
            assert tells(stream, '"hello"')
    assert httpx.get(f"http://127.0.0.1:{port}/").status_code != http.client.OK
    foreign = httpx.get(f"{url.replace('ws:', 'http:')}", headers={**UPGRADE, "Origin": "https://elsewhere.example"})
    assert foreign.status_code == http.client.FORBIDDEN


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
