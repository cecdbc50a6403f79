from http import HTTPStatus

import pytest

from queue_core.domain.views.view import View
from queue_core.live.frames import Position
from queue_core.live.handshake import Refused, merged, parse, require_own_origin

PATH = "/api/v1/zones/hall/stream"
NONE: frozenset[str] = frozenset()


def test_a_request_names_zone_view_and_position() -> None:
    handshake, since = parse(f"{PATH}?view=desk&epoch=7&seq=3", {}, "192.0.2.1")
    assert (handshake.zone, handshake.view, since) == ("hall", View.DESK, Position(7, 3))
    assert (handshake.token, handshake.cookies, handshake.client_ip) == (None, {}, "192.0.2.1")


def test_the_public_view_is_what_is_meant_by_none() -> None:
    assert parse(PATH, {}, "")[0].view is View.PUBLIC


def test_a_zone_may_be_written_with_escapes() -> None:
    assert parse("/api/v1/zones/b%C3%BCro/stream", {}, "")[0].zone == "büro"


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", None), ("", None)],
)
def test_a_bearer_token_is_taken_from_the_header(header: str, token: str | None) -> None:
    assert parse(PATH, {"authorization": header}, "")[0].token == token


def test_cookies_are_read_and_broken_ones_ignored() -> None:
    assert parse(PATH, {"cookie": "wartezone=a; other=b"}, "")[0].cookies == {"wartezone": "a", "other": "b"}
    assert parse(PATH, {"cookie": 'theirs={"a": "b"}; broken; wartezone=a'}, "")[0].cookies["wartezone"] == "a"


@pytest.mark.parametrize(
    "target", ["/", "//[/stream", f"{PATH}/", "/api/v1/zones/a/b/stream", "/api/v2/zones/hall/stream"]
)
def test_other_paths_are_not_found(target: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(target, {}, "")
    assert refused.value.status is HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("query", ["view=own", "epoch=1", "epoch=1&seq=x", "epoch=-1&seq=1"])
def test_what_makes_no_sense_is_a_bad_request(query: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(f"{PATH}?{query}", {}, "")
    assert refused.value.status is HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://a.example", "host": "a.example"},
        {"origin": "http://A.example:8080", "host": "a.example:8080"},
        {"origin": "https://listed.example", "host": "a.example"},
    ],
)
def test_own_listed_and_absent_origins_may(headers: dict[str, str]) -> None:
    require_own_origin(headers, frozenset({"https://listed.example"}))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null", "host": "a.example"},
        {"origin": "https://b.example", "host": "a.example"},
        {"origin": "https://a.example:1", "host": "a.example"},
        {"origin": "chrome-extension://a.example", "host": "a.example"},
        {"origin": "https://a.example.evil.example", "host": "a.example"},
        {"origin": "https://", "host": ""},
        {"origin": "https://b.example"},
        {"origin": "http://[", "host": "a.example"},
        {"origin": "http://", "host": "a.example"},
    ],
)
def test_foreign_origins_may_not(headers: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        require_own_origin(headers, NONE)
    assert refused.value.status is HTTPStatus.FORBIDDEN


def test_a_header_in_several_lines_is_one_list() -> None:
    lines = [("X-Forwarded-For", "192.0.2.1"), ("Cookie", "a=b"), ("x-forwarded-for", "192.0.2.2"), ("cookie", "c=d")]
    assert merged(lines) == {"x-forwarded-for": "192.0.2.1, 192.0.2.2", "cookie": "a=b; c=d"}
