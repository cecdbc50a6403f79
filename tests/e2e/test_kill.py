"""Processes die and networks fail at random moments under load: nothing acknowledged is lost, nothing happens twice."""

import time
from collections.abc import Callable
from random import Random

import pytest

from tests.e2e.support.contention import contention
from tests.e2e.support.hall import Hall, at_work
from tests.support.eventually import eventually
from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.alone

SEED = 20260401
ROUNDS = 12
#: Between two deaths so many commands are answered at least, and at most.
QUIET_COMMANDS = (10, 80)
READY_WITHIN_S = 5.0

Kill = Callable[[OfficeProcess], None]
DEATHS: dict[str, Kill] = {
    "server": OfficeProcess.kill_server,
    "store": OfficeProcess.kill_store,
    "both": OfficeProcess.kill_both,
    "group": OfficeProcess.kill_group,
}


async def test_nothing_is_lost_or_doubled_when_processes_are_killed_under_load(office: OfficeProcess) -> None:
    office.start()
    random = Random(SEED)
    deaths = [*DEATHS, *DEATHS, *random.choices(list(DEATHS), k=ROUNDS - 2 * len(DEATHS))]
    random.shuffle(deaths)
    away_s: list[tuple[str, float]] = []
    crowded: list[float] = []
    async with at_work(office, SEED) as hall:
        for death in deaths:
            await hall.load.goes_on(random.randint(*QUIET_COMMANDS))
            away_s.append((death, await _away_s(hall, DEATHS[death])))
            crowded.append(contention())
            await hall.load.goes_on(random.randint(*QUIET_COMMANDS))
            for watcher in random.sample(hall.watchers, k=len(hall.watchers) // 2):
                watcher.cut()
        await hall.load.goes_on(QUIET_COMMANDS[1])
    _tell(hall, away_s)
    assert sum(watcher.resumed for watcher in hall.watchers) > 0
    print(f"the machine was up to {max(crowded):.1f} times as slow as an idle one")
    assert max(seconds for _, seconds in away_s) <= READY_WITHIN_S * max(crowded)


async def _away_s(hall: Hall, kill: Kill) -> float:
    """From the death until a command that began after it was answered, and the server says that it is ready."""
    kill(hall.office)
    died = time.monotonic()
    if hall.office.server.poll() is not None:
        hall.office.spawn()
    await hall.load.answers_what_begins_after(died)
    await eventually(hall.office.is_ready)
    return time.monotonic() - died


def _tell(hall: Hall, away_s: list[tuple[str, float]]) -> None:
    tally = hall.load.tally
    print(f"{tally.answered} commands answered, {tally.away} times 503, {tally.lost} answers lost")
    print("away after the death of", ", ".join(f"{death} {seconds:.2f} s" for death, seconds in away_s))
    for w in hall.watchers:
        print(
            f"{w.view}: {w.connections} connections, {w.resumed} resumed, {len(w.leaps)} snapshots, {len(w.seen)} seen"
        )
