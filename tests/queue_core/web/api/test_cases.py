"""The API of cases: whole pushes or none, and nothing about a case to who may not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.principal import Role
from queue_core.domain.site import plain_site
from queue_core.web.api.case_bodies import PUSHED_MOST
from tests.support.cases import NUMBER, PIN, RULES
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

AT = "2026-11-20T10:00:00+01:00"


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    site = replace(plain_site({zone().id: zone()}), cases=RULES)
    async with open_web_office(valkey_url, tmp_path, site=site) as opened:
        yield opened


async def push(office: WebOffice, *cases: dict[str, Any], role: Role = Role.ADMIN) -> httpx.Response:
    full = [{"case": NUMBER, "stage": "checking", "updated_at": AT, **case} for case in cases]
    return await office.http.put("/api/v1/cases", json={"cases": full}, headers=await office.bearer(role))


async def post(office: WebOffice, verb: str, **body: Any) -> httpx.Response:
    return await office.http.post(f"/api/v1/cases/{verb}", json=body, headers=await office.bearer(Role.SUPERVISOR))


async def test_a_push_says_what_became_of_each_and_repeating_it_is_harmless(office: WebOffice) -> None:
    cases: list[dict[str, Any]] = [{"pin": PIN}, {"case": "OTHER-1", "documents_missing": ["lease"]}]
    first, again = [await push(office, *cases) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, {"effects": ["created", "created"]})
    assert again.json() == {"effects": ["unchanged", "unchanged"]}
    assert (await push(office, {"updated_at": "2026-11-19T10:00:00Z"})).json() == {"effects": ["outdated"]}


async def test_a_pushed_case_is_found_by_its_number_however_it_is_written(office: WebOffice) -> None:
    await push(office, {"documents_missing": ["lease"], "next_step": "send"})
    found = await post(office, "find", case="12345 bg 0067890")
    assert found.json()["case"] == {
        "kind": "first",
        "stage": "checking",
        "ended": False,
        "since": AT.replace("+", ".000+"),
        "updated_at": AT.replace("+", ".000+"),
        "next_step": "send",
        "documents_missing": ["lease"],
    }


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "stage": ({"stage": "chekcing"}, "cases.1.stage"),
    "kind": ({"kind": "none"}, "cases.1.kind"),
    "step": ({"next_step": "none"}, "cases.1.next_step"),
    "document": ({"documents_missing": ["none"]}, "cases.1.documents_missing"),
    "number": ({"case": "?????"}, "cases.1.case"),
    "pin": ({"pin": "12-34"}, "cases.1.pin"),
    "future": ({"updated_at": "2090-01-01T00:00:00Z"}, "cases.1.updated_at"),
    "twice": ({"case": "12345 BG 0067890"}, "cases.1.case"),
    "name": ({"name": "Somebody"}, "cases.1.name"),
}


@pytest.mark.parametrize(("wrong", "field"), FAULTS.values(), ids=FAULTS)
async def test_one_fault_refuses_the_whole_push_and_names_its_field(
    office: WebOffice, wrong: dict[str, Any], field: str
) -> None:
    answer = await push(office, {}, {"case": "OTHER-1", **wrong})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await post(office, "find", case=NUMBER)).status_code == 404


async def test_a_push_has_a_largest_size(office: WebOffice) -> None:
    answer = await push(office, *({"case": f"CASE-{n}"} for n in range(PUSHED_MOST)))
    assert answer.status_code == 200, answer.text
    assert (await push(office, *({"case": f"C-{n:05}"} for n in range(PUSHED_MOST + 1)))).status_code == 422


async def test_a_correction_stands_until_something_newer_is_told(office: WebOffice) -> None:
    await push(office, {})
    corrected = await post(office, "correct", case=NUMBER, stage="deciding", next_step="send")
    assert (corrected.json()["case"]["stage"], corrected.json()["case"]["next_step"]) == ("deciding", "send")
    assert (await push(office, {})).json() == {"effects": ["outdated"]}
    assert (await post(office, "correct", case=NUMBER, stage="none")).status_code == 422
    assert (await post(office, "correct", case="UNKNOWN", stage="deciding")).json()["code"] == "unknown_case"


async def test_an_erased_case_is_unknown(office: WebOffice) -> None:
    await push(office, {})
    assert (await post(office, "erase", case=NUMBER)).json() == {"erased": True}
    assert (await post(office, "erase", case=NUMBER)).json() == {"erased": False}
    assert (await post(office, "find", case=NUMBER)).status_code == 404
    assert (await post(office, "find", case="?????")).status_code == 422


async def test_counts_tell_how_many_and_never_which(office: WebOffice) -> None:
    await push(office, {}, {"case": "OTHER-1"}, {"case": "OTHER-2", "kind": "renewal"})
    counts = (await office.get("/api/v1/cases/counts", Role.SUPERVISOR)).json()["counts"]
    assert [(c["kind"], c["stage"], c["cases"], c["usual"]) for c in counts] == [
        ("first", "checking", 2, None),
        ("renewal", "checking", 1, None),
    ]


@pytest.mark.parametrize("role", [Role.DEVICE, Role.VIEWER, Role.COUNTER])
async def test_who_works_at_a_counter_may_not_look_at_cases(office: WebOffice, role: Role) -> None:
    assert (await push(office, {}, role=role)).status_code == 403


async def test_who_is_not_of_this_site_neither_tells_nor_looks(office: WebOffice) -> None:
    await push(office, {})
    headers = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['elsewhere'])}"}
    cases = [{"case": NUMBER, "stage": "decided", "updated_at": AT}]
    told = await office.http.put("/api/v1/cases", json={"cases": cases}, headers=headers)
    assert told.status_code == 403
    for verb, more in (("find", {}), ("erase", {}), ("correct", {"stage": "decided"})):
        answer = await office.http.post(f"/api/v1/cases/{verb}", json={"case": NUMBER, **more}, headers=headers)
        assert answer.status_code == 403
    assert (await office.http.get("/api/v1/cases/counts", headers=headers)).status_code == 403
    assert (await post(office, "find", case=NUMBER)).json()["case"]["stage"] == "checking"


async def test_an_office_without_stages_takes_no_cases(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path) as without:
        answer = await push(without, {})
        assert (answer.status_code, answer.json()["code"]) == (409, "cases_not_offered")
