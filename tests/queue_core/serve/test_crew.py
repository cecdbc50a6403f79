"""Web processes as children: who comes to serve, who is replaced, and what a start that fails says."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from queue_core.serve.child import Child, Pauses, Program
from queue_core.serve.crew import Crew, NeverReady, web_program
from queue_core.settings import Settings
from tests.support.embedded import process_exists
from tests.support.eventually import eventually
from tests.support.office_files import office_file
from tests.support.office_process import free_port

pytestmark = pytest.mark.slow

WITHIN_S = 30.0
FAILING = Program(("check", "/nowhere/at/all"), {}, 1.0, tells=True)


class Roll:
    """Whom the crew has reported as gone."""

    def __init__(self) -> None:
        self.gone: list[int] = []


@asynccontextmanager
async def crew_of(count: int, url: str, folder: Path) -> AsyncIterator[tuple[Crew, Roll]]:
    settings = Settings(data=folder, config=office_file(folder), port=free_port(), workers=count)
    (folder / "metrics").mkdir()
    roll = Roll()
    crew = Crew(web_program(settings, url, folder / "metrics"), count, roll.gone.append)
    task = asyncio.create_task(crew.run())
    try:
        await asyncio.wait_for(crew.ready(), WITHIN_S)
        yield crew, roll
    finally:
        await crew.end()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_crew_serves_replaces_its_dead_and_ends(valkey_url: str, tmp_path: Path) -> None:
    async with crew_of(1, valkey_url, tmp_path) as (crew, roll):
        [first] = crew.pids
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: roll.gone == [first])
        [second] = await eventually(lambda: crew.pids - {first}, WITHIN_S)
    assert roll.gone == [first, second]
    assert not process_exists(second)


async def test_a_renewed_crew_has_other_processes(valkey_url: str, tmp_path: Path) -> None:
    async with crew_of(1, valkey_url, tmp_path) as (crew, roll):
        before = crew.pids
        await asyncio.wait_for(crew.renew(), WITHIN_S)
        assert not before & crew.pids
        assert set(await eventually(lambda: roll.gone)) == before


async def test_one_that_never_serves_fails_the_start() -> None:
    with pytest.raises(NeverReady, match="ended with 2 before it served"):
        await asyncio.wait_for(Crew(FAILING, 2, Roll().gone.append).run(), WITHIN_S)


async def test_a_child_that_does_not_listen_is_killed() -> None:
    child = await Child.spawn(Program(("check", "/dev/stdin"), {}, 0.05))
    os.kill(child.pid, signal.SIGSTOP)
    await child.end()
    assert child.is_gone


async def test_pauses_grow_with_each_death_in_a_row() -> None:
    pauses = Pauses(first_s=1.0, longest_s=5.0)
    assert [pauses.after_death() for _ in range(4)] == [1.0, 2.0, 4.0, 5.0]
