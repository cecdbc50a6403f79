"""What the agent passes on, and to whom: its own page's requests, and nothing else."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.ticket_kiosk.agent.rig import OWN, PORT, TICKETS, Rig, open_rig

pytestmark = pytest.mark.slow

DENIED = [
    ("GET", "/desk"),
    ("GET", "/board"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/kiosk/other"),
    ("GET", "/kiosk/entrance/enrol"),
    ("GET", "/kiosk/entrance/emergency"),
    ("POST", "/kiosk/entrance/blocks"),
    ("POST", "/kiosk/entrance/uploads"),
    ("POST", "/kiosk/other/tickets"),
    ("GET", "/api/v1/zones"),
    ("GET", "/api/v1/zones/hall"),
    ("GET", "/api/v1/zones/hall/stream?view=waits"),
    ("GET", "/api/v1/zones/hall/events?view=lobby"),
    ("GET", "/api/v1/zones/hall/events?view=waits&view=desk"),
    ("GET", "/api/v1/zones/other/events?view=waits"),
    ("POST", "/api/v1/zones/hall/tickets"),
    ("POST", "/devices/display/lobby/report"),
    ("POST", "/devices/kiosk/other/report"),
    ("POST", "/devices/agent/entrance/report"),
    ("GET", "/t/hall.x.y"),
    ("GET", "/static/../../etc/passwd"),
    ("GET", "/static/web/%2e%2e/%2e%2e/journal.jsonl"),
    ("GET", "/static/%2e%2e/kiosk/entrance/emergency"),
    ("GET", "/static/%2e%2e/api/v1/zones/hall"),
    ("GET", "/static/%2e%2e/metrics"),
    ("GET", "/static/web/%2e%2e/%2e%2e/kiosk/entrance/paper.png"),
    ("GET", "/static/%2fmetrics"),
    ("GET", "/speech/%2e%2e"),
    ("PUT", "/kiosk/entrance"),
    ("DELETE", "/agent/state"),
]


async def test_nothing_else_goes_through(rig: Rig) -> None:
    answers = {(method, path): await rig.http.request(method, path) for method, path in DENIED}
    assert {
        asked: answer.status_code for asked, answer in answers.items() if answer.status_code not in (404, 405)
    } == {}


async def test_whoever_asks_for_nothing_is_led_to_the_kiosk(rig: Rig) -> None:
    assert (await rig.http.get("/")).headers["location"] == "/kiosk/entrance"


async def test_a_name_that_only_leads_here_is_refused(rig: Rig) -> None:
    names = ("evil.example", f"evil.example:{PORT}", "127.0.0.1:9999", f"127.0.0.1.evil.example:{PORT}", "")
    for name in names:
        assert (await rig.http.get("/agent/state", headers={"Host": name})).status_code == 400, name


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": f"https://127.0.0.1:{PORT}"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"},
)


async def test_another_sites_page_draws_nothing(rig: Rig) -> None:
    for headers in FOREIGN:
        answer = await rig.http.post(TICKETS, json={"service": "new"}, headers={"Idempotency-Key": "k1", **headers})
        assert answer.status_code == 403, headers
    assert not rig.house.ledger.draws


async def test_the_own_page_draws(rig: Rig) -> None:
    headers = {"Idempotency-Key": "k1", "Origin": OWN, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert (await rig.http.post(TICKETS, json={"service": "new"}, headers=headers)).status_code == 201


async def test_a_body_that_is_too_large_is_not_read(rig: Rig) -> None:
    answer = await rig.http.post(TICKETS, content=b"x" * 70_000, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 413


BAD: tuple[tuple[bytes, dict[str, str], int], ...] = (
    (b"[]", {"Idempotency-Key": "k1"}, 422),
    (b"{", {"Idempotency-Key": "k1"}, 400),
    (b'{"service":"new","service":"short"}', {"Idempotency-Key": "k1"}, 400),
    (b'{"service":"ne\\u0000w"}', {"Idempotency-Key": "k1"}, 400),
    (b'{"service":"new"}', {"Idempotency-Key": "k 1"}, 400),
    (b'{"service":"new"}', {"Idempotency-Key": "k1", "Content-Type": "text/plain"}, 415),
    (b'{"service":"new","further":"short"}', {"Idempotency-Key": "k3"}, 422),
    (b'{"service":"new"}', {}, 400),
    (b'{"service":"new"}', {"Idempotency-Key": "k" * 200}, 400),
    (b'{"service":"nothing"}', {"Idempotency-Key": "k2"}, 404),
    (b'{"service":"new","more":1}', {"Idempotency-Key": "k3"}, 422),
)


async def test_bad_input_gets_a_clear_answer(rig: Rig) -> None:
    for body, headers, status in BAD:
        answer = await rig.http.post(TICKETS, content=body, headers={"Content-Type": "application/json", **headers})
        assert answer.status_code == status, body
        assert answer.json()["code"]


async def test_a_bad_code_gets_a_clear_answer_too(rig: Rig) -> None:
    for body, key, status in ((b"[]", "k1", 422), (b"{", "k1", 400), (b'{"code":"A"}', "", 400), (b"{}", "k1", 422)):
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        answer = await rig.http.post("/kiosk/entrance/codes", content=body, headers=headers)
        assert answer.status_code == status, body
        assert answer.json()["code"]


async def test_the_server_sees_the_agents_token_and_nothing_of_the_browser(rig: Rig) -> None:
    seen: list[dict[bytes, bytes]] = []
    rig.wire.loses = lambda _: False
    app = rig.wire.app

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == TICKETS:
            seen.append(dict(scope["headers"]))
        await app(scope, receive, send)

    rig.wire.app = watching
    headers = {"Cookie": "a=b", "Origin": OWN, "Idempotency-Key": "k1", "X-Forwarded-For": "10.0.0.1"}
    await rig.http.post(TICKETS, json={"service": "new"}, headers=headers)
    (asked,) = seen
    assert asked[b"authorization"] == f"Bearer {rig.token}".encode()
    assert not {b"cookie", b"origin", b"x-forwarded-for"} & set(asked)


async def test_a_token_of_staff_is_no_device(rig: Rig) -> None:
    """Nor is one of another zone: the server shows them nothing that a kiosk is lent."""
    for role in (Role.ADMIN, Role.COUNTER):
        headers = await rig.office.bearer(role)
        for method, path in (("GET", "emergency"), ("POST", "blocks"), ("POST", "uploads")):
            answer = await rig.office.http.request(method, f"/kiosk/entrance/{path}", headers=headers)
            assert answer.status_code == 403
    other = {"Authorization": f"Bearer {await rig.office.token(Role.DEVICE, ('elsewhere',))}"}
    assert (await rig.office.http.get("/kiosk/entrance/emergency", headers=other)).status_code == 403
    assert (await rig.office.http.get("/kiosk/entrance/emergency")).status_code == 401


class TestPage:
    async def test_it_is_the_servers_while_that_is_there(self, rig: Rig) -> None:
        ours, theirs = await rig.http.get("/kiosk/entrance"), await rig.office.http.get("/kiosk/entrance")
        assert ours.status_code == 200
        assert "data-kiosk" in ours.text
        assert ours.headers["content-type"] == theirs.headers["content-type"]

    async def test_without_the_server_it_is_the_last_good_one_with_all_its_files(
        self, valkey_url: str, tmp_path: Path
    ) -> None:
        """This agent has nothing yet, and fetches all of it."""
        async with open_rig(valkey_url, tmp_path) as rig:
            await rig.ready()
            await rig.server_goes()
            page = await rig.http.get("/kiosk/entrance?lang=en")
            assert page.status_code == 200
            assert "data-kiosk" in page.text
            assert page.headers["content-security-policy"]
            urls = {part.split('"')[0] for part in page.text.split('"') if part.startswith("/static/")}
            assert urls
            for url in [*urls, *(rig.house.place.files if rig.house.place else [])]:
                file = await rig.http.get(url)
                assert file.status_code == 200, url
                assert file.content

    async def test_after_a_night_without_either_it_is_still_there(self, rig: Rig) -> None:
        await rig.server_goes()
        await rig.agent_dies()
        await rig.agent_comes()
        assert "data-kiosk" in (await rig.http.get("/kiosk/entrance")).text

    async def test_whether_the_server_is_back_is_no_matter_of_copies(self, rig: Rig) -> None:
        assert (await rig.http.head("/kiosk/entrance")).status_code == 200
        await rig.server_goes()
        await eventually(lambda: not rig.house.link.up, within_s=10)
        assert (await rig.http.head("/kiosk/entrance")).status_code == 503

    async def test_a_first_start_without_a_server_says_so_in_every_language(self, rig: Rig) -> None:
        await rig.server_goes()
        for file in rig.house.copies._folder.glob("page"):
            file.unlink()
        page = await rig.http.get("/kiosk/entrance")
        assert page.status_code == 200
        assert page.headers["refresh"]
        assert 'lang="de"' in page.text
        assert 'lang="en"' in page.text


async def test_the_live_waits_come_through(rig: Rig) -> None:
    """As they are sent: the transport of these tests has no streams, so that this one asks over a real port."""
    from tests.support.web_server import free_listener, serving
    from ticket_kiosk.agent.app import app_of

    with free_listener() as listener:
        port = listener.getsockname()[1]
    async with (
        serving(app_of(rig.house, port), free_listener(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser,
        browser.stream("GET", "/api/v1/zones/hall/events?view=waits") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        parts = stream.aiter_text()
        text = ""
        while '"snapshot"' not in text:
            text += await anext(parts)


async def test_the_token_stands_in_no_word_about_the_agent(rig: Rig) -> None:
    assert rig.token not in repr(rig.house.means)
