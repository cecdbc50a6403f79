"""Learned laws are saved by whoever read them, unless somebody exchanged them meanwhile."""

import pytest
from redis.asyncio import Redis

from queue_core.domain.model import ZoneId
from queue_core.store.laws import KeptLaws
from queue_core.store.packed import NotPacked

HALL = ZoneId("hall")


@pytest.fixture
def laws(client: Redis) -> KeptLaws:
    return KeptLaws(client, HALL)


async def test_laws_come_back_as_they_were_saved(laws: KeptLaws) -> None:
    assert ((await laws.read()).packed, (await laws.read()).revision) == (None, "")
    assert await laws.save({"gap": [1.5, 2]}, "")
    assert (await laws.read()).record() == {"gap": [1.5, 2]}


async def test_laws_that_were_exchanged_are_not_overwritten(laws: KeptLaws) -> None:
    await laws.exchange({"gap": 1})
    assert not await laws.save({"gap": 2}, "")
    found = await laws.read()
    assert found.record() == {"gap": 1}
    assert await laws.save({"gap": 3}, found.revision)
    await laws.exchange(None)
    assert not await laws.save({"gap": 4}, found.revision)
    assert (await laws.read()).packed is None


async def test_each_exchange_is_another_one(laws: KeptLaws) -> None:
    revisions = set()
    for _ in range(3):
        await laws.exchange(None)
        revisions.add((await laws.read()).revision)
    assert len(revisions) == 3


async def test_what_is_put_aside_is_gone_and_kept(laws: KeptLaws, client: Redis) -> None:
    await laws.put_aside()
    await client.set("{hall}:laws", "no laws")
    with pytest.raises(NotPacked):
        (await laws.read()).record()
    await laws.put_aside()
    assert (await laws.read()).packed is None
    assert await client.get("{hall}:laws:aside") == "no laws"
