"""What was learned is kept in few writes, exchanged while the server runs, and never a reason not to start."""

from collections.abc import AsyncIterator

import pytest

from queue_core.domain.commands import Issue, OpenCounter
from queue_core.domain.errors import StoreAway
from queue_core.forecaster.craft import CRAFT, Craft
from queue_core.forecaster.zone import SAVE_LAWS_EVERY_S
from queue_core.store.laws import KeptLaws
from queue_core.store.packed import pack
from queue_core.store.records import Records
from tests.queue_core.forecaster.hall import HALL, Hall, Script, opened_hall, running
from tests.support.eventually import eventually
from tests.support.zones import NEW, NORMAL, ONE


@pytest.fixture
async def hall(valkey_url: str) -> AsyncIterator[Hall]:
    async with opened_hall(valkey_url) as hall:
        yield hall


@pytest.fixture
def laws(hall: Hall) -> KeptLaws:
    return KeptLaws(hall.client, HALL.id)


async def lessons(laws: KeptLaws) -> int:
    found = await laws.read()
    return int(found.record()["lessons"]) if found.packed else 0


async def test_laws_are_written_every_five_minutes_and_only_when_something_was_learned(
    hall: Hall, laws: KeptLaws
) -> None:
    forecaster = hall.forecaster(craft=Script().craft())

    async def learned_after(now_s: float) -> int:
        for event in (await hall.engine.do(HALL.id, Issue(NEW, NORMAL))).events:
            forecaster.observe(event, now_s)
            hall.snapshot.fold(event)
        await forecaster.turn(now_s)
        return await lessons(laws)

    await forecaster.turn(0.0)
    assert await learned_after(1.0) == 0
    assert await learned_after(SAVE_LAWS_EVERY_S - 1) == 0
    assert await learned_after(SAVE_LAWS_EVERY_S) == 3
    assert await learned_after(SAVE_LAWS_EVERY_S + 1) == 3
    await hall.client.delete("{hall}:laws")
    await forecaster.turn(SAVE_LAWS_EVERY_S + 2)
    assert await learned_after(2 * SAVE_LAWS_EVERY_S) == 5


async def test_the_days_end_writes_them_too(hall: Hall, laws: KeptLaws) -> None:
    forecaster = hall.forecaster(craft=Script().craft())
    await forecaster.turn(0.0)
    await hall.engine.set_clock(HALL.id, hall.snapshot.day_to_ms + 1, 0)
    before = hall.snapshot.seq
    await hall.engine.roll(HALL.id)
    rolled = [event async for event in Records(hall.client, HALL.id).export() if event.seq > before]
    for event in rolled:
        forecaster.observe(event, 1.0)
        hall.snapshot.fold(event)
    await forecaster.turn(1.0)
    assert await lessons(laws) == len(rolled) > 0


async def test_a_reset_is_obeyed_by_whoever_runs_and_not_overwritten(hall: Hall, laws: KeptLaws) -> None:
    script = Script()
    await laws.exchange({"lessons": 40})
    async with running(hall.forecaster(craft=script.craft())) as forecasting:
        await eventually(hall.published)
        assert script.made[-1].laws.lessons == 40
        await laws.exchange(None)

        async def obeyed() -> bool:
            return script.made[-1].laws.lessons == 0

        await eventually(obeyed)
        assert await lessons(laws) == 0
        await hall.do(OpenCounter(ONE), forecasting)
        await eventually(hall.caught_up)
    assert await lessons(laws) == 1


async def test_laws_that_are_exchanged_while_somebody_leaves_stay(hall: Hall, laws: KeptLaws) -> None:
    forecaster = hall.forecaster(craft=Script().craft())
    await forecaster.turn(0.0)
    for event in (await hall.engine.do(HALL.id, Issue(NEW, NORMAL))).events:
        forecaster.observe(event, 0.0)
    await laws.exchange({"lessons": 7})
    await forecaster.leave()
    assert await lessons(laws) == 7


async def test_laws_of_whoever_took_over_meanwhile_stay(hall: Hall, laws: KeptLaws) -> None:
    forecaster = hall.forecaster(craft=Script().craft())
    await forecaster.turn(0.0)
    for event in (await hall.engine.do(HALL.id, Issue(NEW, NORMAL))).events:
        forecaster.observe(event, 0.0)
    await hall.client.set("{hall}:lease", "another")
    await laws.save({"lessons": 9}, "")
    await forecaster.leave()
    assert await lessons(laws) == 9
    assert await hall.client.get("{hall}:lease") == "another"


async def test_what_was_learned_is_kept_once_the_store_is_back(hall: Hall, laws: KeptLaws) -> None:
    forecaster = hall.forecaster(craft=Script().craft())
    await forecaster.turn(0.0)
    for event in (await hall.engine.do(HALL.id, Issue(NEW, NORMAL))).events:
        forecaster.observe(event, 0.0)
    await hall.client.config_set("maxmemory", 1)
    with pytest.raises(StoreAway):
        await forecaster.leave()
    await hall.client.config_set("maxmemory", 0)
    await forecaster.leave()
    assert await lessons(laws) == 1


@pytest.mark.parametrize(
    "stored",
    ["{", "nothing of ours", '{"lessons": 1}', pack([]), pack({}), pack({"version": 99})],
    ids=["brace", "words", "plain", "list", "nothing", "newer"],
)
@pytest.mark.parametrize("craft", [Script().craft(), CRAFT], ids=["scripted", "ours"])
async def test_laws_that_are_none_are_put_aside_and_learning_begins_anew(
    hall: Hall, laws: KeptLaws, stored: str, craft: Craft, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.client.set("{hall}:laws", stored)
    forecaster = hall.forecaster(craft=craft)
    for now_s in (0.0, 1.0):
        await forecaster.turn(now_s)
    assert await hall.caught_up()
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1
    assert (await laws.read()).packed is None
    assert await hall.client.get("{hall}:laws:aside") == stored
