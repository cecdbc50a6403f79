"""What a request must pass: the host it names, its headers in return, an id, a line in the log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message
from structlog.testing import capture_logs

from queue_core.domain.principal import Role
from queue_core.settings import Settings
from queue_core.web import request_log
from queue_core.web.access import public
from queue_core.web.api.zones import STATE_CACHE
from queue_core.web.face import Face
from queue_core.web.guards import known_names
from tests.support.web_office import WebOffice, open_web_office


@pytest.mark.parametrize("path", ["/livez", "/api/v1/zones/hall"])
@pytest.mark.parametrize(
    "host", ["evil.example", "", "127.0.0.1:80; script-src *", "127.0.0.1.evil.example", "[", "192.0.2.1"]
)
async def test_a_foreign_host_is_refused(office: WebOffice, host: str, path: str) -> None:
    answer = await office.http.get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
    assert "script-src *" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:9999", "localhost", "LOCALHOST:80", "[::1]:8080"])
async def test_this_machines_names_are_known(office: WebOffice, host: str) -> None:
    assert (await office.http.get("/livez", headers={"Host": host})).status_code == 200


async def test_who_listens_everywhere_is_known_by_any_address_but_not_by_any_name(
    valkey_url: str, tmp_path: Path
) -> None:
    async with open_web_office(valkey_url, tmp_path, host="0.0.0.0") as office:
        assert (await office.http.get("/livez", headers={"Host": "192.0.2.1:8080"})).status_code == 200
        assert (await office.http.get("/livez", headers={"Host": "evil.example"})).status_code == 400


@pytest.mark.parametrize("announced", ["0" * 5000, "-1", "²", ""])
async def test_a_length_that_is_no_number_of_use_is_too_large(office: WebOffice, announced: str) -> None:
    headers = [(b"host", b"127.0.0.1"), (b"content-length", announced.encode())]
    request = office.http.build_request("POST", "/login", headers=headers)
    assert (await office.http.send(request)).status_code == 413


def test_the_public_name_is_known() -> None:
    settings = Settings(public_url="https://wartezone.example.de", allowed_origins=("https://other.example",))
    assert {"wartezone.example.de", "other.example", "localhost"} <= known_names(settings)


_DOCUMENTS = ["/static/web/css/app.css", "/api/v1/zones/hall"]
_ANSWERED_AS_PAGES = ["/login", "/livez", "/nowhere", "/api/v1/zones", "/static/web/js/stream.js", "/api/v1/zones/no"]


@pytest.mark.parametrize("path", [*_ANSWERED_AS_PAGES, *_DOCUMENTS])
async def test_every_answer_keeps_the_page_to_itself(office: WebOffice, path: str) -> None:
    headers = (await office.http.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert ("connect-src 'self' ws://127.0.0.1:8080;" in policy) is (path not in _DOCUMENTS)
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "cached"),
    [
        ("/api/v1/zones", "no-store"),
        ("/nowhere", "no-store"),
        ("/api/v1/zones/hall", STATE_CACHE),
        ("/static/web/css/app.css", "no-cache"),
    ],
)
async def test_nothing_is_kept_that_does_not_say_so(office: WebOffice, path: str, cached: str) -> None:
    assert (await office.http.get(path)).headers["Cache-Control"] == cached


@pytest.mark.parametrize(("sent", "kept"), [("trace-1234", True), ("short", False), ("with space!", False)])
async def test_a_request_has_an_id(office: WebOffice, sent: str, kept: bool) -> None:
    answer = await office.http.get("/livez", headers={"X-Request-ID": sent})
    assert (answer.headers["X-Request-ID"] == sent) is kept


@pytest.mark.parametrize("path", ["/api/v1/zones/hall?secret=tell-nobody", "/api/v1/zones/hall"])
async def test_the_log_names_the_route_but_no_query_and_no_link(
    office: WebOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG, "queue_core.web.request_log")
    monkeypatch.setattr(request_log, "log", structlog.get_logger())  # one that no other test has configured
    with capture_logs() as lines:
        await office.http.get(path, headers={"Authorization": "Bearer wz_tell-nobody"})
    [line] = lines
    assert line["route"] == "/api/v1/zones/{zone}"
    assert "tell-nobody" not in str(line)


async def test_the_figures_count_requests_by_route(office: WebOffice) -> None:
    await office.http.get("/api/v1/zones")
    text = (await office.http.get("/metrics")).text
    assert 'wartezone_http_requests_total{method="GET",route="/api/v1/zones",status="200"} 1.0' in text
    assert "wartezone_streams 0.0" in text


async def test_the_figures_are_not_for_strangers(office: WebOffice) -> None:
    far = httpx.ASGITransport(office.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=far, base_url="http://127.0.0.1:8080") as http:
        assert (await http.get("/metrics")).status_code == 401
    assert (await office.http.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})).status_code == 401


async def test_who_is_shutting_down_is_not_ready(office: WebOffice) -> None:
    assert (await office.http.get("/readyz")).status_code == 200
    office.app.state.draining = True
    answer = await office.http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["running"]) == (503, False)
    assert (await office.http.get("/livez")).status_code == 200


async def test_an_answer_that_comes_with_the_deadline_is_still_an_answer(valkey_url: str, tmp_path: Path) -> None:
    async def late(_request: Request) -> Response:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return PlainTextResponse("late", 418)

    face = Face("late", "queue_core.web", lambda _frame: [Route("/late", public(late))])
    async with open_web_office(valkey_url, tmp_path, faces=[face], store_deadline_s=0.1) as office:
        assert (await office.http.get("/late")).status_code == 418


async def test_who_takes_too_long_is_answered_for(valkey_url: str, tmp_path: Path) -> None:
    async def never(_request: Request) -> Response:
        await asyncio.Event().wait()
        return PlainTextResponse("never")

    face = Face("slow", "queue_core.web", lambda _frame: [Route("/slow", public(never))])
    async with open_web_office(valkey_url, tmp_path, faces=[face], store_deadline_s=0.1) as office:
        answer = await office.http.get("/slow")
        assert (answer.status_code, answer.json()["code"]) == (503, "store_away")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        page = await office.http.get("/slow", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")


async def test_a_body_that_does_not_arrive_in_time_is_its_senders_fault(valkey_url: str, tmp_path: Path) -> None:
    """The store was not even asked. Behind the answer the rest of the body must not be read as another request."""

    async def dawdling() -> AsyncIterator[bytes]:
        yield b'{"serv'
        await asyncio.Event().wait()

    async with open_web_office(valkey_url, tmp_path, store_deadline_s=0.1) as office:
        headers = {**await office.bearer(Role.DEVICE), "Idempotency-Key": "k", "Content-Type": "application/json"}
        answer = await office.http.post("/api/v1/zones/hall/tickets", content=dawdling(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (408, "body_too_slow")
        assert answer.headers["Connection"] == "close"


async def test_what_nobody_expected_is_answered_without_its_traceback(valkey_url: str, tmp_path: Path) -> None:
    async def broken(_request: Request) -> Response:
        raise ZeroDivisionError("tell-nobody")

    face = Face("broken", "queue_core.web", lambda _frame: [Route("/broken", public(broken))])
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as office:
        answer = await office.http.get("/broken")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "tell-nobody" not in answer.text
        assert answer.headers["X-Request-ID"]


async def test_who_hangs_up_before_all_is_said_gets_no_answer_and_no_line_in_the_log(office: WebOffice) -> None:
    headers = [(b"host", b"localhost"), (b"content-length", b"20"), (b"idempotency-key", b"k")]
    token = (await office.bearer(Role.DEVICE))["Authorization"].encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/zones/hall/tickets",
        "query_string": b"",
        "headers": [*headers, (b"authorization", token)],
    }

    async def hung_up() -> Message:
        return {"type": "http.disconnect"}

    async def unwanted(message: Message) -> None:
        raise AssertionError(message)

    with capture_logs() as lines:
        await office.app(scope, hung_up, unwanted)
    assert lines == []
