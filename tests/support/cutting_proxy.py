"""A proxy before a store that cuts a connection within an answer: what was asked has run, and nobody hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

_CHUNK = 65_536


class CuttingProxy:
    """`cut_after` bytes of answers the connection ends; None for never. It counts for one connection, once."""

    def __init__(self, folder: Path, url: str) -> None:
        self._path, self._store = folder / "proxy.sock", unquote(urlsplit(url).path)
        self.url = f"unix://{self._path}"
        self.connections = 0
        self.cut_after: int | None = None

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_unix_server(self._serve, self._path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        answers, asking = await asyncio.open_unix_connection(self._store)
        questions = asyncio.create_task(_pass_on(reader, asking))
        try:
            while chunk := await answers.read(_CHUNK):
                if self.cut_after is not None and len(chunk) > self.cut_after:
                    writer.write(chunk[: self.cut_after])
                    self.cut_after = None
                    return
                if self.cut_after is not None:
                    self.cut_after -= len(chunk)
                writer.write(chunk)
        finally:
            questions.cancel()
            for end in (writer, asking):
                end.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
    writer.close()


@asynccontextmanager
async def cutting_proxy(folder: Path, url: str) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(folder, url)
    server = await proxy.serve()
    try:
        yield proxy
    finally:
        server.close()
