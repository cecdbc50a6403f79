"""The agent and a server that serves TLS by itself."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.deploy.proxy import Certificate, self_signed
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.trusting import CertificateUnusable, pinned

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


@pytest.fixture
def own(tmp_path: Path) -> Certificate:
    return self_signed(tmp_path)


@asynccontextmanager
async def server(certificate: Certificate) -> AsyncIterator[str]:
    """Its address; it is by number, and the certificate is for a name."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_ANSWER)
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.path, certificate.key)
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as running:
        yield f"https://127.0.0.1:{running.sockets[0].getsockname()[1]}"


async def is_known(address: str, trusts: ssl.SSLContext | None) -> bool:
    link = Link(address, "", trusts=trusts)
    try:
        return await link.probe()
    finally:
        await link.close()


async def test_a_server_is_known_by_its_certificate_whatever_its_name_is(own: Certificate) -> None:
    async with server(own) as address:
        assert await is_known(address, pinned(own.path))


async def test_the_first_of_a_chain_is_the_servers(own: Certificate, tmp_path: Path) -> None:
    other = _other(tmp_path)
    chain = tmp_path / "chain.pem"
    chain.write_text(own.path.read_text() + other.path.read_text())
    async with server(own) as address, server(other) as elsewhere:
        assert await is_known(address, pinned(chain))
        assert not await is_known(elsewhere, pinned(chain))


async def test_whoever_has_another_certificate_of_the_same_name_is_not_the_server(
    own: Certificate, tmp_path: Path
) -> None:
    async with server(_other(tmp_path)) as address:
        assert not await is_known(address, pinned(own.path))


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted_unless_told(own: Certificate) -> None:
    async with server(own) as address:
        assert not await is_known(address, None)


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff"], ids=["no file", "empty", "text", "bytes"])
def test_what_is_no_certificate_is_said(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "cert.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CertificateUnusable, match="is no certificate to know the server by"):
        pinned(file)


def _other(folder: Path) -> Certificate:
    (folder / "other").mkdir()
    return self_signed(folder / "other")
