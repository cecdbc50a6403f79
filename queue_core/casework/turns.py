"""How many may be at work at once, and how many wait for it: beyond that people are told to come again in a moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from queue_core.domain.errors import WartezoneError


class TooBusy(WartezoneError):
    """Too many wait already. Nobody is locked: whoever asks again a moment later may come in."""


class Turns:
    """One process's."""

    def __init__(self, at_once: int, waiting_most: int) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._waiting, self._waiting_most = 0, waiting_most

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Raises `TooBusy`."""
        if self._waiting >= self._waiting_most:
            raise TooBusy
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()
