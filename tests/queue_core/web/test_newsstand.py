"""What lies ready is answered before anything else, as the application would have answered it."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.principal import Role
from queue_core.web.edition import Edition, Printed, Printer, tag_of
from queue_core.web.face import Face, Frame
from queue_core.web.operation import Operation
from queue_core.web.problems import not_found
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office
from tests.support.web_server import free_listener, serving

STATE = "/api/v1/zones/hall"
_OF_TRANSPORT = {"content-length", "content-type", "date"}
_OF_ONE_REQUEST = {"x-request-id"}


def kept(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in _OF_TRANSPORT | _OF_ONE_REQUEST}


async def test_it_answers_as_the_application_does(office: WebOffice) -> None:
    """A query that nobody knows goes past the newsstand."""
    ready, routed = await office.http.get(STATE), await office.http.get(f"{STATE}?nobody=knows")
    assert ready.content == routed.content
    assert kept(ready) == kept(routed)
    assert ready.headers["Content-Type"] == routed.headers["Content-Type"]
    assert ("X-Request-ID" in ready.headers, "X-Request-ID" in routed.headers) == (False, True)


@pytest.mark.parametrize("query", ["", "?nobody=knows"])
@pytest.mark.parametrize(
    ("known", "status"), [("{}", 304), ("W/{}", 304), ('"a", W/{} , "b"', 304), ("*", 304), ('"a"', 200), ("", 200)]
)
async def test_who_has_the_edition_is_told_so_without_it(
    office: WebOffice, known: str, status: int, query: str
) -> None:
    whole = await office.http.get(STATE + query)
    again = await office.http.get(STATE + query, headers={"If-None-Match": known.format(whole.headers["ETag"])})
    assert again.status_code == status
    assert again.content == (b"" if status == 304 else whole.content)
    assert kept(again).items() <= kept(whole).items()
    assert {"etag", "cache-control"} <= set(again.headers)


async def test_its_head_is_that_of_the_document(office: WebOffice) -> None:
    whole, head = await office.http.get(STATE), await office.http.head(STATE)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


async def test_it_is_everybodys_and_remembers_nobody(office: WebOffice) -> None:
    await office.account()
    await office.log_in()
    answer = await office.http.get(STATE, headers=await office.bearer(Role.ADMIN))
    assert answer.content == (await office.http.get(STATE)).content
    assert not {"Set-Cookie", "Vary", "Last-Modified"} & set(answer.headers)


@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("DELETE", 405), ("OPTIONS", 405)])
async def test_other_methods_are_told_the_right_one(office: WebOffice, method: str, status: int) -> None:
    answer = await office.http.request(method, STATE)
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (status, {"GET", "HEAD"})


async def test_a_body_that_is_too_large_is_refused_here_too(office: WebOffice) -> None:
    assert (await office.http.request("GET", STATE, content=b"x" * 70_000)).status_code == 413


async def test_its_answers_are_counted_with_the_others(office: WebOffice) -> None:
    etag = (await office.http.get(STATE)).headers["ETag"]
    await office.http.get(f"{STATE}?past=it")
    await office.http.get(STATE, headers={"If-None-Match": etag})
    figures = (await office.http.get("/metrics")).text
    route = 'method="GET",route="/api/v1/zones/{zone}"'
    assert f'wartezone_http_requests_total{{{route},status="200"}} 2.0' in figures
    assert f'wartezone_http_requests_total{{{route},status="304"}} 1.0' in figures


async def test_what_changes_is_printed_anew(office: WebOffice) -> None:
    before = await office.http.get(STATE)
    assert (await office.http.get(STATE)).headers["ETag"] == before.headers["ETag"]
    await office.command("counters/1/open")

    async def renewed() -> bool:
        answer = await office.http.get(STATE)
        return answer.headers["ETag"] != before.headers["ETag"] and answer.json()["seq"] > before.json()["seq"]

    await eventually(renewed)


async def test_servers_that_know_the_same_answer_the_same_bytes(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path) as one, open_web_office(valkey_url, tmp_path) as other:
        await one.draw()
        await other.command("counters/1/open")

        async def alike() -> bool:
            first, second = await one.http.get(STATE), await other.http.get(STATE)
            is_new = bool(first.json()["totals"]["waiting"])
            return is_new and first.content == second.content and first.headers["ETag"] == second.headers["ETag"]

        await eventually(alike)


async def test_a_face_declares_its_documents_once(valkey_url: str, tmp_path: Path) -> None:
    opened: list[str] = []

    def greeting(_frame: Frame, name: str) -> Printer:
        opened.append(name)
        if name == "nobody":
            raise not_found()
        body = f"hello {name}".encode()
        edition = Edition(body, tag_of(body), "public, max-age=1", "text/plain")
        return lambda: edition

    operation = Operation("GET", "/greet/{name}.txt", Printed(greeting), "Greets", None)
    face = Face("greeter", "queue_core.web", lambda _frame: [], (operation,))
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as office:
        assert [(await office.http.get(f"/greet/{n}.txt")).text for n in ("Anna", "Anna", "Ben")] == [
            "hello Anna",
            "hello Anna",
            "hello Ben",
        ]
        unknown = await office.http.get("/greet/nobody.txt")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
        assert (await office.http.get("/greet/a/b.txt")).status_code == 404
        assert opened[:2] == ["Anna", "Ben"]


def test_what_is_printed_is_for_everybody() -> None:
    def nothing(_frame: Frame) -> Printer:
        raise not_found()

    changed: list[dict[str, Any]] = [{"method": "POST"}, {"roles": frozenset({Role.ADMIN})}]
    for change in changed:
        plain = {"method": "GET", "path": "/x", "handle": Printed(nothing), "summary": "", "roles": None}
        with pytest.raises(ValueError, match="by anyone"):
            Operation(**{**plain, **change})


async def test_a_real_server_sends_it_whole_again_and_again_on_one_connection(office: WebOffice) -> None:
    listener = free_listener()
    port = listener.getsockname()[1]
    asked = f"GET {STATE} HTTP/1.1\r\nHost: localhost\r\n"
    async with serving(office.app, listener):
        body = (await office.http.get(STATE)).content
        etag = tag_of(body)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{asked}\r\n{asked}If-None-Match: {etag}\r\n\r\nHEAD{asked[3:]}\r\n{asked}\r\n".encode())
        for status, length in ((200, len(body)), (304, 0), (200, 0), (200, len(body))):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            assert f"HTTP/1.1 {status}" in head
            assert f"etag: {etag}" in head
            assert (f"content-length: {len(body)}" in head) is (status == 200)
            assert await reader.readexactly(length) == body[:length]
        writer.close()
