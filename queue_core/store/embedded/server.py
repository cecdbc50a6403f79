"""The embedded store: a Valkey of our own under the data directory, for as long as we live.

Two locks keep order. `owner` is held by the process that uses the directory and dies with it. `lock` is handed to
the server as an open descriptor and lives exactly as long as the server. So whoever holds `owner` and finds `lock`
taken has met an orphan: on its way out (its parent's death was signalled to it), or to be adopted.
"""

import asyncio
import errno
import itertools
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from queue_core.store.embedded.address import make_private, socket_path, socket_url
from queue_core.store.embedded.append_log import drop_unfinished, drop_zero_tail
from queue_core.store.embedded.launcher import launcher_command
from queue_core.store.embedded.lock import NOBODY, FileLock
from queue_core.store.embedded.options import server_arguments, server_binary
from queue_core.store.embedded.probe import Answer, ask, identity
from queue_core.store.embedded.process import POLL_S, Child, Orphan, ServerProcess, end, end_leftovers
from queue_core.store.embedded.server_log import MIN_FREE_BYTES, ServerLog, free_bytes
from queue_core.store.embedded.turns import shorten_turns
from queue_core.store.failures import DataDirectoryBusy, StorageFull, StoreDidNotStart, StoreFailure

log = logging.getLogger(__name__)

SILENCE_S = 30.0  # a server that loads its log answers so and may take longer
ORPHAN_GRACE_S = 0.5  # one that was told to go does so within a tenth of a second
STOP_WITHIN_S = 10.0
WATCH_S = 0.05
STEADY_S = 10.0
MAX_PAUSE_S = 2.0


class EmbeddedStore:
    """start() and stop() from the main thread, supervise() in its event loop; `failure` while it is away."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.url = socket_url(self.directory)
        self.failure: StoreFailure | None = None
        self._owner = FileLock(self.directory / "owner")
        self._lock = FileLock(self.directory / "lock")
        self._log = ServerLog(self.directory)
        self._process: ServerProcess | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def adopted(self) -> bool:
        return isinstance(self._process, Orphan)

    def start(self) -> None:
        """Return when the server answers; StoreFailure when it will not."""
        self._take_directory()
        try:
            for _ in self._bring_up():
                time.sleep(POLL_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and give the directory free; to be called last, after everything that writes."""
        process, self._process = self._process, None
        if process:
            end(process, STOP_WITHIN_S)
        self._owner.leave()

    async def supervise(self) -> None:
        """Bring a dead server up again, until stop(). A failure that only a person can mend is raised."""
        pauses = _pauses_s()
        while process := self._process:
            up_since = time.monotonic()
            while process.alive():  # noqa: ASYNC110 - it is another process that ends
                await asyncio.sleep(WATCH_S)
            if not self._owner.held:
                return
            self._report(self._log.failure(process.exit_code, was_ready=True))
            if time.monotonic() - up_since > STEADY_S:
                pauses = _pauses_s()
            await self._restart(pauses)

    async def _restart(self, pauses: Iterator[float]) -> None:
        await asyncio.sleep(next(pauses))
        while self._owner.held:
            try:
                for _ in self._bring_up():
                    await asyncio.sleep(POLL_S)
                    if not self._owner.held:
                        return
            except StoreFailure as failure:
                self._report(failure)
                if failure.final:
                    raise
                await asyncio.sleep(next(pauses))
            else:
                self.failure = None
                log.warning("the store is back, process %s", self.pid)
                return

    def _report(self, failure: StoreFailure) -> None:
        if type(failure) is not type(self.failure):
            log.error("%s", failure)
        self.failure = failure

    def _take_directory(self) -> None:
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._owner.take():
                raise DataDirectoryBusy(self.directory, self._owner.signature())
            self._owner.sign(os.getpid())
        except OSError as error:
            self._owner.leave()
            raise self._refused_by_system(error) from error

    def _bring_up(self) -> Iterator[None]:
        """Yields while there is something to wait for: start() then sleeps, supervise() gives way."""
        process = self._process = yield from self._find_process()
        silent_since = time.monotonic()
        while (answer := ask(self.url)) is not Answer.READY:
            if not process.alive():
                raise self._log.failure(process.exit_code, was_ready=False)
            if answer is Answer.LOADING:
                silent_since = time.monotonic()
            if time.monotonic() - silent_since > SILENCE_S:
                end(process, STOP_WITHIN_S)
                raise StoreDidNotStart(f"no answer on {self.url} within {SILENCE_S:.0f} s", self._log.tail())
            yield

    def _find_process(self) -> Generator[None, None, ServerProcess]:
        began = time.monotonic()
        while not self._lock.take():
            holder = self._lock.signature()
            if holder is not NOBODY:
                end_leftovers(holder)
            waited_s = time.monotonic() - began
            if waited_s > ORPHAN_GRACE_S and (orphan := self._orphan()):
                self._log.join_run()
                log.warning("adopted the store that an earlier run left behind, process %s", orphan.pid)
                return orphan
            if waited_s > SILENCE_S:
                raise StoreDidNotStart(f"process {holder} holds {self._lock.path} and does not answer")
            yield
        try:
            return self._spawn()
        except OSError as error:
            raise self._refused_by_system(error) from error
        finally:
            self._lock.leave()

    def _orphan(self) -> Orphan | None:
        """The server that holds the lock, if it is the one that answers for this directory."""
        pid = self._lock.signature()
        if pid is NOBODY or identity(self.url) != (pid, self.directory):
            return None
        return Orphan(pid, self._lock)

    def _spawn(self) -> Child:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start the store from the main thread: it dies with the thread that started it")
        if (free := free_bytes(self.directory)) < MIN_FREE_BYTES:
            raise StorageFull(self.directory, free)
        if dropped := drop_zero_tail(self.directory):
            log.warning("dropped %s zero bytes that a power cut left at the end of the log", dropped)
        drop_unfinished(self.directory)
        socket = socket_path(self.directory)
        if socket.parent != self.directory:
            make_private(socket.parent)
        command = launcher_command(server_binary(), server_arguments(self.directory, socket), signal.SIGTERM)
        self._lock.sign(NOBODY)
        with self._log.open_for_run() as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                umask=0o077,
                start_new_session=True,  # Ctrl-C and make signal our group; the server is to stop last
                pass_fds=[self._lock.descriptor],
            )
        self._lock.sign(process.pid)
        _shorten_turns(process.pid)
        return Child(process)

    def _refused_by_system(self, error: OSError) -> StoreFailure:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return StorageFull(self.directory, free_bytes(self.directory))
        return StoreDidNotStart(str(error))


def _shorten_turns(pid: int) -> None:
    try:
        shorten_turns(pid)
    except OSError as e:
        log.info("the store keeps the usual turns on the processor: %s", e)


def _pauses_s() -> Iterator[float]:
    yield 0.0
    yield from (min(0.1 * 2**attempt, MAX_PAUSE_S) for attempt in itertools.count())
