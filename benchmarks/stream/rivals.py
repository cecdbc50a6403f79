"""Servers to compare with, as processes on the server's core: each fires an event to all its followers on demand."""

import contextlib
import http.client
import itertools
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stream import cores
from tests.support.office_process import LOOPBACK, free_port

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 20.0
POLL_S = 0.02
NCHAN_MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
_NGINX = """
load_module {module};
daemon off; worker_processes 1; worker_rlimit_nofile 60000; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 25000; }}
http {{
  access_log off; keepalive_timeout 600;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = / {{ nchan_subscriber; nchan_channel_id bench; nchan_subscriber_first_message newest; }}
    location = /publish {{ nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 8; }}
  }}
}}
"""
OURS, FLOOR, NCHAN, BROADCAST = "ours", "raw C", "Nchan", "websockets.broadcast()"
#: Makes one event happen; returns when the server knows of it.
Lane = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A server that sends events: whose CPU counts, where viewers come, and the lanes on which events are made."""

    name: str
    pids: Sequence[int]
    port: int
    path: str
    lanes: Sequence[Lane]


@contextmanager
def floor(programs: Path, frame_bytes: int, *, sse: bool = False) -> Iterator[Source]:
    command: list[str | Path] = [programs / "floor_server"]
    with _by_datagram(FLOOR, command, frame_bytes, ["sse"] if sse else []) as source:
        yield source


@contextmanager
def broadcast(frame_bytes: int) -> Iterator[Source]:
    with _by_datagram(BROADCAST, _module("broadcast"), frame_bytes) as source:
        yield source


@contextmanager
def starlette_loop(frame_bytes: int) -> Iterator[Source]:
    with _by_datagram("Starlette send_text", _module("starlette_loop"), frame_bytes) as source:
        yield source


def nchan_is_there() -> bool:
    return shutil.which("nginx") is not None and NCHAN_MODULE.exists()


@contextmanager
def nchan(folder: Path, frame_bytes: int) -> Iterator[Source]:
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(module=NCHAN_MODULE, folder=folder, port=port))
    with started(["nginx", "-p", folder, "-c", config], port) as process:
        yield Source(NCHAN, cores.children(process.pid), port, "/", [_publisher(port, frame_bytes)])


@contextmanager
def started(command: Sequence[str | Path], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server on the server's core, once it listens."""
    with cores.on_core(cores.SERVER_CORE):
        process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
        process.kill()
        process.wait()


def python_module(name: str, *arguments: object) -> list[str | Path]:
    return [*_module(name), *map(str, arguments)]


@contextmanager
def _by_datagram(
    name: str, command: Sequence[str | Path], frame_bytes: int, more: Sequence[str] = ()
) -> Iterator[Source]:
    port, trigger = free_port(), free_port()
    with (
        started([*command, str(port), str(trigger), str(frame_bytes), *more], port) as process,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):

        def fire() -> None:
            sender.sendto(b"x", (LOOPBACK, trigger))

        yield Source(name, [process.pid], port, "/", [fire])


def _publisher(port: int, frame_bytes: int) -> Lane:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    numbers = itertools.count(1)

    def publish() -> None:
        seq = next(numbers)
        head = f'{{"type":"event","epoch":1,"seq":{seq},"prev":{seq - 1},"pad":"'
        connection.request("POST", "/publish", head + "x" * (frame_bytes - len(head) - 2) + '"}')
        connection.getresponse().read()

    return publish


def _module(name: str) -> list[str | Path]:
    return [sys.executable, "-m", f"benchmarks.stream.references.{name}"]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} does not listen on {port}")
        time.sleep(POLL_S)
