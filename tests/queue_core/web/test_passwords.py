"""Passwords: one at a time in a few threads; whoever would wait too long is told so, and loses no try."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher

from queue_core.web.passwords import Passwords
from queue_core.web.problems import Problem
from tests.support.web_office import QUICK_PASSWORDS, WebOffice


class Stuck(PasswordHasher):
    """Hashes when it is let."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Event()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.go.wait()
        return super().hash(password, salt=salt)


async def test_whoever_would_wait_too_long_for_a_turn_is_told_that_we_are_busy() -> None:
    stuck = Stuck()
    passwords = Passwords(stuck, turn_within_s=0.01)
    under_way = [asyncio.create_task(passwords.hash("first")) for _ in range(2)]
    await asyncio.sleep(0)
    try:
        with pytest.raises(Problem) as raised:
            await passwords.hash("third")
    finally:
        stuck.go.set()
    assert (raised.value.status, raised.value.code) == (503, "busy")
    hashes = await asyncio.gather(*under_way)
    assert await passwords.matches(hashes[0], "first")
    assert not await passwords.matches(hashes[0], "second")


async def test_a_login_that_nobody_looked_at_is_no_failed_one(office: WebOffice) -> None:
    await office.account()
    stuck = Stuck()
    identity = office.frame.identity
    identity.passwords = Passwords(stuck, turn_within_s=0.01)
    under_way = [asyncio.create_task(identity.passwords.hash("first")) for _ in range(2)]
    await asyncio.sleep(0)
    for _ in range(8):
        assert (await office.log_in()).status_code == 503
    stuck.go.set()
    await asyncio.gather(*under_way)
    identity.passwords = QUICK_PASSWORDS
    assert (await office.log_in()).status_code == 303
