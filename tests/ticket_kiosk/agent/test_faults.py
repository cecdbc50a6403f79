"""What else goes wrong around an agent: answers that are not the server's, a full disk, a clock that was set anew."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from tests.support.eventually import eventually
from tests.support.full_disk import full_disk
from tests.ticket_kiosk.agent.rig import Rig

pytestmark = pytest.mark.slow

Answer = tuple[int, bytes, bytes]
HTML: Answer = (200, b"text/html", b"<html>Please sign in</html>")
FOREIGN: dict[str, Answer] = {
    "a sign-in page": HTML,
    "a proxy that knows no such host": (404, b"text/html", b"<html>nginx</html>"),
    "a redirect to a sign-in page": (302, b"text/html", b""),
    "half a document": (200, b"application/json", b'{"number": "A0'),
}


def answered(rig: Rig, answer: Answer, path: Callable[[str], bool] = lambda _: True) -> None:
    """Instead of the server; it hears nothing."""
    app, (status, kind, body) = rig.office.app, answer

    async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not path(scope["path"]):
            await app(scope, receive, send)
            return
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"location", b"/in")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    rig.wire.app = foreign


async def all_uploaded(rig: Rig) -> bool:
    return not rig.house.ledger.pending()


@pytest.mark.parametrize("answer", FOREIGN.values(), ids=FOREIGN)
async def test_who_answers_but_is_not_the_server_is_an_outage(rig: Rig, answer: Answer) -> None:
    answered(rig, answer)
    drawn = await rig.drawn("k1")
    assert (drawn["number"], drawn["emergency"]) == ("N001", True)
    assert (await rig.state())["server"] == "away"
    rig.wire.app = rig.office.app
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001"]


async def test_an_agent_starts_beside_somebody_who_is_not_the_server(rig: Rig) -> None:
    answered(rig, HTML)
    await rig.agent_dies()
    await rig.agent_comes()
    assert (await rig.drawn("k1"))["number"] == "N001"
    page = await rig.http.get("/kiosk/entrance")
    assert b"/static/" in page.content


async def test_a_page_that_is_not_the_kiosks_is_not_shown(rig: Rig) -> None:
    answered(rig, HTML, lambda path: path == "/kiosk/entrance")
    page = await rig.http.get("/kiosk/entrance")
    assert b"/static/" in page.content


async def test_what_is_no_sound_is_not_kept_as_one(rig: Rig) -> None:
    answered(rig, HTML, lambda path: path.startswith("/speech/"))
    url = "/speech/en.wav?text=Welcome"
    assert (await rig.http.get(url)).status_code == 503
    assert rig.house.copies.spoken(url) is None


async def test_an_upload_that_cannot_be_read_holds_up_nobody(rig: Rig) -> None:
    """The agent is of another release, and tells of something that this server does not know."""
    await rig.server_goes()
    for key in ("k1", "k2", "k3"):
        await rig.drawn(key)
    rig.house.ledger.draws["k2"].asked["body"]["colour"] = "red"
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001", "N003"]
    (refused,) = rig.house.ledger.rejected()
    assert (refused.key, refused.uploaded and refused.uploaded["state"]) == ("k2", "refused")


async def clock_went_back(rig: Rig, by_ms: int) -> None:
    """A computer without a battery for its clock, started anew in an outage: what it has heard lies ahead of it."""
    await rig.server_goes()
    await rig.agent_dies()
    kept = rig.folder / "agent" / "place.json"
    known = orjson.loads(kept.read_bytes())
    kept.write_bytes(orjson.dumps({**known, "heard_ms": known["heard_ms"] + by_ms}))
    await rig.agent_comes()


@pytest.mark.parametrize("by_ms", [3_600_000, 60 * 365 * 86_400_000], ids=["an hour", "since 1970"])
async def test_a_clock_that_cannot_be_right_gives_out_no_numbers(rig: Rig, by_ms: int) -> None:
    """Nobody knows whether it is still the day on which they may be given out: another day's are never called."""
    await clock_went_back(rig, by_ms)
    answer = await rig.draw("k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_numbers_left")
    assert (await rig.state())["emergency_left"] == 0


async def test_a_clock_that_was_set_back_a_little_gives_nobody_a_place_before_the_outage(rig: Rig) -> None:
    before = await rig.drawn("before")
    await eventually(lambda: rig.house.place and rig.house.place.told["now_ms"] > before["issued_ms"], within_s=20)
    await clock_went_back(rig, 30_000)
    given = [(await rig.drawn(f"k{n}"))["number"] for n in range(3)]
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == [before["number"], *given]


async def test_a_clock_that_goes_back_during_an_outage_does_not_hide_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: clock() - (3_600_000_000_000 if rig.wire.lost else 0))
    rig.wire.loses = lambda _: True
    async with asyncio.timeout(20):
        assert (await rig.draw("k1")).json()["code"] == "no_numbers_left"
    assert (await rig.state())["server"] == "away"


async def test_a_full_disk_draws_nothing_and_says_so(rig: Rig) -> None:
    await rig.server_goes()
    with full_disk(journal(rig).stat().st_size + 10):
        answer = await rig.draw("k1")
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert (await rig.drawn("k1"))["number"] == "N001"
    assert (await rig.drawn("k2"))["number"] == "N002"
    await rig.server_comes()
    await eventually(lambda: all_uploaded(rig), within_s=20)
    assert await rig.numbers() == ["N001", "N002"]


async def test_a_disk_that_fills_up_during_a_draw_leaves_the_number_on_the_screen(rig: Rig) -> None:
    """What is asked is still noted; neither the answer nor the paper is."""
    asked = len(b'{"crc":4294967295,"step":{"kind":"asked","of":"k1","asked":{"path":"","language":"en"}}}') + 100
    with full_disk(journal(rig).stat().st_size + asked):
        drawn = await rig.drawn("k1")
        assert (drawn["number"], drawn["paper"]) == ("A001", None)
    again = await rig.drawn("k1")
    assert again["number"] == "A001"
    assert (await rig.paper(again["paper"]["job"]))["state"] == "printed"
    assert await rig.numbers() == ["A001"]
    assert len(rig.printer.tickets) == 1


async def test_a_verdict_that_finds_no_room_is_told_all_the_same(rig: Rig) -> None:
    papers: Any = rig.house.papers
    paper = papers.begin("k1", [])
    with full_disk(journal(rig).stat().st_size):
        assert (await rig.paper(paper.job))["state"] == "printed"
    await rig.agent_dies()
    await rig.agent_comes()
    assert (await rig.paper(paper.job, "printed"))["state"] == "unknown"


def journal(rig: Rig) -> Path:
    return rig.folder / "agent" / "journal.jsonl"
