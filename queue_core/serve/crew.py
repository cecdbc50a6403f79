"""The web processes of one server: each is started again when it dies, while the others go on serving.

They share the port by SO_REUSEPORT, each with a socket of its own: what the kernel had queued for a process dies with
it, and waits in nobody's name.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path

from queue_core.domain.errors import WartezoneError
from queue_core.serve.child import Child, Pauses, Program, environment_of
from queue_core.settings import Settings

log = logging.getLogger(__name__)

COMMAND = ("web",)
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
#: Read by the library of the figures when it is imported.
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
#: Longer than streams and answers under way take to end.
STOP_WITHIN_S = 15.0

Gone = Callable[[int], None]


class NeverReady(WartezoneError):
    def __init__(self, code: int) -> None:
        super().__init__(f"a web process ended with {code} before it served; the lines above say why")


def web_program(settings: Settings, store_url: str, figures: Path) -> Program:
    """They end with us at once, however we end: the next start must find the port free.

    `figures`: the folder where they keep what they counted, so that each can tell it of all.
    """
    environment = {
        **dict(environment_of(settings, store_url)),
        "WARTEZONE_PORT": str(settings.port),
        "WARTEZONE_WORKERS": str(settings.workers),
        METRICS_VARIABLE: str(figures),
    }
    return Program((*COMMAND, str(figures)), environment, STOP_WITHIN_S, signal.SIGKILL, tells=True)


class Crew:
    def __init__(self, program: Program, count: int, gone: Gone) -> None:
        """`gone` is told the process id of each that ended."""
        self._seats = [Seat(program, gone) for _ in range(count)]

    @property
    def pids(self) -> set[int]:
        """Of those that live."""
        return {seat.holder.pid for seat in self._seats if seat.holder and not seat.holder.is_gone}

    async def run(self) -> None:
        """Keeps them all alive until `end`. Raises `NeverReady` when one does not come to serve at the start."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for seat in self._seats:
                    tasks.create_task(seat.run())
        except ExceptionGroup as group:
            raise group.exceptions[0] from group

    async def ready(self) -> None:
        """Returns when each has served once."""
        await asyncio.gather(*(seat.serves.wait() for seat in self._seats))

    async def renew(self) -> None:
        """New processes for old, one after the other, each serving before the old one stops to. Stops at a failure."""
        for seat in self._seats:
            if not await seat.renew():
                log.error("the rolling restart ends here: the new process did not come to serve, the old ones go on")
                return
        log.info("all %d web processes are new", len(self._seats))

    async def end(self) -> None:
        """All at once: whoever is sent away comes back to the next start."""
        await asyncio.gather(*(seat.end() for seat in self._seats))


class Seat:
    """One place in the crew, and whoever holds it."""

    def __init__(self, program: Program, gone: Gone) -> None:
        self.serves = asyncio.Event()
        self._program, self._gone = program, gone
        self.holder: Child | None = None
        self._turn = asyncio.Lock()
        self._ending = False

    async def run(self) -> None:
        pauses = Pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        try:
            while not self._ending:
                await self._fill()
                pauses.born()
                code = await self._vacant()
                if self._ending:
                    return
                if not self.serves.is_set():
                    raise NeverReady(code)
                pause_s = pauses.after_death()
                log.warning("a web process ended with %s; again in %.1f s", code, pause_s)
                await asyncio.sleep(pause_s)
        finally:
            await self.end()

    async def renew(self) -> bool:
        """False when the successor did not come to serve: the old one stays."""
        async with self._turn:
            successor = await Child.spawn(self._program)
            try:
                serves = await successor.ready()
            except asyncio.CancelledError:
                await successor.end()
                raise
            if self._ending or not serves:
                await successor.end()
                self._gone(successor.pid)
                return False
            old, self.holder = self.holder, successor
        if old:
            await old.end()
        return True

    async def end(self) -> None:
        self._ending = True
        if self.holder:
            await self.holder.end()

    async def _fill(self) -> None:
        async with self._turn:
            if self.holder is None or self.holder.is_gone:
                self.holder = await Child.spawn(self._program)
                if await self.holder.ready():
                    self.serves.set()

    async def _vacant(self) -> int:
        """How the last holder ended; one that was replaced leaves no vacancy."""
        while True:
            holder = self.holder
            assert holder is not None
            code = await holder.ended()
            self._gone(holder.pid)
            if self.holder is holder:
                return code
