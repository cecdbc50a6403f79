"""A child process: bound to our life, told to end, killed where it does not; and how soon a dead one comes again."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from queue_core.settings import Settings
from queue_core.store.embedded.launcher import launcher_command

log = logging.getLogger(__name__)

#: What a child prints, and nothing else, when it serves.
READY = "ready"
#: How soon a child that died comes again, and how late at most.
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """One of our own commands. `tells`: it prints `READY`. `death_signal` reaches it when we die."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    end_within_s: float
    death_signal: signal.Signals = signal.SIGTERM
    tells: bool = False


class Child:
    """In a session of its own: Ctrl-C and make signal our group, and we end our children in order."""

    def __init__(self, process: Process, end_within_s: float) -> None:
        self._process, self._end_within_s = process, end_within_s

    @classmethod
    async def spawn(cls, program: Program) -> Self:
        """From the main thread, whose end is the signal."""
        arguments = ("-m", "queue_core", *program.arguments)
        process = await asyncio.create_subprocess_exec(
            *launcher_command(Path(sys.executable), arguments, program.death_signal),
            env={**os.environ, **program.environment},
            stdout=PIPE if program.tells else None,
            start_new_session=True,
        )
        return cls(process, program.end_within_s)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_gone(self) -> bool:
        return self._process.returncode is not None

    async def ready(self) -> bool:
        """False when it ended before; for a program that tells."""
        return await self.told() == READY

    async def told(self) -> str:
        """The next line that it prints, for a program that tells; empty when it ended before."""
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def ended(self) -> int:
        return await self._process.wait()

    async def end(self) -> None:
        if self.is_gone:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(self._end_within_s):
                await self._process.wait()
        except TimeoutError:
            log.warning("process %s did not end within %.0f s and is killed", self.pid, self._end_within_s)
            self._process.kill()
            await self._process.wait()


@dataclass(slots=True)
class Pauses:
    """Between deaths: longer with each, short again for one that had lived for a while."""

    first_s: float
    longest_s: float
    _next_s: float = 0.0
    _born_s: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def after_death(self) -> float:
        if asyncio.get_running_loop().time() - self._born_s > self.longest_s:
            self._next_s = 0.0
        pause_s = max(self._next_s, self.first_s)
        self._next_s = min(2 * pause_s, self.longest_s)
        return pause_s

    def born(self) -> None:
        self._born_s = asyncio.get_running_loop().time()


def environment_of(settings: Settings, store_url: str) -> Iterator[tuple[str, str]]:
    """What a child must know that our command line may have said: where the store, the data and the office are."""
    yield "WARTEZONE_REDIS_URL", store_url
    yield "WARTEZONE_DATA", str(settings.data.resolve())
    if settings.config:
        yield "WARTEZONE_CONFIG", str(settings.config.resolve())
