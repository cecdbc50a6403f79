"""The kiosk's page and how a browser is made a kiosk."""

from pathlib import Path

import httpx

from queue_core.domain.principal import Role
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import zone
from ticket_kiosk.face import face

KIOSK = "/kiosk/entrance"
PAGE = {"Accept": "text/html"}
FORM = {**PAGE, "Origin": ORIGIN}


def far(office: WebOffice) -> httpx.AsyncClient:
    """A browser on another machine, which trusts the server's name."""
    transport = httpx.ASGITransport(office.app, client=("192.0.2.7", 40_000))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=PAGE)


async def test_on_the_servers_own_machine_it_just_works(office: WebOffice) -> None:
    answer = await office.http.get(KIOSK, headers=PAGE)
    assert answer.status_code == 200
    assert answer.text.count('<template data-language="') == len(office.zone.languages)


async def test_its_language_is_the_zones_not_the_browsers(office: WebOffice) -> None:
    assert '<html lang="de"' in (await office.http.get(KIOSK, headers={**PAGE, "Accept-Language": "en"})).text
    assert '<html lang="en"' in (await office.http.get(f"{KIOSK}?lang=en", headers=PAGE)).text


async def test_seconds_are_counted_by_the_rules_of_the_language(valkey_url: str, tmp_path: Path) -> None:
    name = {"de": "Halle", "uk": "Зала"}
    hall = zone(languages=("de", "uk"), name=name, site=name)
    async with open_web_office(valkey_url, tmp_path, hall, faces=[face]) as office:
        answer = await office.http.get(KIOSK, headers=PAGE)
    for plural, seconds in {"one": "{n} секунду", "few": "{n} секунди", "many": "{n} секунд"}.items():
        assert f'data-phrase="countdown" data-plural="{plural}">Сторінка закриється за {seconds}.' in answer.text


async def test_where_no_phone_can_reach_the_server_the_own_page_opens_here(
    office: WebOffice, valkey_url: str, tmp_path: Path
) -> None:
    assert "data-own-page" in (await office.http.get(KIOSK, headers=PAGE)).text
    async with open_web_office(valkey_url, tmp_path, faces=[face], public_url="https://amt.example") as public:
        page = await public.http.get(KIOSK, headers={**PAGE, "Host": "amt.example"})
    assert "data-own-page" not in page.text


async def test_from_elsewhere_it_must_be_set_up_first(office: WebOffice) -> None:
    async with far(office) as http:
        answer = await http.get(KIOSK)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{KIOSK}/enrol")


async def test_behind_a_proxy_nobody_is_local(office: WebOffice) -> None:
    for trace in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        answer = await office.http.get(KIOSK, headers={**PAGE, trace: "192.0.2.7"})
        assert answer.status_code == 303, trace


async def test_a_kiosk_that_does_not_exist_is_not_found(office: WebOffice) -> None:
    for path in ("", "/enrol"):
        assert (await office.http.get(f"/kiosk/roof{path}", headers=PAGE)).status_code == 404


async def test_a_device_token_sets_a_kiosk_up_once(office: WebOffice) -> None:
    token = await office.token(Role.DEVICE)
    async with far(office) as http:
        assert (await http.get(f"{KIOSK}/enrol")).status_code in (200, 403)
    answer = await office.http.post(f"{KIOSK}/enrol", data={"token": f" {token}\n"}, headers=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, KIOSK)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    async with far(office) as http:
        http.cookies = office.http.cookies
        assert (await http.get(KIOSK)).status_code == 200


async def test_other_tokens_set_no_kiosk_up(office: WebOffice) -> None:
    tokens = ["nonsense", "", await office.token(Role.COUNTER), await office.token(Role.DEVICE, zones=["yard"])]
    for token in tokens:
        answer = await office.http.post(f"{KIOSK}/enrol", data={"token": token}, headers=FORM)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


async def test_another_site_cannot_set_a_kiosk_up(office: WebOffice) -> None:
    form = {"token": await office.token(Role.DEVICE)}
    answer = await office.http.post(f"{KIOSK}/enrol", data=form, headers={**FORM, "Origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_a_token_never_travels_unencrypted(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[face], host="0.0.0.0") as office:
        token = await office.token(Role.DEVICE)
        async with far(office) as http:
            answer = await http.post(f"{KIOSK}/enrol", data={"token": token}, headers=FORM)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            assert 'name="token"' not in (await http.get(f"{KIOSK}/enrol")).text
