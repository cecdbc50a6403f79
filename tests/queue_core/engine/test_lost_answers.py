"""Answers that are lost on the way: a key has one effect, and without one nothing happens twice."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter
from queue_core.domain.errors import StoreAway
from queue_core.domain.model import TicketState
from queue_core.engine import Engine, Once
from queue_core.store.connection import connect
from tests.support import invariants
from tests.support.bench import Bench
from tests.support.cutting_proxy import CuttingProxy, cutting_proxy
from tests.support.zones import NEW, NORMAL, ONE


@pytest.fixture
async def proxy(store_url: str) -> AsyncIterator[CuttingProxy]:
    with TemporaryDirectory(prefix="wz-") as folder:
        async with cutting_proxy(Path(folder), store_url) as proxy:
            yield proxy


@pytest.fixture
async def far(bench: Bench, proxy: CuttingProxy) -> AsyncIterator[Engine]:
    """An engine behind the proxy."""
    client = connect(proxy.url)
    engine = bench.process(client=client)
    await engine.open()
    yield engine
    await client.aclose()


async def test_every_key_has_one_effect_however_often_its_answer_is_lost(
    bench: Bench, proxy: CuttingProxy, far: Engine
) -> None:
    chance, drawn = random.Random(3), set[str]()

    async def draw(n: int) -> None:
        while True:
            try:
                outcome = await far.do(bench.zone.id, Issue(NEW, NORMAL), Once("kiosk", str(n)))
            except StoreAway:
                continue
            drawn.add(outcome.events[0].data["number"])
            return

    for round_ in range(20):
        proxy.cut_after = chance.randrange(3000)
        await asyncio.gather(*(draw(10 * round_ + n) for n in range(10)))
    assert sorted(drawn) == [f"A{n:03d}" for n in range(1, 201)]
    assert (await bench.read()).ordinal == 200
    invariants.i8_seq_has_no_gap([e async for e in bench.records.export()])


async def test_without_a_key_a_lost_answer_is_told_and_nothing_runs_twice(
    bench: Bench, proxy: CuttingProxy, far: Engine
) -> None:
    proxy.cut_after = 0
    with pytest.raises(StoreAway):
        await far.do(bench.zone.id, Issue(NEW, NORMAL))
    assert (await bench.read()).ordinal == 1


async def test_an_answer_that_was_lost_and_got_again_is_the_same(
    bench: Bench, proxy: CuttingProxy, far: Engine
) -> None:
    for command in (OpenCounter(ONE), Issue(NEW, NORMAL), CallNext(ONE), Finish(ONE)):
        proxy.cut_after = 20
        once = Once("desk", command.move)
        told = await far.do(bench.zone.id, command, once)
        assert told.repeated
        assert (await bench.do(command, once)).events == told.events
    assert (await bench.read()).totals == {TicketState.FINISHED: 1}
