"""The case page for staff: found by number, seen as the citizen sees it, set right, erased; every look is noted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from queue_core.casework.casework import Pushed
from queue_core.domain.cases import News
from queue_core.domain.principal import Role
from queue_core.domain.site import plain_site
from queue_core.store.audit import Audit
from queue_core.web.face import load_faces
from tests.support.cases import DAY_MS, NUMBER, PIN, RULES
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import zone

FACES = load_faces(["casework", "cases"])


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    site = replace(plain_site({zone().id: zone()}), cases=RULES)
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site) as opened:
        work = opened.frame.cases.work
        at_ms = work.now_ms() - 3 * DAY_MS
        await work.push([Pushed(NUMBER, News("checking", at_ms, documents=("lease",)), PIN)], "test")
        yield opened


async def asked(office: WebOffice, path: str, role: Role = Role.SUPERVISOR, **form: str) -> httpx.Response:
    headers = {**await office.bearer(role), "Accept": "text/html", "Accept-Language": "de", "Origin": ORIGIN}
    if not form:
        return await office.http.get(path, headers=headers)
    return await office.http.post(path, data=form, headers=headers)


async def found(office: WebOffice) -> str:
    answer = await asked(office, "/cases", case="12345 bg 0067890")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_case_is_found_by_its_number_and_seen_as_its_citizen_sees_it(office: WebOffice) -> None:
    path = await found(office)
    assert NUMBER not in path
    page = await asked(office, path)
    assert page.status_code == 200
    sent = await office.http.post("/status", data={"case": NUMBER, "pin": PIN}, headers={"Origin": ORIGIN})
    citizens = await office.http.get(sent.headers["location"], headers={"Accept-Language": "de"})
    assert _case(page.text) == _case(citizens.text)


def _case(text: str) -> str:
    begin = text.index('<div class="case"')
    words = " ".join(text[begin : text.index("Letzte Nachricht", begin)].split())
    assert "Stufe checking" in words
    return words


async def test_a_number_that_nobody_knows_is_told(office: WebOffice) -> None:
    for number in ("99999BG0000000", "?"):
        answer = await asked(office, "/cases", case=number)
        assert answer.status_code == 404
        assert "nichts bekannt" in answer.text


async def test_a_correction_is_what_the_citizen_sees(office: WebOffice) -> None:
    path = await found(office)
    saved = await asked(office, f"{path}/correct", stage="deciding", step="send", document="payslip")
    page = await asked(office, saved.headers["location"])
    assert "Gespeichert" in page.text
    assert "Stufe deciding" in _case_now(page.text)
    assert "Bitte senden Sie es" in page.text
    assert "<li>Lohnabrechnung</li>" in page.text
    assert "<li>Mietvertrag</li>" not in page.text


def _case_now(text: str) -> str:
    begin = text.index("case__stage")
    return text[begin : text.index("</h2>", begin)]


async def test_a_correction_to_what_the_office_does_not_have_is_refused(office: WebOffice) -> None:
    path = await found(office)
    assert (await asked(office, f"{path}/correct", stage="none")).status_code == 422
    assert (await asked(office, "/cases/none/correct", stage="deciding")).status_code == 404


async def test_an_erased_case_is_gone(office: WebOffice) -> None:
    path = await found(office)
    answer = await asked(office, f"{path}/erase", confirm="1")
    assert "gelöscht" in (await asked(office, answer.headers["location"])).text
    assert (await asked(office, path)).status_code == 404


async def test_every_look_and_change_is_noted_without_the_number(office: WebOffice) -> None:
    path = await found(office)
    await asked(office, path)
    await asked(office, f"{path}/correct", stage="deciding")
    entries = await Audit(office.store.client).latest()
    assert [e.what for e in entries[:3]] == ["case_corrected", "case_looked", "case_looked"]
    assert {e.about for e in entries[:3]} == {path.removeprefix("/cases/")}
    assert [e for e in entries if NUMBER in e.about] == []


async def test_the_overview_counts_each_stage_of_each_kind(office: WebOffice) -> None:
    text = (await asked(office, "/cases")).text
    assert text.count('<th scope="row">') == len(RULES.stages) * len(RULES.kinds)
    assert NUMBER not in text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COUNTER, Role.DEVICE])
async def test_who_may_not_see_cases_is_held_off(office: WebOffice, role: Role) -> None:
    assert (await asked(office, "/cases", role)).status_code == 403
    assert (await asked(office, f"/cases/{office.frame.cases.work.key(NUMBER)}", role)).status_code == 403


async def test_who_is_not_of_this_site_is_held_off(office: WebOffice) -> None:
    headers = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['elsewhere'])}", "Origin": ORIGIN}
    key = office.frame.cases.work.key(NUMBER)
    for path in ("/cases", f"/cases/{key}"):
        assert (await office.http.get(path, headers=headers)).status_code == 403
    for path in ("/cases", f"/cases/{key}/correct", f"/cases/{key}/erase"):
        form = {"case": NUMBER, "stage": "decided"}
        assert (await office.http.post(path, data=form, headers=headers)).status_code == 403
    assert (await asked(office, f"/cases/{key}")).status_code == 200


async def test_a_form_without_the_sessions_token_is_refused(office: WebOffice) -> None:
    await office.account("chief", Role.SUPERVISOR)
    await office.log_in("chief")
    answer = await office.http.post("/cases", data={"case": NUMBER}, headers={"Origin": ORIGIN})
    assert answer.status_code == 403


async def test_an_office_without_stages_says_where_they_stand(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as without:
        assert "[site.cases]" in (await asked(without, "/cases")).text
