"""An edition is printed once for everybody, and anew when its matter or its time has changed."""

import json

import pytest
from starlette.requests import Request

from public_feed.documents import Feeds
from public_feed.press import Press, Terms

START_S = 1_795_356_780.25


class Wall:
    now_s = START_S

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def press(wall: Wall) -> Press:
    return Press(Terms(ttl_s=5, valid_s=90), wall)


def nothing() -> Feeds:
    return Feeds(feeds=[])


def asked(etag: str = "") -> Request:
    headers = [(b"if-none-match", etag.encode())] if etag else []
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


def test_the_envelope_says_how_long_it_may_be_kept_and_shown(press: Press) -> None:
    envelope = json.loads(press.edition("a", nothing).body)
    assert envelope == {
        "version": "1.0",
        "generated_at": "2026-11-22T14:13:00Z",
        "ttl_s": 5,
        "valid_until": "2026-11-22T14:14:30Z",
        "license": "https://www.govdata.de/dl-de/by-2-0",
        "data": {"feeds": []},
    }


def test_what_did_not_change_is_printed_once_as_long_as_it_may_be_kept(press: Press, wall: Wall) -> None:
    first = press.edition("a", nothing)
    wall.now_s += 4.9
    assert press.edition("a", nothing) is first
    wall.now_s += 0.1
    assert press.edition("a", nothing) is not first


def test_a_change_is_printed_at_once(press: Press) -> None:
    first = press.edition("a", nothing)
    assert press.edition("b", nothing) is not first


def test_an_answer_may_be_kept_as_long_as_the_edition_lasts(press: Press, wall: Wall) -> None:
    edition = press.edition("a", nothing)
    wall.now_s += 2
    answer = press.respond(asked(), edition)
    assert answer.headers["cache-control"] == "public, max-age=3"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_who_has_the_edition_is_told_so_without_it(press: Press) -> None:
    edition = press.edition("a", nothing)
    answer = press.respond(asked(edition.etag), edition)
    assert (answer.status_code, answer.body) == (304, b"")
    assert press.respond(asked('"another"'), edition).status_code == 200
