"""A process's life: its parts, and what ends it."""

import asyncio
import logging
import os
import signal

import pytest

from queue_core.domain.errors import WartezoneError
from queue_core.serve.life import Life, PartFailed


async def forever() -> None:
    await asyncio.Event().wait()


async def failing() -> None:
    raise ValueError("broken")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_without_a_failure(number: signal.Signals) -> None:
    life = Life()
    life.heed_signals()
    os.kill(os.getpid(), number)
    await asyncio.wait_for(life.over(), 5)
    assert life.failure is None
    asyncio.get_running_loop().remove_signal_handler(number)


async def test_the_first_part_that_fails_ends_it_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    life = Life()
    with caplog.at_level(logging.ERROR):
        life.begin(forever(), failing())
        await asyncio.wait_for(life.over(), 5)
    assert isinstance(life.failure, PartFailed)
    assert "a part of the server failed" in caplog.text
    life.end(WartezoneError("another"))
    assert isinstance(life.failure, PartFailed)
    await life.close()


async def test_its_end_cancels_every_part() -> None:
    life = Life()
    life.begin(forever(), forever())
    await asyncio.wait_for(life.close(), 5)
    assert not life.is_over


async def test_who_waits_for_the_first_moment_does_not_wait_beyond_the_end() -> None:
    life = Life()
    life.end(WartezoneError("over"))
    await asyncio.wait_for(life.first(forever()), 5)
    assert life.is_over
