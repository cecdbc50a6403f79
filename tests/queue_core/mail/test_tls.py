"""Mail servers by TLS, on the loopback: one with a certificate that we trust, and some with another one."""

import logging
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Receiver

from queue_core.mail.delivery import PAUSES_MS
from queue_core.mail.post import Post
from queue_core.mail.recipient import Seal
from queue_core.settings import Settings
from queue_core.store.connection import connect
from queue_core.store.mail import MailStore
from tests.queue_core.mail.test_delivery import ADDRESS, BOOKED, HALL, Inbox, Mail, listening, settings_at


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate that has signed itself, and a server's side of it."""

    file: Path
    server: ssl.SSLContext


def certified(folder: Path, name: str) -> Certified:
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    more = ["-subj", "/CN=mail", "-days", "1", "-addext", f"subjectAltName={name}"]
    subprocess.run([*command, *more, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return Certified(certificate, server)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")


@pytest.fixture(scope="module")
def another_name(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("tls"), "DNS:mail.example.org")


def encrypted(settings: Settings, security: str, ca: Path | None) -> Settings:
    return settings.model_copy(update={"smtp_security": security, "smtp_ca": ca})


@asynccontextmanager
async def mail_server(
    valkey_url: str, folder: Path, security: str, certificate: Certified, ca: Path | None
) -> AsyncIterator[Mail]:
    """It takes letters by TLS alone, from the first byte on or after STARTTLS."""
    inbox, begins = Inbox(), security == "starttls"

    def receiver() -> Receiver:
        upgrade = certificate.server if begins else None
        return Receiver(inbox, hostname="test", tls_context=upgrade, require_starttls=begins)

    async with (
        connect(valkey_url) as client,
        listening(receiver, None if begins else certificate.server) as port,
    ):
        post = Post(MailStore(client), Seal(b"s" * 32), is_offered=True)
        await post.write_to(HALL, BOOKED, ADDRESS, "en")
        yield Mail(post, inbox, encrypted(settings_at(port, folder), security, ca))


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_letter_goes_by_tls_to_a_server_whose_certificate_we_trust(
    valkey_url: str, tmp_path: Path, ours: Certified, security: str
) -> None:
    async with mail_server(valkey_url, tmp_path, security, ours, ours.file) as mail:
        await mail.run()
        assert [letter["to"] for letter in mail.inbox.taken] == [ADDRESS]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_knows_is_told_and_the_letter_waits(
    valkey_url: str, tmp_path: Path, ours: Certified, security: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with mail_server(valkey_url, tmp_path, security, ours, None) as mail:
        with caplog.at_level(logging.DEBUG, "queue_core"):
            await mail.run()
        assert mail.inbox.asked == []
        assert "its certificate is not accepted: self-signed certificate" in caplog.text
        assert [record.levelname for record in caplog.records if "cannot be used" in record.message] == ["ERROR"]
        assert ADDRESS not in caplog.text
        (waiting,) = await mail.post.store.all()
        assert waiting.tries == 1
        mail.now_ms += PAUSES_MS[0]
        mail.settings = encrypted(mail.settings, security, ours.file)
        await mail.run()
        assert [letter["to"] for letter in mail.inbox.taken] == [ADDRESS]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_of_another_name_is_none(
    valkey_url: str, tmp_path: Path, another_name: Certified, security: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with mail_server(valkey_url, tmp_path, security, another_name, another_name.file) as mail:
        await mail.run()
        assert mail.inbox.asked == []
        assert "its certificate is not accepted: IP address mismatch" in caplog.text
        assert len(await mail.post.store.all()) == 1


async def test_nothing_goes_unencrypted_to_a_server_that_knows_no_tls(
    valkey_url: str, tmp_path: Path, ours: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        mail_server(valkey_url, tmp_path, "none", ours, None) as mail,
        listening(lambda: Receiver(mail.inbox, hostname="test")) as port,
    ):
        await mail.delivery(encrypted(settings_at(port, tmp_path), "starttls", ours.file)).run()
        assert mail.inbox.asked == []
        assert "STARTTLS extension not supported" in caplog.text
        assert len(await mail.post.store.all()) == 1


async def test_a_file_of_certificates_that_is_none_is_told(
    valkey_url: str, tmp_path: Path, ours: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    async with mail_server(valkey_url, tmp_path, "tls", ours, tmp_path / "gone.pem") as mail:
        await mail.run()
        assert "gone.pem: No such file or directory" in caplog.text
        assert len(await mail.post.store.all()) == 1
