"""The demo's applications: pushed by the API, opened by what is printed, one in each stage."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from queue_core.domain.cases import FEWEST
from queue_core.domain.principal import Role
from queue_core.domain.site import plain_site
from queue_core.office_file import default_config, read_office
from queue_core.serve.demo_cases import how_to_try, keep_turning, show_applications
from queue_core.simulate.applications import examples, second, waiting
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

RULES = read_office(default_config()).site.cases


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    site = replace(plain_site({zone().id: zone()}), cases=RULES)
    async with open_web_office(valkey_url, tmp_path, site=site) as opened:
        opened.http.headers.update(await opened.bearer(Role.ADMIN))
        yield opened


async def test_what_is_printed_opens_a_case_in_each_stage(office: WebOffice) -> None:
    await show_applications(office.http, RULES, 1)
    told = how_to_try("http://demo", RULES)
    found = re.findall(r"(DEMO-\d+)   PIN (\d+)   (.+)", told)
    assert [name for *_, name in found] == [stage.name["en"] for stage in RULES.stages.values()]
    for (number, pin, _), stage in zip(found, RULES.stages, strict=True):
        secret = await office.frame.cases.door.open(number, pin, "here")
        assert secret is not None
        look = await office.frame.cases.door.look(secret)
        assert look is not None
        assert look.case.stage == stage
        assert list(look.case.documents) == (waiting(RULES)["documents_missing"] if stage == second(RULES) else [])


async def test_usual_lengths_are_known_and_a_second_start_counts_nothing_twice(office: WebOffice) -> None:
    await show_applications(office.http, RULES, 1)
    before = await office.frame.cases.work.lengths()
    assert {stage for _, stage in before} == {stage for stage in RULES.stages if not RULES.ends(stage)}
    assert all(usual.cases >= FEWEST for usual in before.values())
    await show_applications(office.http, RULES, 1)
    counts = await office.frame.cases.work.counts()
    await show_applications(office.http, RULES, 1)
    assert await office.frame.cases.work.counts() == counts


async def test_one_of_them_keeps_changing(office: WebOffice) -> None:
    await show_applications(office.http, RULES, 1)
    work = office.frame.cases.work
    [example] = [example for example in examples(RULES) if example.stage == second(RULES)]
    key = work.key(example.number.replace("-", ""))
    turning = asyncio.create_task(keep_turning(office.http, RULES, 0.01))

    async def has_come() -> bool:
        found = await work.look(key, "test")
        return found is not None and not found.documents

    async def is_missing() -> bool:
        return not await has_come()

    assert await eventually(has_come)
    assert await eventually(is_missing)
    turning.cancel()
