"""Logging in: the session's cookie, its form token, its end; throttling; the one-time invitation."""

import asyncio
from pathlib import Path

import httpx
import pytest

from queue_core.domain.principal import Role, fingerprint
from queue_core.store import keys
from queue_core.web.login import local_path
from tests.support.web_office import ORIGIN, PASSWORD, WebOffice, open_web_office

FROM_ELSEWHERE = {"Origin": "https://evil.example"}
OPEN = "/api/v1/zones/hall/counters/1/open"


async def csrf(office: WebOffice) -> str:
    """The token as a page's script finds it."""
    page = (await office.http.get("/login", headers={"Accept": "text/html"})).text
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]


async def opened(office: WebOffice, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.http.post(OPEN, headers={"Idempotency-Key": "k", **named})


async def test_a_login_opens_the_api_to_the_cookie(office: WebOffice) -> None:
    await office.account()
    answer = await office.log_in(next="/desk?a=b")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk?a=b")
    assert (await opened(office, X_CSRF_Token=await csrf(office))).status_code == 200


async def test_a_cookie_without_the_forms_token_changes_nothing(office: WebOffice) -> None:
    await office.account()
    await office.log_in()
    for wrong in ({}, {"X_CSRF_Token": ""}, {"X_CSRF_Token": "wrong"}):
        answer = await opened(office, **wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_request_from_another_site_is_refused_with_the_right_token_too(
    office: WebOffice, header: dict[str, str]
) -> None:
    await office.account()
    await office.log_in()
    answer = await opened(office, X_CSRF_Token=await csrf(office), **header)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_site")


@pytest.mark.parametrize(
    "headers",
    [
        FROM_ELSEWHERE,
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_cannot_log_anybody_in(office: WebOffice, headers: dict[str, str]) -> None:
    await office.account()
    answer = await office.http.post("/login", data={"login": "anna", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["https://office.example", "https://intranet.example"])
async def test_our_public_address_and_listed_ones_may_send_forms(valkey_url: str, tmp_path: Path, origin: str) -> None:
    """Also where a proxy asks us by another name."""
    listed = ("https://intranet.example",)
    public = "https://office.example"
    async with open_web_office(valkey_url, tmp_path, public_url=public, allowed_origins=listed) as office:
        await office.account()
        answer = await office.http.post(
            "/login", data={"login": "anna", "password": PASSWORD}, headers={"Origin": origin}
        )
        assert answer.status_code == 303


async def test_the_cookie_is_kept_from_scripts_and_only_its_hash_is_stored(office: WebOffice) -> None:
    await office.account()
    header = (await office.log_in()).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header
    cookie = office.http.cookies["wartezone"]
    assert await office.store.client.exists(keys.session(fingerprint(cookie)))
    assert not await office.store.client.exists(keys.session(cookie))


async def test_with_tls_the_cookie_is_bound_to_the_host(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, public_url="https://127.0.0.1") as office:
        await office.account()
        answer = await office.http.post(
            "/login", data={"login": "anna", "password": PASSWORD}, headers={"Origin": "https://127.0.0.1:8080"}
        )
        assert answer.headers["Set-Cookie"].startswith("__Host-wartezone=")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_every_login_is_a_new_session_and_ends_the_old_one(office: WebOffice) -> None:
    await office.account()
    await office.log_in()
    first = office.http.cookies["wartezone"]
    await office.log_in()
    assert office.http.cookies["wartezone"] != first
    assert not await office.store.client.exists(keys.session(fingerprint(first)))


async def test_logging_out_ends_the_session_at_once(office: WebOffice) -> None:
    await office.account()
    await office.log_in()
    cookie, token = office.http.cookies["wartezone"], await csrf(office)
    assert (await office.http.post("/logout")).status_code == 403
    answer = await office.http.post("/logout", data={"csrf_token": token}, headers={"Origin": "null"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    office.http.cookies.set("wartezone", cookie)
    assert (await opened(office, X_CSRF_Token=token)).status_code == 401


@pytest.mark.parametrize(
    ("login", "password"), [("anna", "wrong password"), ("nobody", PASSWORD), ("", ""), ("x" * 65, PASSWORD)]
)
async def test_a_wrong_login_says_only_that(office: WebOffice, login: str, password: str) -> None:
    await office.account()
    answer = await office.log_in(login, password)
    assert answer.status_code == 401
    assert "Name oder Passwort ist falsch" in answer.text
    assert "set-cookie" not in answer.headers


async def test_names_are_found_in_any_case(office: WebOffice) -> None:
    await office.account("anna")
    assert (await office.log_in(" ANNA ")).status_code == 303


async def test_after_five_wrong_passwords_the_right_one_must_wait_too(office: WebOffice) -> None:
    await office.account()
    for _ in range(5):
        assert (await office.log_in(password="wrong password")).status_code == 401
    answer = await office.log_in()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


async def test_many_guesses_at_once_are_no_more_guesses(office: WebOffice) -> None:
    await office.account()
    answers = await asyncio.gather(*(office.log_in(password=f"wrong password {n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_an_address_is_counted_for_its_failures_only(office: WebOffice) -> None:
    await office.account()
    for _ in range(35):
        assert (await office.log_in()).status_code == 303


async def test_where_passwords_could_be_read_on_their_way_nobody_logs_in(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, host="0.0.0.0") as office:
        await office.account()
        far = httpx.ASGITransport(office.app, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=far, base_url=ORIGIN) as http:
            answer = await http.post("/login", data={"login": "anna", "password": PASSWORD}, headers={"Origin": ORIGIN})
            assert answer.status_code == 403
            assert "WARTEZONE_INSECURE_LAN" in answer.text
        assert (await office.log_in()).status_code == 303


async def test_an_insecure_lan_is_told_on_every_page(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, host="0.0.0.0", insecure_lan=True) as office:
        await office.account()
        await office.log_in()
        assert "nicht verschlüsselt" in (await office.http.get("/login", headers={"Accept": "text/html"})).text


async def test_an_invitation_makes_one_account(office: WebOffice) -> None:
    code = await office.credentials.invite_admin()
    form = {"code": code, "login": "Chefin", "password": PASSWORD, "again": PASSWORD}
    assert (await office.http.get(f"/welcome?code={code}")).status_code == 200
    joined = await office.http.post("/welcome", data=form, headers={"Origin": ORIGIN})
    assert (joined.status_code, joined.headers["Location"]) == (303, "/desk")
    assert (await opened(office, X_CSRF_Token=await csrf(office))).status_code == 200
    assert (await office.http.get(f"/welcome?code={code}")).status_code == 410
    again = await office.http.post("/welcome", data={**form, "login": "other"}, headers={"Origin": ORIGIN})
    assert again.status_code == 410
    assert await office.credentials.invite_admin() is None


@pytest.mark.parametrize(
    ("change", "status"),
    [({"password": "short", "again": "short"}, 422), ({"again": "different words"}, 422), ({"login": " "}, 422)],
)
async def test_a_faulty_form_keeps_the_invitation(office: WebOffice, change: dict[str, str], status: int) -> None:
    code = await office.credentials.invite_admin()
    form = {"code": code, "login": "chefin", "password": PASSWORD, "again": PASSWORD} | change
    answer = await office.http.post("/welcome", data=form, headers={"Origin": ORIGIN})
    assert answer.status_code == status
    assert (await office.http.get(f"/welcome?code={code}")).status_code == 200


async def test_a_taken_name_keeps_the_invitation(office: WebOffice) -> None:
    code = await office.credentials.invite_admin()
    await office.account("anna", Role.VIEWER)
    form = {"code": code, "login": "Anna", "password": PASSWORD, "again": PASSWORD}
    assert (await office.http.post("/welcome", data=form, headers={"Origin": ORIGIN})).status_code == 409
    assert (await office.http.get(f"/welcome?code={code}")).status_code == 200


async def test_a_made_up_invitation_is_spent(office: WebOffice) -> None:
    answer = await office.http.get("/welcome?code=guess", headers={"Accept": "text/html"})
    assert answer.status_code == 410
    assert "Nicht mehr gültig" in answer.text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "", "/a\nb", "/\t/evil.example"],
)
def test_a_login_never_leads_elsewhere(target: str) -> None:
    assert local_path(target) == "/desk"
