"""One start: the store first, then what stands on it; at the end all of it in the opposite order.

With one worker everything is this process. With more, this one holds the ports, the store and the background worker,
and every web process is a child that runs `run_web`.
"""

import asyncio
import logging
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog
import uvloop
from prometheus_client.multiprocess import mark_process_dead

from queue_core.domain.errors import WartezoneError
from queue_core.engine import Engine
from queue_core.office_file import OfficeFiles, default_config, read_office
from queue_core.serve.agent import AgentChild, is_installed
from queue_core.serve.building import House, build
from queue_core.serve.child import READY
from queue_core.serve.crew import Crew, NeverReady, web_program
from queue_core.serve.life import Life
from queue_core.serve.listener import require_tls
from queue_core.serve.logs import configure_logs
from queue_core.serve.ports import Ports, bind, capacity_warnings, reserve, share
from queue_core.serve.screens import welcome
from queue_core.serve.web import Web, settle
from queue_core.serve.worker import WorkerChild
from queue_core.settings import Settings
from queue_core.store.credentials import Credentials
from queue_core.store.embedded import EmbeddedStore
from queue_core.store.failures import StoreFailure
from queue_core.store.opened import Store, open_store
from queue_core.web.face import Face, load_faces

log = logging.getLogger(__name__)

FIGURES_EVERY_S = 1.0

#: Something that lives with the server and acts on it from outside, such as the demo's visitors and clerks.
Companion = Callable[[Settings, Engine, Credentials], Awaitable[None]]


def run(settings: Settings, companion: Companion | None = None) -> None:
    """Serves until SIGTERM or Ctrl-C. Raises what keeps it from starting, told in one line each."""
    configure_logs(settings.log_level, settings.log_format)
    files = _files(settings)
    if settings.tls_files:
        require_tls(*settings.tls_files)
    alone = settings.workers == 1
    with Ports.opened(settings, bind if alone else reserve) as ports, _store(settings) as embedded:
        settings = settings.model_copy(update={"port": ports.number})
        url = embedded.url if embedded else settings.external_store or ""
        root = _Root(settings, files, load_faces(settings.faces), url, embedded, companion)
        _live(root.alone(ports) if alone else root.with_crew())


def run_web(settings: Settings, figures: Path) -> None:
    """One of several web processes, until SIGTERM; says when it serves. Its parent has the store and the rest."""
    configure_logs(settings.log_level, settings.log_format)
    structlog.contextvars.bind_contextvars(process=os.getpid())
    files = _files(settings)
    with Ports.opened(settings, share) as ports:
        _live(_web(settings, files, load_faces(settings.faces), ports, figures))


def _live(life: Awaitable[WartezoneError | None]) -> None:
    async def lived() -> WartezoneError | None:
        return await life

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        failure = runner.run(lived())
    if failure:
        raise failure


def _files(settings: Settings) -> OfficeFiles:
    files = read_office(settings.config or default_config())
    for warning in files.warnings:
        log.warning("%s", warning)
    return files


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


async def _web(
    settings: Settings, files: OfficeFiles, faces: Sequence[Face], ports: Ports, figures: Path
) -> WartezoneError | None:
    life = Life()
    life.heed_signals()
    async with open_store(settings.external_store or "") as store:
        house = build(settings, files, store, faces, figures)
        await house.engine.open()
        web = Web(settings, house, ports, life)
        life.begin(house.hub.run())
        try:
            await life.first(house.hub.ready())
            if not life.is_over:
                await web.listen()
                life.begin(house.hindsight.run(), house.forecasting.run(), house.watch.alarms.run(), _refreshed(house))
                life.begin(house.watch_phones())
                settle()
                print(READY, flush=True)
            await life.over()
            web.take_no_more()
            await web.close()
        finally:
            await life.close()
    return life.failure


class _Root:
    """The process that was started: with its own house, or with a crew of others that have one each."""

    def __init__(
        self,
        settings: Settings,
        files: OfficeFiles,
        faces: Sequence[Face],
        url: str,
        embedded: EmbeddedStore | None,
        companion: Companion | None,
    ) -> None:
        self._settings, self._files, self._faces, self._url = settings, files, faces, url
        self._embedded, self._companion = embedded, companion
        self._shortages = list(capacity_warnings(settings.stream_clients_most))

    async def alone(self, ports: Ports) -> WartezoneError | None:
        """Until a signal, or until the store or a part of ours fails for good: that is answered."""
        life = Life()
        life.heed_signals()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, _tell_that_alone)
        async with open_store(self._url) as store:
            house = build(self._settings, self._files, store, self._faces)
            await house.engine.open()
            await store.tell_address(self._settings.base_url)
            web = Web(self._settings, house, ports, life)
            life.begin(self._supervised(life), house.hub.run())
            try:
                await web.listen()
                await life.first(house.hub.ready())
                if not life.is_over:
                    life.begin(house.hindsight.run(), house.forecasting.run(), house.watch.alarms.run())
                    life.begin(house.watch_phones())
                    await self._ready(life, store, house.engine)
                    settle()
                await life.over()
                await web.close()
            finally:
                await life.close()
        return life.failure

    async def with_crew(self) -> WartezoneError | None:
        life = Life()
        life.heed_signals()
        async with open_store(self._url) as store:
            engine = Engine(self._files.office, store.zones(self._files.office))
            await engine.open()
            await store.tell_address(self._settings.base_url)
            crew = self._crew()
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, lambda: life.begin(crew.renew()))
            life.begin(self._supervised(life), _kept(crew, life))
            try:
                await life.first(crew.ready())
                if not life.is_over:
                    await self._ready(life, store, engine)
                await life.over()
                await crew.end()
            finally:
                await life.close()
        return life.failure

    def _crew(self) -> Crew:
        figures = _emptied(self._settings.data.resolve() / "metrics")
        program = web_program(self._settings, self._url, figures)
        return Crew(program, self._settings.workers, partial(mark_process_dead, path=str(figures)))

    async def _ready(self, life: Life, store: Store, engine: Engine) -> None:
        credentials = Credentials(store.client)
        life.begin(WorkerChild(self._settings, self._url).run())
        for warning in self._shortages:
            log.warning("%s", warning)
        faces = frozenset(face.name for face in self._faces)
        print(welcome(self._settings, self._files.office, faces, await credentials.invite_admin()), flush=True)
        if (agent := self._agent(credentials, faces)) is not None:
            life.begin(agent.run())
        if self._companion:
            life.begin(self._companion(self._settings, engine, credentials))

    def _agent(self, credentials: Credentials, faces: frozenset[str]) -> AgentChild | None:
        """Of the first kiosk."""
        kiosk = next(iter(self._files.devices.kiosks.values()), None)
        wanted = self._settings.kiosk_agent and "kiosk" in faces and is_installed()
        return AgentChild(self._settings, kiosk, credentials) if kiosk and wanted else None

    async def _supervised(self, life: Life) -> None:
        if self._embedded is None:
            return
        try:
            await self._embedded.supervise()
        except StoreFailure as e:
            life.end(e)


async def _kept(crew: Crew, life: Life) -> None:
    try:
        await crew.run()
    except NeverReady as e:
        life.end(e)


async def _refreshed(house: House) -> None:
    while True:
        house.app.state.metrics.refresh()
        await asyncio.sleep(FIGURES_EVERY_S)


def _tell_that_alone() -> None:
    log.warning("nobody could serve meanwhile: a rolling restart needs WARTEZONE_WORKERS of 2 or more")


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder
