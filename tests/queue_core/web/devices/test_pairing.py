"""A device shows a code, an admin types it in: what lets it in, what does not, and what ends it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from queue_core.domain.attendance import DeviceKind, DeviceName
from queue_core.domain.devices import Devices, DisplayPlace
from queue_core.domain.model import ZoneId
from queue_core.domain.pairing import ALPHABET, CODE_CHARACTERS, CODE_VALID_MS, WAITING_MOST, WRONG_CODES_MOST, code_of
from queue_core.domain.principal import Role, fingerprint
from queue_core.store.keys import pairings
from queue_core.store.pairing import Pairings
from queue_core.web.device import COOKIE
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import zone

DISPLAY = DeviceName(DeviceKind.DISPLAY, "lobby")
PAIRING = "/devices/display/lobby/pairing"
APPROVE = f"{PAIRING}/approve"


@pytest_asyncio.fixture
async def screen(office: WebOffice) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of a screen somewhere in the house."""
    transport = httpx.ASGITransport(office.app, client=("127.0.0.1", 40_000))
    headers = {"Origin": ORIGIN, "Via": "1.1 lan"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as http:
        yield http


async def code_on(screen: httpx.AsyncClient, path: str = PAIRING) -> str:
    told = (await screen.post(path)).json()
    assert told["state"] == "waiting"
    return str(told["code"])


async def approve(office: WebOffice, code: str, role: Role = Role.ADMIN, path: str = APPROVE) -> httpx.Response:
    return await office.http.post(path, json={"code": code}, headers=await office.bearer(role))


async def test_the_right_code_lets_the_waiting_browser_in_for_its_zones_alone(
    office: WebOffice, screen: httpx.AsyncClient
) -> None:
    code = await code_on(screen)
    assert (await approve(office, f" {code[:4].lower()}-{code[4:]} ")).json() == {"state": "paired"}
    assert (await screen.post(PAIRING)).json() == {"state": "paired"}
    token = screen.cookies[COOKIE]
    principal = await office.credentials.by_digest(fingerprint(token))
    assert principal is not None
    assert (principal.role, principal.zones, principal.name) == (
        Role.DEVICE,
        frozenset({ZoneId("hall")}),
        "display:lobby",
    )
    assert (await screen.post("/devices/display/lobby/report", json={})).status_code == 200


async def test_the_code_stays_as_long_as_the_browser_waits(screen: httpx.AsyncClient) -> None:
    assert await code_on(screen) == await code_on(screen)


async def test_a_code_is_easy_to_read_and_hard_to_guess() -> None:
    codes = {code_of(str(n)) for n in range(200)}
    assert len(codes) == 200
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("0O1I") & set(ALPHABET)
    assert {len(code) for code in codes} == {CODE_CHARACTERS}


async def test_neither_code_nor_secret_is_kept_or_sent_in_an_address(
    office: WebOffice, screen: httpx.AsyncClient
) -> None:
    answer = await screen.post(PAIRING)
    code, secret = answer.json()["code"], answer.cookies["wartezone_pairing"]
    kept: dict[str, str] = await office.store.client.hgetall(pairings("display:lobby")) or {}  # type: ignore[assignment]
    assert kept
    assert code not in str(kept)
    assert secret not in str(kept)
    assert secret not in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert f"path={PAIRING}" in cookie


async def test_a_code_counts_once(office: WebOffice, screen: httpx.AsyncClient) -> None:
    code = await code_on(screen)
    answers = await asyncio.gather(*(approve(office, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    assert len([t for t in await office.credentials.tokens() if t.grant.role is Role.DEVICE]) == 1


async def test_after_five_wrong_codes_the_device_shows_another(office: WebOffice, screen: httpx.AsyncClient) -> None:
    code = await code_on(screen)
    wrong = [(await approve(office, "AAAAAAAA")).json()["code"] for _ in range(WRONG_CODES_MOST)]
    assert wrong == ["wrong_code"] * (WRONG_CODES_MOST - 1) + ["codes_spent"]
    assert (await approve(office, code)).status_code == 422
    assert await code_on(screen) != code


async def test_an_old_code_counts_no_more(office: WebOffice) -> None:
    now = [1_000_000]
    waiting = Pairings(office.store.client, office.credentials, lambda: now[0])
    assert await waiting.begin(DISPLAY, "secret") == CODE_VALID_MS
    now[0] += CODE_VALID_MS - 1
    assert await waiting.left_ms(DISPLAY, "secret") == 1
    now[0] += 1
    assert await waiting.left_ms(DISPLAY, "secret") is None
    assert (await approve(office, code_of("secret"))).status_code == 422


async def test_another_devices_code_lets_nobody_in(office: WebOffice, screen: httpx.AsyncClient) -> None:
    code = await code_on(screen, "/devices/kiosk/entrance/pairing")
    assert (await approve(office, code)).json()["code"] == "wrong_code"


async def test_somebody_elses_browser_gets_nothing_of_an_approval(office: WebOffice, screen: httpx.AsyncClient) -> None:
    stranger = (await office.http.post(PAIRING, headers={"Origin": ORIGIN})).json()["code"]
    await approve(office, await code_on(screen))
    assert (await office.http.post(PAIRING, headers={"Origin": ORIGIN})).json()["code"] == stranger


async def test_not_more_than_some_wait_for_one_place(office: WebOffice) -> None:
    waiting = Pairings(office.store.client, office.credentials)
    begun = [await waiting.begin(DISPLAY, str(n)) for n in range(WAITING_MOST + 2)]
    assert [left_ms is None for left_ms in begun] == [False] * (WAITING_MOST + 1) + [True]


async def test_who_asks_for_codes_without_end_is_slowed_down(office: WebOffice) -> None:
    statuses = []
    for _ in range(12):
        office.http.cookies.clear()
        statuses.append((await office.http.post(PAIRING)).status_code)
    assert statuses[-1] == 429


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_an_admin_pairs_and_revokes(office: WebOffice, role: Role) -> None:
    assert (await approve(office, "AAAAAAAA", role)).status_code == 403
    answer = await office.http.post("/devices/display/lobby/revoke", headers=await office.bearer(role))
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [APPROVE, "/devices/display/lobby/revoke", "/devices/display/lobby/commands"])
async def test_another_zones_admin_may_do_nothing_here(office: WebOffice, path: str) -> None:
    headers = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['yard'])}"}
    assert (await office.http.post(path, json={"code": "A"}, headers=headers)).status_code == 403


async def test_an_admin_of_one_of_two_zones_cannot_pair_for_both(valkey_url: str, tmp_path: Path) -> None:
    zones = (zone(displays=("lobby",)), zone("yard", displays=("lobby",)))
    devices = Devices({}, {"lobby": DisplayPlace("lobby", (ZoneId("hall"), ZoneId("yard")))})
    async with open_web_office(valkey_url, tmp_path, *zones, devices=devices) as office:
        assert (await approve(office, "AAAAAAAA")).status_code == 403


async def test_another_site_starts_no_pairing(office: WebOffice) -> None:
    assert (await office.http.post(PAIRING, headers={"Origin": "https://evil.example"})).status_code == 403


async def test_where_a_secret_could_be_read_on_its_way_there_is_none(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, host="0.0.0.0") as office:
        answer = await office.http.post(PAIRING, headers={"Via": "1.1 lan"})
    assert (answer.status_code, answer.json()["code"]) == (403, "insecure")


@pytest.mark.slow
async def test_a_revoked_device_is_out_and_nobody_misses_it(office: WebOffice, screen: httpx.AsyncClient) -> None:
    await approve(office, await code_on(screen))
    await screen.post(PAIRING)
    assert (await screen.post("/devices/display/lobby/report", json={})).status_code == 200
    answer = await office.http.post("/devices/display/lobby/revoke", headers=await office.bearer(Role.ADMIN))
    assert answer.json() == {"tokens_ended": 1}

    async def is_out() -> bool:
        return (await screen.post("/devices/display/lobby/report", json={})).status_code == 401

    assert await eventually(is_out)
    assert (await office.frame.attendance.attendance(DISPLAY)).seen_ms == 0


async def test_revoking_also_ends_a_pasted_token_by_which_the_device_reports(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE)
    headers = {"Authorization": f"Bearer {token}", "Via": "1.1 lan"}
    await office.http.post("/devices/display/lobby/report", json={}, headers=headers)
    answer = await office.http.post("/devices/display/lobby/revoke", headers=await office.bearer(Role.ADMIN))
    assert answer.json() == {"tokens_ended": 1}
    assert await office.credentials.by_digest(fingerprint(token)) is None


async def test_a_paired_device_does_not_report_for_another(office: WebOffice, screen: httpx.AsyncClient) -> None:
    await approve(office, await code_on(screen))
    await screen.post(PAIRING)
    assert (await screen.post("/devices/kiosk/entrance/report", json={})).status_code == 403


async def test_pairing_stands_in_the_audit(office: WebOffice, screen: httpx.AsyncClient) -> None:
    await approve(office, "AAAAAAAA")
    await approve(office, await code_on(screen))
    found = [(entry.what, entry.about) for entry in await office.credentials.audit.latest(10)]
    assert ("pairing_wrong", "display:lobby") in found
    assert ("pairing_approved", "display:lobby") in found
