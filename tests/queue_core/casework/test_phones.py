"""Phones of cases on a real store: many at once, and one whose owner cannot make up their mind."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import redis

from queue_core.casework.casework import CaseOffice, Pushed
from queue_core.domain.cases import News
from queue_core.real_clock import real_ms
from queue_core.store import library
from queue_core.store.case_phones import ATTEMPTS, CasePhones
from queue_core.store.cases import CaseStore, Change, Kept
from queue_core.store.keys import CASE_PHONES
from queue_core.store.opened import Store
from queue_core.store.push import Phone
from tests.support.cases import PIN

MANY = 60


def phone(name: object) -> Phone:
    return Phone(f"https://push.example.org/{name}", "key", "auth", "de", {"news": ("News", "Look")})


async def pushed(office: CaseOffice, stage: str, later_ms: int = 0) -> Sequence[str]:
    numbers = [f"12345BG{n:07}" for n in range(MANY)]
    news = News(stage, real_ms() - 60_000 + later_ms)
    await office.work.push([Pushed(number, news, PIN) for number in numbers], "us")
    return [office.work.key(number) for number in numbers]


async def added(store: Store, key: str, name: object) -> bool:
    pin = await CaseStore(store.client).pin(key)
    return await CasePhones(store.client).add(key, pin or "", phone(name))


def write_phone(url: str, case: str, name: object) -> None:
    """At once, while the others are in the middle of something."""
    with redis.Redis.from_url(url) as client:
        client.hset(CASE_PHONES, case, json.dumps([asdict(phone(name))]))


async def test_many_come_and_go_at_once(store: Store, office: CaseOffice) -> None:
    keys, phones = await pushed(office, "received"), CasePhones(store.client)
    assert all(await asyncio.gather(*(added(store, key, n) for n, key in enumerate(keys))))
    await asyncio.gather(*(phones.remove(key, phone(n).id) for n, key in enumerate(keys)))
    assert [await phones.of(key) for key in keys] == [()] * MANY


async def test_two_phones_of_one_case_that_come_at_once_are_both_kept(store: Store, office: CaseOffice) -> None:
    key, *_ = await pushed(office, "received")
    assert all(await asyncio.gather(added(store, key, 1), added(store, key, 2)))
    assert {known.id for known in await CasePhones(store.client).of(key)} == {phone(1).id, phone(2).id}


async def test_a_phone_that_comes_while_news_are_written_is_told_of_them(
    store: Store, office: CaseOffice, valkey_url: str
) -> None:
    key, *_ = await pushed(office, "received")
    seen: list[int] = []

    def decide(there: Mapping[str, Kept]) -> Change:
        seen.append(len(there[key].phones))
        if len(seen) == 1:
            write_phone(valkey_url, key, 1)
        return Change({key: there[key].case})

    await CaseStore(store.client).change([key], decide)
    assert seen == [0, 1]


async def test_a_phone_that_comes_and_goes_all_the_time_holds_up_no_news(
    store: Store, office: CaseOffice, valkey_url: str
) -> None:
    key, other, *_ = await pushed(office, "received")
    tries: list[int] = []

    def decide(there: Mapping[str, Kept]) -> Change:
        tries.append(1)
        write_phone(valkey_url, other, len(tries))
        return Change({key: there[key].case})

    await CaseStore(store.client).change([key], decide)
    assert len(tries) < ATTEMPTS


async def test_a_phone_that_is_taken_away_is_to_be_forgotten_by_the_disk_too(store: Store, office: CaseOffice) -> None:
    key, *_ = await pushed(office, "received")
    await added(store, key, 1)
    assert await CaseStore(store.client).erasing() == 0
    await CasePhones(store.client).remove(key, phone(1).id)
    assert await CaseStore(store.client).erasing() == 1


async def test_a_store_that_has_lost_the_library_gets_it_anew(store: Store, office: CaseOffice) -> None:
    key, *_ = await pushed(office, "received")
    await store.client.function_delete(library.LIBRARY)
    assert await added(store, key, 1)
