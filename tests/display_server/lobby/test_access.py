"""Who may be a wall: a browser on this machine, an enrolled device, staff; nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from display_server.lobby.face import face
from queue_core.domain.principal import Role
from queue_core.web.device import COOKIE
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import zone

FOREIGN = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    here = replace(zone(), displays=("wall",))
    async with open_web_office(valkey_url, tmp_path, here, faces=[face]) as opened:
        yield opened


async def enrol(office: WebOffice, token: str, origin: str = ORIGIN) -> httpx.Response:
    headers = {**FOREIGN, "Origin": origin}
    return await office.http.post("/lobby/wall/enrol", data={"token": token}, headers=headers)


async def test_a_browser_on_this_machine_needs_nothing(office: WebOffice) -> None:
    answer = await office.http.get("/lobby/wall")
    assert answer.status_code == 200
    assert "view=lobby" in answer.text


@pytest.mark.parametrize("headers", [FOREIGN, {"Via": "1.1 proxy"}, {"X-Real-IP": "192.0.2.7"}])
async def test_a_stranger_is_asked_for_a_token(office: WebOffice, headers: dict[str, str]) -> None:
    answer = await office.http.get("/lobby/wall", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lobby/wall/enrol")


async def test_an_enrolled_device_comes_in_by_a_cookie_that_scripts_cannot_read(office: WebOffice) -> None:
    answer = await enrol(office, await office.token(Role.DEVICE))
    assert (answer.status_code, answer.headers["location"]) == (303, "/lobby/wall")
    kept = answer.headers["set-cookie"]
    assert kept.startswith(f"{COOKIE}=")
    assert "HttpOnly" in kept
    assert "SameSite=strict" in kept
    assert (await office.http.get("/lobby/wall", headers=FOREIGN)).status_code == 200


@pytest.mark.slow
async def test_a_revoked_device_is_asked_again(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE)
    await enrol(office, token)
    (known,) = await office.credentials.tokens()
    await office.credentials.revoke_token(known.id, by="test")

    async def is_asked() -> bool:
        return (await office.http.get("/lobby/wall", headers=FOREIGN)).status_code == 303

    assert await eventually(is_asked)


async def test_where_a_token_could_be_read_on_its_way_nobody_is_asked_for_one(valkey_url: str, tmp_path: Path) -> None:
    here = replace(zone(), displays=("wall",))
    async with open_web_office(valkey_url, tmp_path, here, faces=[face], host="0.0.0.0") as office:
        assert 'name="token"' not in (await office.http.get("/lobby/wall/enrol", headers=FOREIGN)).text
        answer = await enrol(office, await office.token(Role.DEVICE))
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_a_wrong_token_enrols_nobody(office: WebOffice) -> None:
    for token in ("", "wz_wrong", await office.token(Role.DEVICE, ["elsewhere"]), await office.token(Role.ADMIN)):
        answer = await enrol(office, token)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


async def test_another_site_enrols_nobody(office: WebOffice) -> None:
    answer = await enrol(office, await office.token(Role.DEVICE), origin="https://elsewhere.example")
    assert answer.status_code == 403


async def test_staff_may_look_at_the_wall_from_elsewhere(office: WebOffice) -> None:
    headers = await office.bearer(Role.VIEWER)
    assert (await office.http.get("/lobby/wall", headers={**FOREIGN, **headers})).status_code == 200


@pytest.mark.parametrize("path", ["/lobby/nowhere", "/lobby/nowhere/enrol"])
async def test_an_unknown_display_is_not_there(office: WebOffice, path: str) -> None:
    assert (await office.http.get(path)).status_code == 404


async def test_the_page_speaks_german_and_english_and_takes_its_theme(office: WebOffice) -> None:
    english = await office.http.get("/lobby/wall?lang=en&theme=dark")
    assert "Now called" in english.text
    assert 'data-kern-theme="dark"' in english.text
    assert 'data-kern-theme="light"' in (await office.http.get("/lobby/wall?theme=pink")).text
