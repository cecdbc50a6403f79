"""Opening a store: what we stand on, and what we refuse to stand on."""

from pathlib import Path

import pytest

from queue_core.domain.errors import StoreAway
from queue_core.domain.model import ZoneId
from queue_core.store.erasing import Erasing
from queue_core.store.failures import NewerSchema, UnsupportedServer
from queue_core.store.keys import SCHEMA
from queue_core.store.library import LIBRARY
from queue_core.store.opened import SCHEMA_VERSION, open_store
from tests.support.valkey import running_server

HALL, YARD = ZoneId("hall"), ZoneId("yard")


async def test_an_opened_store_writes_and_reads_and_has_our_functions(store_url: str) -> None:
    async with open_store(store_url) as store:
        await store.check()
        assert await store.client.function_list(library=LIBRARY)
        assert str(store.version).split()[0] in {"valkey", "redis"}


async def test_a_store_that_is_opened_twice_keeps_its_schema(valkey_url: str) -> None:
    for _ in range(2):
        async with open_store(valkey_url) as store:
            assert await store.client.get(SCHEMA) == str(SCHEMA_VERSION)


async def test_a_store_of_a_later_release_is_refused_and_left_alone(valkey_url: str) -> None:
    async with open_store(valkey_url) as store:
        await store.client.set(SCHEMA, SCHEMA_VERSION + 1)
        await store.client.function_flush("SYNC")
        with pytest.raises(NewerSchema, match=f"schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}"):
            async with open_store(valkey_url):
                pass
        assert await store.client.function_list() == []


async def test_where_nobody_answers_the_store_is_away(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        async with open_store(f"unix://{tmp_path}/nobody.sock"):
            pass


async def test_a_wrong_password_is_said(valkey_url: str) -> None:
    with pytest.raises(StoreAway, match="invalid username-password"):
        async with open_store(valkey_url.replace("unix://", "unix://user:wrong@")):
            pass


async def test_a_store_that_ends_later_is_away() -> None:
    with running_server("valkey") as server:
        async with open_store(server.url) as store:
            server.kill()
            with pytest.raises(StoreAway):
                await store.check()


def test_an_unsupported_server_says_what_is_wanted() -> None:
    assert str(UnsupportedServer("redis 6.2.0", "Redis >= 7.0")) == (
        "this server is redis 6.2.0; Wartezone needs Redis >= 7.0"
    )


async def test_a_throw_away_store_writes_no_log() -> None:
    with running_server("valkey", "--appendonly", "yes") as server:
        async with open_store(server.url) as store:
            await store.forego_disk()
            assert (await store.client.info("persistence"))["aof_enabled"] == 0


async def test_days_are_noted_for_each_zone_until_they_are_erased(store_url: str) -> None:
    async with open_store(store_url) as store:
        erasing = Erasing(store.client)
        await erasing.note(HALL, [])
        assert await erasing.noted(HALL) == set()
        await erasing.note(HALL, ["2030-01-15", "2030-01-16"])
        await erasing.note(YARD, ["2030-01-15"])
        await erasing.done(HALL, ["2030-01-15"])
        assert await erasing.noted(HALL) == {"2030-01-16"}
        assert await erasing.noted(YARD) == {"2030-01-15"}
        await erasing.done(YARD, [])
        assert await store.erasing.noted(YARD) == {"2030-01-15"}
