"""Number and PIN open a look, wrong ones nothing, and many of them a lock; all of it after the same work."""

from collections.abc import Awaitable, Callable

import pytest

from queue_core.casework.casework import CaseOffice, Pushed
from queue_core.casework.door import ADDRESS_TRIES_MOST, CASE_TRIES_A_DAY_MOST, CASE_TRIES_MOST, DAY_S, CaseLocked
from queue_core.domain.cases import News
from queue_core.store import keys
from queue_core.store.audit import Audit
from queue_core.store.opened import Store
from tests.support.cases import MONDAY_MS, NUMBER, PIN


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
    assert work["hget"] == 1


async def test_after_five_wrong_tries_the_right_pin_does_not_open_either(office: CaseOffice) -> None:
    for _ in range(CASE_TRIES_MOST):
        assert await office.door.open(NUMBER, "00000", "here") is None
    with pytest.raises(CaseLocked):
        await office.door.open(NUMBER, PIN, "elsewhere")


async def test_an_unknown_case_is_locked_like_any(office: CaseOffice) -> None:
    for _ in range(CASE_TRIES_MOST):
        assert await office.door.open("UNKNOWN", "00000", "here") is None
    with pytest.raises(CaseLocked):
        await office.door.open("UNKNOWN", "00000", "here")


async def test_the_right_pin_forgives_the_wrong_ones_before(office: CaseOffice) -> None:
    for _ in range(3):
        for _ in range(CASE_TRIES_MOST - 1):
            assert await office.door.open(NUMBER, "00000", "here") is None
        assert await office.door.open(NUMBER, PIN, "here") is not None


async def test_who_tries_many_cases_from_one_address_is_held_off(office: CaseOffice) -> None:
    for n in range(ADDRESS_TRIES_MOST):
        assert await office.door.open(f"CASE{n}", "00000", "here") is None
    with pytest.raises(CaseLocked):
        await office.door.open(NUMBER, PIN, "here")
    assert await office.door.open(NUMBER, PIN, "elsewhere") is not None


async def test_slow_guessing_ends_for_the_day(
    office: CaseOffice, client_of_tries: Callable[[], Awaitable[None]]
) -> None:
    for n in range(CASE_TRIES_A_DAY_MOST):
        if n % CASE_TRIES_MOST == 0:
            await client_of_tries()
        assert await office.door.open(NUMBER, "00000", f"address {n}") is None
    await client_of_tries()
    with pytest.raises(CaseLocked) as locked:
        await office.door.open(NUMBER, PIN, "here")
    assert locked.value.retry_after_s == DAY_S


@pytest.fixture
def client_of_tries(store: Store) -> Callable[[], Awaitable[None]]:
    """Lets a quarter of an hour pass: the short counts end, those of the day stay."""

    async def passed() -> None:
        async for key in store.client.scan_iter(keys.tries("*")):
            if await store.client.ttl(key) <= 900:
                await store.client.delete(key)

    return passed


async def test_locking_is_in_the_audit_once_and_names_no_number(office: CaseOffice, store: Store) -> None:
    for _ in range(CASE_TRIES_MOST):
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
