"""Requests over HTTP: the feed and the public snapshot against prebuilt bytes, commands against bare FCALLs."""

import http.client
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rows import Row, compared
from benchmarks.stream import cores
from benchmarks.stream.hall import BARE, CALM, Hall
from benchmarks.stream.rivals import python_module, started
from queue_core.store.embedded import socket_url
from tests.support.office_process import free_port

CONNECTIONS, COMMAND_CONNECTIONS = 64, 16
ROUNDS = 3
SECONDS = 0.8
COMMANDS = 400
READING_LEAST, HTTP_MOST, ENGINE_MOST = 0.9, 1.6, 1.3
PAGES = (("feed, waits.json", "/feed/v1/waits.json"), ("public snapshot", f"/api/v1/zones/{CALM}"))


@dataclass(frozen=True, slots=True)
class Answered:
    per_s: float
    cpu_us: float
    ok: int
    answers: int
    bytes_each: float


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends requests from the clients' core and reads what they cost the server."""

    programs: Path

    def send(
        self, pid: int, port: int, request: bytes, *, connections: int, seconds: float, most: int = 0, prefix: str = "k"
    ) -> Answered:
        file = self.programs / f"request-{port}"
        file.write_bytes(request)
        words = [self.programs / "http_load", port, file, connections, seconds, most, prefix]
        cpu_s = cores.cpu_s([pid])
        with cores.on_core(cores.CLIENT_CORE):
            told = subprocess.run([str(w) for w in words], check=True, capture_output=True, timeout=60).stdout
        cpu_s = cores.cpu_s([pid]) - cpu_s
        got = json.loads(told)
        answers = got["answers"]
        if got["failed"] or got["refused"] or not answers:
            raise RuntimeError(f"{request[:80]!r}: {got}")
        return Answered(answers / got["seconds"], 1e6 * cpu_s / answers, got["ok"], answers, got["bytes"] / answers)


def get(path: str, etag: str = "") -> bytes:
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{condition}\r\n".encode()


def post(path: str, body: str, token: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: {'@' * 16}\r\n\r\n"
    return (head + kind + body).encode()


def rows(bench: Bench) -> Iterator[Row]:
    yield from commands_in_the_engine(bench.hall)
    yield from reading(bench.hall, bench.folder)
    yield from commands_over_http(bench.hall, bench.folder)


def reading(hall: Hall, programs: Path) -> Iterator[Row]:
    bodies, port = [_body(hall, path) for _, path in PAGES], free_port()
    with started(python_module("bare_http", port, *(size for size, _ in bodies)), port) as bare:
        ours, theirs = (hall.pid, hall.office.port), (bare.pid, port)
        for n, (name, path) in enumerate(PAGES):
            whole, bare_whole, unchanged, bare_unchanged = _in_turn(
                Caller(programs),
                (*ours, partial(get, path)),
                (*theirs, partial(get, f"/{n}")),
                (*ours, partial(_get_again, hall, path)),
                (*theirs, partial(get, f"/{n}", '"bare"')),
            )
            unit = "per s of CPU"
            yield compared(name, unit, whole, "bare Starlette bytes", bare_whole, least=READING_LEAST)
            yield compared(f"{name}, 304", unit, unchanged, "bare Starlette 304", bare_unchanged, least=READING_LEAST)
            yield compared(f"{name}, 304", unit, unchanged, "our own 200", whole, least=1.0)


def _get_again(hall: Hall, path: str) -> bytes:
    """The feed has another edition every five seconds: whoever asks with an old tag gets it whole."""
    return get(path, _body(hall, path)[1])


def _in_turn(caller: Caller, *ways: tuple[int, int, Callable[[], bytes]]) -> list[list[float]]:
    """Answers by second of CPU, of each (process, port, request) as many as there are rounds."""
    rates: list[list[float]] = [[] for _ in ways]
    for n in range(ROUNDS):
        for which in range(len(ways))[:: 1 if n % 2 else -1]:
            pid, port, request = ways[which]
            rates[which].append(_per_s(caller, pid, port, request()))
    return rates


def commands_over_http(hall: Hall, programs: Path) -> Iterator[Row]:
    """Tickets are issued and called in turns, so that both zones are as full."""
    caller, port = Caller(programs), free_port()
    token = hall.clerk(CALM).token
    zone, body = f"/api/v1/zones/{CALM}", '{"current":"finish"}'
    issue = post(f"{zone}/tickets", '{"service":"visit"}', token)
    call = post(f"{zone}/counters/1/call-next", body, token)
    module = python_module("bare_fcall", port, socket_url(hall.office.data), hall.config, BARE)
    costs: dict[str, list[float]] = {"issue": [], "call": [], "bare issue": [], "bare call": []}
    with started(module, port) as bare:

        def run(name: str, pid: int, at: int, request: bytes, prefix: str) -> None:
            got = caller.send(
                pid, at, request, connections=COMMAND_CONNECTIONS, seconds=20, most=COMMANDS, prefix=prefix
            )
            costs[name].append(got.cpu_us)

        for n in range(ROUNDS):
            ours = (("issue", hall.pid, hall.office.port, issue), ("call", hall.pid, hall.office.port, call))
            theirs = (
                ("bare issue", bare.pid, port, post("/i", "{}", "")),
                ("bare call", bare.pid, port, post("/c", "{}", "")),
            )
            for side in (ours, theirs) if n % 2 else (theirs, ours):
                for name, pid, at, request in side:
                    run(name, pid, at, request, f"{name[0]}{n}")
    for name in ("issue", "call"):
        title = f"{name} over HTTP, CPU of the server"
        yield compared(title, "us", costs[name], "bare ASGI app, same FCALL", costs[f"bare {name}"], most=HTTP_MOST)


def commands_in_the_engine(hall: Hall) -> Iterator[Row]:
    with cores.on_core(cores.SERVER_CORE):
        told = subprocess.run(
            [str(w) for w in python_module("engine_cost", hall.config)], check=True, capture_output=True, timeout=120
        ).stdout
    taken = json.loads(told)
    for name in ("issue", "call"):
        for which, what in enumerate(("CPU", "wall time")):
            ours, bare = ([block[which] for block in taken[key]] for key in (name, f"bare_{name}"))
            most = ENGINE_MOST if what == "CPU" else None
            yield compared(f"{name} by the engine, {what}", "us", ours, "bare FCALL", bare, most=most)


def _per_s(caller: Caller, pid: int, port: int, request: bytes) -> float:
    """By the CPU that they take: what a core of its own would serve, however busy the machine is."""
    return 1e6 / caller.send(pid, port, request, connections=CONNECTIONS, seconds=SECONDS).cpu_us


def _body(hall: Hall, path: str) -> tuple[int, str]:
    """How long it is, and its tag."""
    connection = http.client.HTTPConnection("127.0.0.1", hall.office.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return len(answer.read()), answer.headers["ETag"]
