"""Passwords: argon2id, computed in threads so that nobody's stream stalls, and few at once."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

PASSWORD_LEAST = 12
PASSWORD_MOST = 128
_AT_ONCE = 2


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """False, after the same time, where there is no such account (None)."""
        if hashed is None:
            self._nobodys = self._nobodys or await self.hash("")
            await self._verify(self._nobodys, password)
            return False
        return await self._verify(hashed, password)

    async def _verify(self, hashed: str, password: str) -> bool:
        async with self._turn:
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, _normal(password))
            except (VerifyMismatchError, InvalidHashError):
                return False


def _normal(password: str) -> str:
    """One form for the same characters, whichever keyboard they came from."""
    return unicodedata.normalize("NFKC", password)
