"""Passwords: argon2id, computed in threads so that nobody's stream stalls, and few at once."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from queue_core.web.problems import busy

PASSWORD_LEAST = 12
PASSWORD_MOST = 128
_AT_ONCE = 2
#: Less than a request may take: whoever waits longer is told why.
_TURN_WITHIN_S = 2.0


class Passwords:
    """All but the constructor may raise `Problem` 503 where too many want a turn."""

    def __init__(self, hasher: PasswordHasher | None = None, turn_within_s: float = _TURN_WITHIN_S) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn_within_s = turn_within_s
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._own_turn():
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """False, after the same time, where there is no such account (None)."""
        if hashed is None:
            self._nobodys = self._nobodys or await self.hash("")
            await self._verify(self._nobodys, password)
            return False
        return await self._verify(hashed, password)

    async def _verify(self, hashed: str, password: str) -> bool:
        async with self._own_turn():
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, _normal(password))
            except (VerifyMismatchError, InvalidHashError):
                return False

    @asynccontextmanager
    async def _own_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._turn_within_s):
                await self._turn.acquire()
        except TimeoutError:
            raise busy() from None
        try:
            yield
        finally:
            self._turn.release()


def _normal(password: str) -> str:
    """One form for the same characters, whichever keyboard they came from."""
    return unicodedata.normalize("NFKC", password)
