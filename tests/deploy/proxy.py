"""A proxy of deploy/ as a real process before a real server: the very file, with this test's addresses put in."""

import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.e2e.support.hall import ZONE
from tests.support.eventually import eventually_sync
from tests.support.office_process import LOOPBACK, OfficeProcess

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "localhost"
STARTED_WITHIN_S = 15.0
ANSWER_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Certificate:
    path: Path
    key: Path

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


def self_signed(folder: Path) -> Certificate:
    made = Certificate(folder / "fullchain.pem", folder / "key.pem")
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run([*command, *subject, "-keyout", made.key, "-out", made.path], check=True, capture_output=True)
    return made


def written(file: str, into: Path, changes: Mapping[str, str]) -> Path:
    """The file of deploy/ with these words replaced; each must be there."""
    text = (DEPLOY / file).read_text()
    for words, others in changes.items():
        assert words in text, f"{words!r} is not in deploy/{file}"
        text = text.replace(words, others)
    into.write_text(text)
    return into


@dataclass(frozen=True, slots=True)
class Proxied:
    """An office behind a proxy, as clients reach it."""

    office: OfficeProcess
    port: int
    certificate: Certificate

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    @contextmanager
    def client(self, local_address: str = LOOPBACK) -> Iterator[httpx.Client]:
        transport = httpx.HTTPTransport(verify=self.certificate.trusted(), local_address=local_address)
        with httpx.Client(
            base_url=self.origin, transport=transport, timeout=ANSWER_WITHIN_S, headers={"Origin": self.origin}
        ) as client:
            yield client

    def stream(self, local_address: str = LOOPBACK, view: str = "public") -> ClientConnection:
        return connect(
            f"wss://{NAME}:{self.port}/api/v1/zones/{ZONE}/stream?view={view}",
            subprotocols=[Subprotocol("wartezone.v1")],
            compression=None,
            ssl=self.certificate.trusted(),
            sock=socket.create_connection((LOOPBACK, self.port), source_address=(local_address, 0)),
            server_hostname=NAME,
            origin=Origin(self.origin),
            proxy=None,
        )


@contextmanager
def running(command: list[str | Path], proxied: Proxied) -> Iterator[None]:
    """Until it answers; ended at the end."""
    log = proxied.certificate.path.with_name("proxy.log")
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        eventually_sync(lambda: process.poll() is not None or _answers(proxied), STARTED_WITHIN_S)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(proxied: Proxied) -> bool:
    with proxied.client() as client:
        try:
            return client.get("/livez").is_success
        except httpx.TransportError:
            return False
