"""Number and PIN open a look, wrong ones nothing, and many of them a lock; all of it after the same work."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from queue_core.casework.casework import CaseOffice, Pushed
from queue_core.casework.door import ADDRESS_PATIENCE, CASE_PATIENCE, TRIES_WAITING_MOST, CaseLocked
from queue_core.casework.turns import TooBusy, Turns
from queue_core.domain.cases import News
from queue_core.store import case_tries, keys
from queue_core.store.audit import Audit
from queue_core.store.case_tries import of_addresses, of_cases
from queue_core.store.opened import Store
from tests.queue_core.casework.conftest import Clock
from tests.support.cases import MONDAY_MS, NUMBER, PIN

MINUTE_MS = 60_000


@pytest.fixture(autouse=True)
async def _one_case(office: CaseOffice) -> None:
    await office.work.push([Pushed(NUMBER, News("checking", MONDAY_MS), PIN)], "test")
    await office.work.push([Pushed("WITHOUTPIN", News("checking", MONDAY_MS))], "test")


#: What a client says of itself when it connects, and what this test asks.
_NOT_OURS = frozenset({"hello", "client|setinfo", "client|setname", "select", "ping", "info", "config|resetstat"})


async def asked(store: Store, work: Callable[[], Awaitable[object]]) -> dict[str, int]:
    """How often which command was sent to the store meanwhile."""
    await store.client.config_resetstat()
    await work()
    calls = await store.client.info("commandstats")
    names = {name.removeprefix("cmdstat_"): figures["calls"] for name, figures in calls.items()}
    return {name: count for name, count in names.items() if name not in _NOT_OURS and not name.startswith("client")}


async def test_the_right_pin_opens_a_look(office: CaseOffice) -> None:
    secret = await office.door.open("12345-BG-0067890", PIN, "here")
    assert secret is not None
    look = await office.door.look(secret)
    assert look is not None
    assert look.case.stage == "checking"
    assert 0 < look.left_ms <= 900_000


WRONG = {
    "wrong pin": (NUMBER, "99999"),
    "unknown case": ("99999BG0000000", PIN),
    "case without a pin": ("WITHOUTPIN", PIN),
    "no number": ("?", PIN),
    "no pin": (NUMBER, ""),
}


@pytest.mark.parametrize(("number", "pin"), WRONG.values(), ids=WRONG)
async def test_what_does_not_fit_is_answered_alike_after_the_same_work(
    office: CaseOffice, store: Store, number: str, pin: str
) -> None:
    async def known_case() -> None:
        assert await office.door.open(NUMBER, "00000", "there") is None

    async def this_one() -> None:
        assert await office.door.open(number, pin, "here") is None

    work = await asked(store, this_one)
    assert work == await asked(store, known_case)
    assert work == {"fcall": 2, "hget": 3, "hset": 2}


async def guesses(office: CaseOffice, clock: Clock, for_ms: int, number: str = NUMBER) -> int:
    """How many wrong PINs of one case are looked at, whoever tries every minute, each time from another address."""
    looked_at = 0
    for minute in range(for_ms // MINUTE_MS):
        with contextlib.suppress(CaseLocked):
            assert await office.door.open(number, "00000", f"address {minute}") is None
            looked_at += 1
        clock.later_ms += MINUTE_MS
    return looked_at


async def test_after_five_wrong_tries_the_right_pin_does_not_open_either(office: CaseOffice) -> None:
    for _ in range(CASE_PATIENCE.free):
        assert await office.door.open(NUMBER, "00000", "here") is None
    with pytest.raises(CaseLocked) as locked:
        await office.door.open(NUMBER, PIN, "elsewhere")
    assert 0 < locked.value.retry_after_s <= 60


async def test_each_wait_is_twice_as_long_and_the_right_pin_ends_them(office: CaseOffice, clock: Clock) -> None:
    for _ in range(CASE_PATIENCE.free):
        await office.door.open(NUMBER, "00000", "here")
    for wait_ms in (MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS):
        clock.later_ms += wait_ms - 1000
        with pytest.raises(CaseLocked):
            await office.door.open(NUMBER, "00000", "here")
        clock.later_ms += 1000
        assert await office.door.open(NUMBER, "00000", "here") is None
    clock.later_ms += 8 * MINUTE_MS
    assert await office.door.open(NUMBER, PIN, "here") is not None
    assert await office.door.open(NUMBER, "00000", "here") is None


async def test_one_case_is_guessed_fifteen_times_a_day_from_however_many_addresses(
    office: CaseOffice, clock: Clock
) -> None:
    assert await guesses(office, clock, CASE_PATIENCE.window_ms) == 15


async def test_no_wait_is_longer_than_eight_hours(office: CaseOffice, clock: Clock) -> None:
    await guesses(office, clock, CASE_PATIENCE.window_ms - MINUTE_MS)
    with pytest.raises(CaseLocked) as locked:
        await office.door.open(NUMBER, PIN, "here")
    assert locked.value.retry_after_s <= 8 * 3600


async def test_who_guesses_one_case_from_many_addresses_locks_no_other(office: CaseOffice) -> None:
    for n in range(60):
        with contextlib.suppress(CaseLocked):
            await office.door.open("OTHERCASE", "00000", f"address {n}")
    assert await office.door.open(NUMBER, PIN, "mine") is not None


async def test_many_tries_at_once_are_no_more_than_one_after_the_other(office: CaseOffice) -> None:
    every = [office.door.open(NUMBER, "00000", f"address {n}") for n in range(40)]
    found = await asyncio.gather(*every, return_exceptions=True)
    assert found.count(None) == CASE_PATIENCE.free
    assert sum(isinstance(each, CaseLocked) for each in found) == 40 - CASE_PATIENCE.free


async def test_an_unknown_case_is_locked_like_any(office: CaseOffice, clock: Clock) -> None:
    assert await guesses(office, clock, CASE_PATIENCE.window_ms, "UNKNOWN") == 15


async def test_the_right_pin_forgives_the_wrong_ones_before(office: CaseOffice) -> None:
    for _ in range(3):
        for _ in range(CASE_PATIENCE.free - 1):
            assert await office.door.open(NUMBER, "00000", "here") is None
        assert await office.door.open(NUMBER, PIN, "here") is not None


async def test_who_tries_many_cases_from_one_address_is_held_off_alone(office: CaseOffice, clock: Clock) -> None:
    for n in range(ADDRESS_PATIENCE.free):
        assert await office.door.open(f"CASE{n}", "00000", "here") is None
    with pytest.raises(CaseLocked):
        await office.door.open(NUMBER, PIN, "here")
    assert await office.door.open(NUMBER, PIN, "elsewhere") is not None
    clock.later_ms += ADDRESS_PATIENCE.window_ms
    assert await office.door.open(NUMBER, PIN, "here") is not None


async def test_an_address_that_knows_one_pin_guesses_no_more_for_it(office: CaseOffice) -> None:
    """Its right tries give back themselves alone."""
    for n in range(ADDRESS_PATIENCE.free):
        assert await office.door.open(f"CASE{n}", "00000", "here") is None
        if n % 10 == 0:
            assert await office.door.open(NUMBER, PIN, "here") is not None
    with pytest.raises(CaseLocked):
        await office.door.open("ONEMORE", "00000", "here")


async def test_an_address_that_waits_costs_the_store_no_writing(office: CaseOffice, store: Store) -> None:
    for n in range(ADDRESS_PATIENCE.free):
        await office.door.open(f"CASE{n}", "00000", "here")

    async def knock() -> None:
        with contextlib.suppress(CaseLocked):
            await office.door.open(NUMBER, PIN, "here")

    assert set(await asked(store, knock)) == {"fcall", "hget"}


async def test_what_is_kept_of_tries_has_a_bound_and_ends(
    office: CaseOffice, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_tries, "_PLACES", 16)
    for n in range(60):
        await office.door.open(f"CASE{n}", "00000", f"address {n}")
    names = (keys.CASE_TRIES, keys.CASE_ADDRESS_TRIES)
    assert [await store.client.hlen(name) <= 16 for name in names] == [True, True]
    clock.later_ms += CASE_PATIENCE.window_ms
    for tries in (of_cases(store.client, CASE_PATIENCE, clock), of_addresses(store.client, ADDRESS_PATIENCE, clock)):
        await tries.forget_old()
    assert [await store.client.hlen(name) for name in names] == [0, 0]


async def test_strangers_who_take_every_shared_place_make_no_known_case_forget_its_tries(
    office: CaseOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_tries, "_PLACES", 1)
    for n in range(CASE_PATIENCE.free):
        await office.door.open(NUMBER, "00000", f"address {n}")
        await office.door.open(f"CASE{n}", "00000", f"other {n}")
    with pytest.raises(CaseLocked):
        await office.door.open(NUMBER, PIN, "mine")


async def test_a_flood_waits_for_itself_and_is_told_to_come_again() -> None:
    turns, begun, free = Turns(1, TRIES_WAITING_MOST), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with turns.taken():
            begun.set()
            await free.wait()

    flood = [asyncio.create_task(slow()) for _ in range(TRIES_WAITING_MOST + 1)]
    await begun.wait()
    with pytest.raises(TooBusy):
        await asyncio.wait_for(slow(), 60)
    free.set()
    await asyncio.gather(*flood)
    await slow()


async def test_a_store_that_lost_the_functions_counts_all_the_same(office: CaseOffice, store: Store) -> None:
    await store.client.function_flush("SYNC")
    assert await office.door.open(NUMBER, PIN, "here") is not None


async def test_locking_is_in_the_audit_once_and_names_no_number(office: CaseOffice, store: Store) -> None:
    for _ in range(CASE_PATIENCE.free):
        await office.door.open(NUMBER, "00000", "here")
    for _ in range(3):
        with pytest.raises(CaseLocked):
            await office.door.open(NUMBER, "00000", "here")
    entries = [(e.who, e.about) for e in await Audit(store.client).latest() if e.what == "case_locked"]
    assert entries == [("nobody", office.work.key(NUMBER))]


async def test_a_look_ends_when_it_is_closed(office: CaseOffice) -> None:
    secret = await office.door.open(NUMBER, PIN, "here")
    assert secret
    await office.door.close(secret)
    assert await office.door.look(secret) is None


async def test_a_look_ends_with_a_new_pin_and_with_its_case(office: CaseOffice) -> None:
    first = await office.door.open(NUMBER, PIN, "here")
    await office.work.push([Pushed(NUMBER, News("checking", MONDAY_MS), "55555")], "test")
    second = await office.door.open(NUMBER, "55555", "here")
    assert first
    assert second
    assert await office.door.look(first) is None
    await office.work.erase(office.work.key(NUMBER), "test")
    assert await office.door.look(second) is None


async def test_only_being_asked_for_again_makes_a_look_last(office: CaseOffice, store: Store) -> None:
    secret = await office.door.open(NUMBER, PIN, "here")
    assert secret
    [view] = [key async for key in store.client.scan_iter(keys.case_view("*"))]
    await store.client.expire(view, 60)
    watched = await office.door.look(secret)
    assert watched
    assert watched.left_ms <= 60_000
    renewed = await office.door.look(secret, renewed=True)
    assert renewed
    assert renewed.left_ms > 60_000


@pytest.mark.parametrize("secret", ["", "nonsense", "x" * 5000], ids=["empty", "nonsense", "endless"])
async def test_a_secret_that_is_none_shows_nothing(office: CaseOffice, secret: str) -> None:
    assert await office.door.look(secret) is None


async def test_the_store_has_only_the_hash_of_a_looks_secret(office: CaseOffice, store: Store) -> None:
    secret = await office.door.open(NUMBER, PIN, "here")
    names = [str(key) async for key in store.client.scan_iter("*")]
    assert secret
    assert [name for name in names if secret in name] == []
