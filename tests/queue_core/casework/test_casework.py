"""What case systems and staff do with cases, on a real store."""

import asyncio
import contextlib

from queue_core.casework.casework import CaseOffice, Pushed, case_office
from queue_core.domain.cases import Case, Effect, News, Stay, Usual
from queue_core.store.audit import Audit
from queue_core.store.cases import CaseStore, Change
from queue_core.store.opened import Store
from tests.support.cases import DAY_MS, MONDAY_MS, NUMBER, PIN, RULES


def pushed(stage: str = "received", at_ms: int = MONDAY_MS, number: str = NUMBER, pin: str = "") -> Pushed:
    return Pushed(number, News(stage, at_ms), pin)


async def case(office: CaseOffice, number: str = NUMBER) -> Case | None:
    return await office.work.look(office.work.key(number), "test")


async def test_a_push_says_what_became_of_each_case(office: CaseOffice) -> None:
    other = pushed(number="OTHER")
    assert await office.work.push([pushed(), other], "test") == [Effect.CREATED, Effect.CREATED]
    newer = pushed("checking", MONDAY_MS + DAY_MS)
    assert await office.work.push([newer, other], "test") == [Effect.CHANGED, Effect.UNCHANGED]


async def test_older_news_never_go_before_newer_ones(office: CaseOffice) -> None:
    await office.work.push([pushed("deciding", MONDAY_MS + DAY_MS, pin=PIN)], "test")
    assert await office.work.push([pushed("received", pin="99999")], "test") == [Effect.OUTDATED]
    found = await case(office)
    assert found is not None
    assert found.stage == "deciding"
    assert await office.door.open(NUMBER, PIN, "here") is not None


async def test_a_repeated_push_counts_no_stage_twice(office: CaseOffice, store: Store) -> None:
    await office.work.push([pushed()], "test")
    for _ in range(3):
        await office.work.push([pushed("checking", MONDAY_MS + 2 * DAY_MS)], "test")
    assert await CaseStore(store.client).stays(0) == {("first", "received"): {2: 1}}


async def test_pushes_at_once_are_all_there_and_each_stage_is_counted_once(office: CaseOffice, store: Store) -> None:
    await office.work.push([pushed(number=f"N{n}000") for n in range(8)], "test")
    moves = [office.work.push([pushed("checking", MONDAY_MS + DAY_MS, f"N{n % 8}000")], "test") for n in range(12)]
    effects = [effect for found in await asyncio.gather(*moves) for effect in found]
    assert effects.count(Effect.CHANGED) == 8
    assert await CaseStore(store.client).stays(0) == {("first", "received"): {1: 8}}


async def test_what_fails_midway_leaves_nothing(office: CaseOffice, store: Store) -> None:
    def broken(_there: object) -> Change:
        raise RuntimeError("in the middle")

    await office.work.push([pushed()], "test")
    with contextlib.suppress(RuntimeError):
        await CaseStore(store.client).change([office.work.key(NUMBER)], broken)
    assert (await office.work.counts()) == {("first", "received"): 1}


async def test_a_correction_goes_before_news_from_before_it_and_behind_later_ones(office: CaseOffice) -> None:
    await office.work.push([pushed("deciding", MONDAY_MS)], "test")
    key = office.work.key(NUMBER)
    corrected = await office.work.correct(key, News("checking", MONDAY_MS + 2 * DAY_MS), "staff:a")
    assert corrected is not None
    assert corrected.stage == "checking"
    assert await office.work.push([pushed("decided", MONDAY_MS + DAY_MS)], "test") == [Effect.OUTDATED]
    assert await office.work.push([pushed("decided", MONDAY_MS + 3 * DAY_MS)], "test") == [Effect.CHANGED]


async def test_a_case_that_is_not_there_cannot_be_corrected(office: CaseOffice) -> None:
    assert await office.work.correct(office.work.key("NONE"), News("checking", MONDAY_MS), "staff:a") is None


async def test_an_erased_case_is_gone_with_its_pin(office: CaseOffice) -> None:
    await office.work.push([pushed(pin=PIN)], "test")
    key = office.work.key(NUMBER)
    assert await office.work.erase(key, "staff:a")
    assert not await office.work.erase(key, "staff:a")
    assert await case(office) is None
    assert await office.door.open(NUMBER, PIN, "here") is None


async def test_neither_number_nor_pin_is_anywhere_in_the_store(office: CaseOffice, store: Store) -> None:
    await office.work.push([pushed(pin=PIN)], "token:1")
    await office.door.open(NUMBER, PIN, "here")
    kept = [key async for key in store.client.scan_iter("*")]
    dumps = [str(key) + str(await store.client.dump(key)) for key in kept]
    assert len(dumps) >= 4
    assert [text for text in dumps if NUMBER in text or f"'{PIN}" in text] == []


async def test_another_houses_secret_knows_none_of_its_cases(office: CaseOffice, store: Store) -> None:
    await office.work.push([pushed(pin=PIN)], "test")
    other = case_office(RULES, store, b"another secret of another house!!!", Audit(store.client))
    assert await other.door.open(NUMBER, PIN, "here") is None
    assert await case(other) is None


async def test_who_pushed_looked_corrected_and_erased_is_in_the_audit(office: CaseOffice, store: Store) -> None:
    await office.work.push([pushed()], "token:1")
    key = office.work.key(NUMBER)
    await office.work.look(key, "staff:a")
    await office.work.correct(key, News("checking", MONDAY_MS), "staff:a")
    await office.work.erase(key, "staff:b")
    entries = [(e.who, e.what, e.about) for e in await Audit(store.client).latest()]
    assert entries == [
        ("staff:b", "case_erased", key),
        ("staff:a", "case_corrected", key),
        ("staff:a", "case_looked", key),
        ("token:1", "cases_pushed", "1"),
    ]


async def test_what_is_usual_is_told_from_ten_cases_on(office: CaseOffice, store: Store) -> None:
    now_ms = office.work.now_ms()
    stays = [Stay("first", "checking", days, now_ms) for days in range(1, 11)]
    await CaseStore(store.client).change([], lambda _there: Change(stays=stays[:9]))
    assert await office.work.lengths() == {}
    await CaseStore(store.client).change([], lambda _there: Change(stays=stays[9:]))
    again = case_office(RULES, store, b"the secret of this house, 32 bytes", Audit(store.client))
    assert await again.work.lengths() == {("first", "checking"): Usual(5, 9, 10)}
