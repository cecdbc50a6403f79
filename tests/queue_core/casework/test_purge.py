"""Cases are forgotten by rule, and so is what they tell of lengths."""

import contextlib

from queue_core.casework.casework import LENGTHS_KEPT_MS, CaseOffice, Pushed
from queue_core.casework.purge import purge_cases
from queue_core.domain.cases import News, Stay
from queue_core.store.cases import CaseStore, Change
from queue_core.store.opened import Store
from tests.support.cases import DAY_MS, MONDAY_MS, NUMBER, RULES

ENDED_LONG_AGO_MS = MONDAY_MS + 90 * DAY_MS


class Rewriting:
    def __init__(self, *, fails: bool = False) -> None:
        self.times, self._fails = 0, fails

    async def __call__(self) -> None:
        if self._fails:
            raise RuntimeError("the power failed")
        self.times += 1


async def two_cases(office: CaseOffice) -> None:
    ended, going = Pushed(NUMBER, News("decided", MONDAY_MS)), Pushed("GOING", News("checking", MONDAY_MS))
    await office.work.push([ended, going], "test")


async def test_an_ended_case_is_forgotten_in_its_time_and_an_open_one_stays(office: CaseOffice, store: Store) -> None:
    await two_cases(office)
    cases, rewriting = CaseStore(store.client), Rewriting()
    assert await purge_cases(cases, RULES, ENDED_LONG_AGO_MS - 1, rewriting) == 0
    assert rewriting.times == 0
    assert await purge_cases(cases, RULES, ENDED_LONG_AGO_MS, rewriting) == 1
    assert rewriting.times == 1
    assert await office.work.counts() == {("first", "checking"): 1}
    assert await purge_cases(cases, RULES, ENDED_LONG_AGO_MS, rewriting) == 0
    assert rewriting.times == 1


async def test_a_purge_that_died_before_the_rewriting_is_ended_by_the_next(office: CaseOffice, store: Store) -> None:
    await two_cases(office)
    cases, rewriting = CaseStore(store.client), Rewriting()
    with contextlib.suppress(RuntimeError):
        await purge_cases(cases, RULES, ENDED_LONG_AGO_MS, Rewriting(fails=True))
    assert await purge_cases(cases, RULES, ENDED_LONG_AGO_MS, rewriting) == 0
    assert rewriting.times == 1


async def test_what_staff_erased_leaves_the_disk_with_the_next_purge(office: CaseOffice, store: Store) -> None:
    await two_cases(office)
    await office.work.erase(office.work.key(NUMBER), "staff:a")
    rewriting = Rewriting()
    await purge_cases(CaseStore(store.client), RULES, MONDAY_MS, rewriting)
    assert rewriting.times == 1


async def test_what_is_erased_while_the_log_is_rewritten_leaves_the_disk_with_the_next_purge(
    office: CaseOffice, store: Store
) -> None:
    await two_cases(office)
    cases, rewriting = CaseStore(store.client), Rewriting()
    await office.work.erase(office.work.key(NUMBER), "staff:a")

    async def rewrite_that_began_before() -> None:
        assert await office.work.erase(office.work.key("GOING"), "staff:a")

    await purge_cases(cases, RULES, MONDAY_MS, rewrite_that_began_before)
    await purge_cases(cases, RULES, MONDAY_MS, rewriting)
    await purge_cases(cases, RULES, MONDAY_MS, rewriting)
    assert rewriting.times == 1


async def test_lengths_are_forgotten_when_they_say_nothing_any_more(store: Store) -> None:
    cases = CaseStore(store.client)
    old, young = (Stay("first", "checking", 3, at_ms) for at_ms in (MONDAY_MS, MONDAY_MS + LENGTHS_KEPT_MS))
    await cases.change([], lambda _there: Change(stays=[old, young]))
    await purge_cases(cases, RULES, MONDAY_MS + LENGTHS_KEPT_MS + DAY_MS, Rewriting())
    assert await cases.stays(0) == {("first", "checking"): {3: 1}}
