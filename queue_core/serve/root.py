"""One start, one process: the store first, then what stands on it; at the end all of it in the opposite order."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from queue_core.domain.errors import WartezoneError
from queue_core.domain.office import Office
from queue_core.office_file import default_config, read_office
from queue_core.serve.building import House, build
from queue_core.serve.listener import HttpServer, allow_open_files, bind, http_server
from queue_core.serve.logs import configure_logs
from queue_core.serve.screens import welcome
from queue_core.serve.worker import WorkerChild
from queue_core.settings import Settings
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.failures import StoreFailure
from queue_core.store.opened import open_store
from queue_core.web.face import load_faces

log = logging.getLogger(__name__)

#: Something that lives with the server and acts on it from outside, such as the demo's visitors and clerks.
Companion = Callable[[Settings, House], Awaitable[None]]


class PartFailed(WartezoneError):
    def __init__(self, cause: Exception) -> None:
        super().__init__(f"a part of the server failed, the log says where: {cause!r}")


def run(settings: Settings, companion: Companion | None = None) -> None:
    """Serves until SIGTERM or Ctrl-C. Raises what keeps it from starting, told in one line each."""
    configure_logs(settings.log_level, settings.log_format)
    allow_open_files()
    files = read_office(settings.config or default_config())
    for warning in files.warnings:
        log.warning("%s", warning)
    with _bound(settings) as listener, _store(settings) as embedded:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        url = embedded.url if embedded else settings.external_store or ""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            failure = runner.run(_Process(settings, files.office, listener, embedded, companion).live(url))
    if failure:
        raise failure


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    with contextlib.closing(bind(settings.host, settings.port)) as listener:
        yield listener


@contextmanager
def _store(settings: Settings) -> Iterator[EmbeddedStore | None]:
    """The embedded store: started before any thread or loop, stopped after everything that writes."""
    if settings.redis_url is not None:
        yield None
        return
    embedded = EmbeddedStore(settings.data)
    embedded.start()
    try:
        yield embedded
    finally:
        embedded.stop()


class _Process:
    def __init__(
        self,
        settings: Settings,
        office: Office,
        listener: socket.socket,
        embedded: EmbeddedStore | None,
        companion: Companion | None,
    ) -> None:
        self._settings, self._office, self._listener = settings, office, listener
        self._embedded, self._companion = embedded, companion
        self._stopping = asyncio.Event()
        self._failure: WartezoneError | None = None

    async def live(self, url: str) -> WartezoneError | None:
        """Until a signal, or until the store or a part of ours fails for good: that is answered."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        faces = load_faces(self._settings.faces)
        async with open_store(url) as store:
            house = build(self._settings, self._office, store, faces)
            await house.engine.open()
            await store.tell_address(self._settings.base_url)
            server = http_server(house.app, house.streams, self._tls())
            tasks = self._begun(self._supervised(), house.hub.run())
            try:
                await self._serve(url, house, server, frozenset(face.name for face in faces), tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        return self._failure

    async def _serve(
        self, url: str, house: House, server: HttpServer, faces: frozenset[str], tasks: list[asyncio.Task[None]]
    ) -> None:
        serving = asyncio.create_task(self._watched(server.serve(sockets=[self._listener])))
        await self._first(house.hub.ready())
        if not self._stopping.is_set():
            worker = WorkerChild(self._settings, url)
            tasks += self._begun(worker.run(), house.forecasting.run())
            print(welcome(self._settings, self._office, faces, await house.credentials.invite_admin()), flush=True)
            if self._companion:
                tasks += self._begun(self._companion(self._settings, house))
        await self._stopping.wait()
        house.app.state.draining = True
        await house.hub.close()
        server.should_exit = True
        await serving

    def _begun(self, *parts: Awaitable[None]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self._watched(part)) for part in parts]

    async def _first(self, ready: Awaitable[None]) -> None:
        """Waits for `ready`, or for the end."""
        waiting = [asyncio.ensure_future(ready), asyncio.ensure_future(self._stopping.wait())]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    async def _supervised(self) -> None:
        if self._embedded is None:
            return
        try:
            await self._embedded.supervise()
        except StoreFailure as e:
            self._failure = e
            self._stopping.set()

    async def _watched(self, part: Awaitable[None]) -> None:
        """A part that fails for good ends the process: whoever started it starts it again, whole."""
        try:
            await part
        except Exception as e:
            log.exception("a part of the server failed")
            self._failure = self._failure or PartFailed(e)
            self._stopping.set()

    def _tls(self) -> tuple[Path, Path] | None:
        certificate, key = self._settings.tls_cert, self._settings.tls_key
        return (certificate, key) if certificate and key else None
