"""A process's life: the parts that run as long as it does, and what ends it."""

import asyncio
import logging
import signal
from collections.abc import Awaitable

from queue_core.domain.errors import WartezoneError

log = logging.getLogger(__name__)


class PartFailed(WartezoneError):
    def __init__(self, cause: Exception) -> None:
        super().__init__(f"a part of the server failed, the log says where: {cause!r}")


class Life:
    """Over at a signal, or when a part fails for good: whoever started the process starts it again, whole."""

    def __init__(self) -> None:
        self.failure: WartezoneError | None = None
        self._over = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def heed_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._over.set)

    def begin(self, *parts: Awaitable[None]) -> None:
        self._parts += [asyncio.create_task(self.watched(part)) for part in parts]

    async def watched(self, part: Awaitable[None]) -> None:
        try:
            await part
        except Exception as e:
            log.exception("a part of the server failed")
            self.end(PartFailed(e))

    def end(self, failure: WartezoneError) -> None:
        self.failure = self.failure or failure
        self._over.set()

    async def first(self, ready: Awaitable[None]) -> None:
        """Waits for `ready`, or for the end."""
        waiting = [asyncio.ensure_future(ready), asyncio.ensure_future(self._over.wait())]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    async def over(self) -> None:
        await self._over.wait()

    async def close(self) -> None:
        """Cancels every part and waits for it."""
        for part in self._parts:
            part.cancel()
        await asyncio.gather(*self._parts, return_exceptions=True)
