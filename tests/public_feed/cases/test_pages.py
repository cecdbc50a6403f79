"""Number and PIN by a form, a look at the case by an address that ends soon."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.casework.door import ADDRESS_PATIENCE, CASE_PATIENCE, CaseLocked
from queue_core.casework.turns import TooBusy
from queue_core.domain.cases import Case
from queue_core.domain.site import Site
from queue_core.store.cases import CaseStore, Change
from queue_core.web.words import ORDER
from tests.public_feed.cases.conftest import FACES, learn, push
from tests.support.cases import NUMBER, PIN
from tests.support.web_office import ORIGIN, WebOffice, open_web_office

GERMAN = {"Accept": "text/html", "Accept-Language": "de", "Origin": ORIGIN}
WRONG = "haben wir nichts gefunden"


async def sent(office: WebOffice, case: str = NUMBER, pin: str = PIN) -> httpx.Response:
    return await office.http.post("/status", data={"case": case, "pin": pin}, headers=GERMAN)


async def looked(office: WebOffice, language: str = "de") -> httpx.Response:
    address = (await sent(office)).headers["location"]
    return await office.http.get(f"{address}?lang={language}", headers={"Accept": "text/html"})


async def test_number_and_pin_lead_to_how_the_case_stands(office: WebOffice) -> None:
    answer = await sent(office, "12345-bg-0067890")
    assert answer.status_code == 303
    assert NUMBER not in answer.headers["location"]
    assert PIN not in answer.headers["location"]
    page = await office.http.get(answer.headers["location"], headers=GERMAN)
    assert page.status_code == 200
    assert "Stufe checking" in page.text
    assert "Mietvertrag" in page.text
    assert NUMBER not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


async def test_the_address_works_again_and_in_another_language(office: WebOffice) -> None:
    address = (await sent(office)).headers["location"]
    for language, word in (("de", "So geht es weiter"), ("en", "What happens next"), ("tr", "Bundan sonra ne olacak")):
        assert word in (await office.http.get(f"{address}?lang={language}")).text


async def test_every_language_says_all_of_it(office: WebOffice) -> None:
    await learn(office, "checking", *range(1, 11))
    for language in ORDER:
        page = await looked(office, language)
        assert page.status_code == 200, language
        assert f'<html lang="{language}"' in page.text
        assert page.text.count('class="case__step"') == 4
        assert page.text.count('class="case__usual"') == 1


@pytest.mark.parametrize(
    ("case", "pin"),
    [(NUMBER, "99999"), ("99999BG0000000", PIN), ("?", PIN), (NUMBER, ""), ("\0" * 90, "x" * 500)],
    ids=["wrong pin", "unknown case", "no number", "no pin", "endless"],
)
async def test_what_does_not_fit_is_answered_alike(office: WebOffice, case: str, pin: str) -> None:
    answer = await sent(office, case, pin)
    known = await sent(office, NUMBER, "00000")
    assert answer.status_code == known.status_code == 422
    assert WRONG in answer.text
    assert _without_number(answer.text) == _without_number(known.text)
    assert pin == "" or f'value="{pin}"' not in answer.text


def _without_number(text: str) -> str:
    return re.sub(r'name="case" type="text" value="[^"]*"', "", text)


async def test_after_five_wrong_tries_it_says_how_long_to_wait(office: WebOffice) -> None:
    for _ in range(CASE_PATIENCE.free):
        assert (await sent(office, pin="00000")).status_code == 422
    locked = await sent(office)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 60
    assert "zu viele Versuche" in locked.text
    assert "1 Minute." in locked.text


@pytest.mark.parametrize(("wait_s", "words"), [(61, "2 Minuten"), (3600, "60 Minuten"), (8 * 3600 - 5, "8 Stunden")])
async def test_long_waits_are_told_in_hours(
    office: WebOffice, monkeypatch: pytest.MonkeyPatch, wait_s: int, words: str
) -> None:
    monkeypatch.setattr(office.frame.cases.door, "open", partial(_locked, wait_s))
    locked = await sent(office)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, str(wait_s))
    assert words in locked.text


async def _locked(wait_s: int, *_asked: str) -> None:
    raise CaseLocked(1000 * wait_s)


async def test_in_a_flood_people_are_told_to_come_again_and_keep_their_number(
    office: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_asked: str) -> None:
        raise TooBusy

    monkeypatch.setattr(office.frame.cases.door, "open", busy)
    answer = await sent(office)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "gleich noch einmal" in answer.text
    assert f'value="{NUMBER}"' in answer.text


async def test_strangers_at_many_addresses_lock_nobody_else_out(valkey_url: str, tmp_path: Path, site: Site) -> None:
    options: dict[str, Any] = {"trusted_proxies": ("127.0.0.1/32",)}
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site, **options) as office:
        await push(office, "checking")
        for n in range(400):
            headers = {**GERMAN, "X-Forwarded-For": f"2001:db8:{n // 100}:{n % 100}::{n}"}
            case = "OTHERCASE" if n % 2 else f"CASE{n}"
            await office.http.post("/status", data={"case": case, "pin": "00000"}, headers=headers)
        mine = {**GERMAN, "X-Forwarded-For": "192.0.2.7"}
        answer = await office.http.post("/status", data={"case": NUMBER, "pin": PIN}, headers=mine)
        assert answer.status_code == 303


async def test_one_ipv6_network_is_one_address(valkey_url: str, tmp_path: Path, site: Site) -> None:
    options: dict[str, Any] = {"trusted_proxies": ("127.0.0.1/32",)}
    async with open_web_office(valkey_url, tmp_path, faces=FACES, site=site, **options) as office:
        answers = []
        for n in range(40):
            headers = {**GERMAN, "X-Forwarded-For": f"2001:db8:1:1:{n:x}::1"}
            sent = await office.http.post("/status", data={"case": f"CASE{n}", "pin": "00000"}, headers=headers)
            answers.append(sent.status_code)
        assert answers.count(422) <= ADDRESS_PATIENCE.free
        assert answers[-1] == 429


async def test_who_tries_very_fast_is_held_off_before_the_store_is_asked(office: WebOffice) -> None:
    answers = [await sent(office, f"CASE{n}", "00000") for n in range(25)]
    assert answers[0].status_code == 422
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, "60")
    assert "1 Minute." in answers[-1].text


async def test_a_stage_that_the_office_no_longer_has_is_said_honestly(office: WebOffice) -> None:
    key = office.frame.cases.work.key(NUMBER)
    lost = Case("first", "lost", office.frame.cases.work.now_ms(), {})
    await CaseStore(office.store.client).change([key], lambda _there: Change({key: lost}))
    for language in ORDER:
        page = await looked(office, language)
        assert page.status_code == 200
        assert 'class="case__step"' not in page.text
    assert "Wir können diesen Schritt gerade nicht zeigen" in (await looked(office)).text


async def test_a_form_from_another_site_is_refused(office: WebOffice) -> None:
    headers = {**GERMAN, "Origin": "https://elsewhere.example"}
    answer = await office.http.post("/status", data={"case": NUMBER, "pin": PIN}, headers=headers)
    assert answer.status_code == 403


async def test_a_closed_look_shows_nothing_any_more(office: WebOffice) -> None:
    address = (await sent(office)).headers["location"]
    assert (await office.http.post(f"{address}/close", headers=GERMAN)).headers["location"] == "/status"
    gone = await office.http.get(address, headers=GERMAN)
    assert gone.status_code == 404
    assert "Diese Seite ist geschlossen" in gone.text
    assert "Stufe" not in gone.text
    assert (await office.http.get(f"{address}/now")).status_code == 404


async def test_an_address_that_was_never_ours_is_answered_like_a_closed_one(office: WebOffice) -> None:
    address = (await sent(office)).headers["location"]
    await office.http.post(f"{address}/close", headers=GERMAN)
    closed, foreign = [await office.http.get(path, headers=GERMAN) for path in (address, "/status/nonsense")]
    assert closed.status_code == foreign.status_code == 404
    assert closed.text == foreign.text


async def test_news_are_only_sent_when_there_are_any(office: WebOffice) -> None:
    answer = await sent(office)
    address = answer.headers["location"]
    page = await office.http.get(address, headers=GERMAN)
    [tag] = re.findall(r'data-case-tag="(\w+)"', page.text)
    assert (await office.http.get(f"{address}/now?seen={tag}")).status_code == 204
    await push(office, "deciding")
    fresh = await office.http.get(f"{address}/now?seen={tag}", headers=GERMAN)
    assert fresh.status_code == 200
    assert "Stufe deciding" in fresh.text
    assert "<html" not in fresh.text


async def test_how_long_it_usually_takes_is_told_from_ten_cases_on(office: WebOffice) -> None:
    await learn(office, "deciding", *[4] * 9)
    await learn(office, "checking", *range(1, 11))
    text = (await looked(office)).text
    assert "höchstens 5 Tage" in text
    assert "höchstens 9 Tage" in text
    assert "Es dauert länger als sonst" in text
    assert "höchstens 4 Tage" not in text


async def test_a_reached_end_is_done_and_promises_nothing_more(office: WebOffice) -> None:
    await push(office, "withdrawn")
    text = (await looked(office)).text
    assert "case__now--ended" in text
    assert "Stufe withdrawn" in text
    assert "Stufe decided" not in text
    assert "Kommt noch" not in text


async def test_an_office_without_stages_has_no_such_page(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=FACES) as without:
        for method, path in (
            ("GET", "/status"),
            ("POST", "/status"),
            ("GET", "/status/x"),
            ("POST", "/status/x/close"),
        ):
            assert (await without.http.request(method, path, headers=GERMAN)).status_code == 404
